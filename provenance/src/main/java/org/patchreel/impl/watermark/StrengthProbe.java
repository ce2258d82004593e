package org.patchreel.impl.watermark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.TrialCodec;

/**
 * Measures how well a mark of some strength would be read after a hard encoding. The geometry, the shift and the ID are
 * known, so it takes no search. Used by one thread.
 */
final class StrengthProbe {
    private static final int MAX_FRAMES = 8;
    private static final int MIN_SIDE = 32;

    private final WatermarkKey key;
    private final MarkId id;
    private final FrameSize grid;
    private final FrameSize coded;
    private final Residual residual;
    private final CarrierReader reader = new CarrierReader();

    StrengthProbe(WatermarkKey key, MarkId id, FrameSize grid) {
        this.key = key;
        this.id = id;
        this.grid = grid;
        coded = new FrameSize(grid.width() / 2 * 2, grid.height() / 2 * 2);
        residual = new Residual(coded.width(), coded.height());
    }

    /**
     * Encodes the marked frames and reads them.
     *
     * @param frames of one window, in order
     * @param strength α
     * @param quantiser of H.264
     * @return ρ; 0 for frames too small for a codec
     */
    double correlation(List<FrameMarker.Prepared> frames, double strength, int quantiser) throws IOException {
        if (Math.min(coded.width(), coded.height()) < MIN_SIDE) {
            return 0;
        }
        List<byte[]> marked = new ArrayList<>();
        for (FrameMarker.Prepared frame : frames.subList(0, Math.min(MAX_FRAMES, frames.size()))) {
            marked.add(marked(frame, (float) Math.min(strength, frame.limit)));
        }
        List<byte[]> decoded = TrialCodec.recode(coded, marked, quantiser);
        float[] all = new float[coded.width() * coded.height()];
        residual.addTo(decoded.get(0), all);
        float[] intra = all.clone();
        for (byte[] frame : decoded.subList(1, decoded.size())) {
            residual.addTo(frame, all);
        }
        List<CarrierReading> readings = new ArrayList<>();
        readings.add(reader.read(new Spectrum(all, coded.width(), coded.height()), Geometry.IDENTITY));
        if (decoded.size() > 1) {
            readings.add(reader.read(new Spectrum(intra, coded.width(), coded.height()), Geometry.IDENTITY));
        }
        CarrierReading reading = CarrierReading.combine(readings);
        return PayloadDecoder.correlation(reading, key, new Synchronizer.Shift(0, 0, 0, 1), reading.gains(), id);
    }

    private byte[] marked(FrameMarker.Prepared frame, float strength) {
        byte[] pixels = new byte[coded.width() * coded.height()];
        for (int y = 0; y < coded.height(); y++) {
            for (int x = 0; x < coded.width(); x++) {
                int at = y * grid.width() + x;
                float value = frame.luma[at] + strength * frame.mark[at];
                pixels[y * coded.width() + x] = (byte) Math.max(0, Math.min(255, (int) (value + 0.5f)));
            }
        }
        return pixels;
    }
}
