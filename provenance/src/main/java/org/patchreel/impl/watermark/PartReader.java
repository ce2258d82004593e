package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.List;

/** Reads the carriers of the same place in all spectra of a part as one. Used by one thread. */
final class PartReader {
    private final CarrierReader reader = new CarrierReader();

    /** {@return the readings combined, each carrier weighted by how well it came through} */
    CarrierReading read(ClipResiduals.Part part, Geometry geometry) {
        return CarrierReading.combine(readEach(part, geometry));
    }

    /** {@return a reading of each spectrum} */
    List<CarrierReading> readEach(ClipResiduals.Part part, Geometry geometry) {
        List<CarrierReading> readings = new ArrayList<>();
        for (Spectrum spectrum : part.spectra()) {
            readings.add(reader.read(spectrum, geometry));
        }
        return readings;
    }
}
