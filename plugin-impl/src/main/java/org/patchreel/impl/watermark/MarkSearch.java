package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.watermark.CarrierReading.Orientation;
import org.patchreel.impl.watermark.GeometrySearch.Candidate;

/**
 * Looks for a mark in the spectra of one picture or stretch of time, from the likely geometries to the unlikely ones, and
 * stops at the first that can be read. Used by one thread.
 */
final class MarkSearch {
    /** Below it a shift is noise: nothing is decoded. */
    private static final double LEAST_SYNC = 4.9;

    private final List<WatermarkKey> keys;
    private final CarrierReader reader = new CarrierReader();
    private final Synchronizer synchronizer = new Synchronizer();
    int attempts;
    double bestSync;
    double bestCorrelation;

    /**
     * A mark that was read.
     *
     * @param id what it says
     * @param epoch index of the key
     * @param lattice the geometry without the orientation
     * @param orientation the orientation
     * @param shift of the tile
     * @param correlation ρ
     * @param stage what was searched
     */
    record Found(
            MarkId id,
            int epoch,
            Geometry lattice,
            Orientation orientation,
            Synchronizer.Shift shift,
            double correlation,
            String stage) {

        Geometry geometry() {
            return lattice.after(orientation.geometry());
        }
    }

    MarkSearch(List<WatermarkKey> keys) {
        this.keys = keys;
    }

    @Nullable
    Found search(List<Spectrum> spectra, double nativeScale) {
        Found found = attempt(spectra, Geometry.IDENTITY, "identity", Orientation.ALL, true);
        if (found == null && nativeScale > 1) {
            found = attempt(spectra, Geometry.of(nativeScale, nativeScale, 0), "native", Orientation.ALL, true);
        }
        List<Candidate> tried = new ArrayList<>();
        if (found == null) {
            found = attemptAll(spectra, "scale", 8, tried);
        }
        if (found == null) {
            found = attemptAll(spectra, "aspect", 8, tried);
        }
        if (found == null) {
            found = attemptAll(spectra, "rotation", 8, tried);
        }
        return found;
    }

    private @Nullable Found attemptAll(List<Spectrum> spectra, String stage, int count, List<Candidate> tried) {
        List<Candidate> candidates = new ArrayList<>();
        for (Spectrum spectrum : spectra) {
            List<Candidate> coarse = switch (stage) {
                case "scale" -> GeometrySearch.scales(spectrum, count);
                case "aspect" -> GeometrySearch.aspects(spectrum, count);
                default -> GeometrySearch.rotations(spectrum, count);
            };
            for (Candidate candidate : coarse) {
                candidates.add(GeometrySearch.refine(spectrum, candidate.geometry()));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        for (Candidate candidate : candidates) {
            if (tried.stream().noneMatch(other -> same(other.geometry(), candidate.geometry()))) {
                tried.add(candidate);
                Found found = attempt(spectra, candidate.geometry(), stage, Orientation.ALL, false);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean same(Geometry a, Geometry b) {
        double size = 0.001 * Math.sqrt(Math.abs(a.determinant()));
        return Math.abs(a.xx() - b.xx()) < size
                && Math.abs(a.xy() - b.xy()) < size
                && Math.abs(a.yx() - b.yx()) < size
                && Math.abs(a.yy() - b.yy()) < size;
    }

    private @Nullable Found attempt(
            List<Spectrum> spectra, Geometry geometry, String stage, List<Orientation> orientations, boolean always) {
        List<CarrierReading> readings = new ArrayList<>();
        for (Spectrum spectrum : spectra) {
            readings.add(reader.read(spectrum, geometry));
        }
        CarrierReading combined = CarrierReading.combine(readings);
        float[] weights = combined.gains();
        for (Orientation orientation : orientations) {
            CarrierReading oriented = combined.oriented(orientation);
            for (int epoch = 0; epoch < keys.size(); epoch++) {
                WatermarkKey key = keys.get(epoch);
                Synchronizer.Shift shift = synchronizer.find(oriented, key, weights);
                bestSync = Math.max(bestSync, shift.statistic());
                if (shift.statistic() >= LEAST_SYNC || (always && orientation.equals(Orientation.ALL.get(0)))) {
                    attempts++;
                    PayloadDecoder.Word word = PayloadDecoder.decode(oriented, key, shift, weights);
                    bestCorrelation = Math.max(bestCorrelation, word.correlation());
                    if (word.authenticated()) {
                        return new Found(word.id(), epoch, geometry, orientation, shift, word.correlation(), stage);
                    }
                }
            }
        }
        return null;
    }
}
