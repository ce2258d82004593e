package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.watermark.CarrierReading.Orientation;
import org.patchreel.impl.watermark.ClipResiduals.Part;
import org.patchreel.impl.watermark.GeometrySearch.Candidate;

/**
 * Tries geometries on spectra until a mark can be read, and counts the attempts: no more than {@value #MAX_ATTEMPTS} words
 * are decoded for a file, which bounds the chance of reading one where there is none. Used by one thread.
 */
final class MarkSearch {
    /** With 40 bits of authentication a file without a mark seems to have one with a chance of 7.3·10⁻¹⁰ at most. */
    static final int MAX_ATTEMPTS = 800;

    /** Below it a shift is noise: nothing is decoded. */
    private static final double MIN_SYNC = 5.0;

    /** From it on there is a mark, and it is worth looking for a better geometry near by. */
    private static final double PROMISING_SYNC = 5.4;

    private static final int MAX_CLIMBS = 8;

    private final List<WatermarkKey> keys;
    private final int remembered;
    final PartReader reader = new PartReader();
    private final Synchronizer synchronizer = new Synchronizer();
    private int climbs;
    int attempts;
    double bestSync;
    double bestCorrelation;
    private final List<Tried> tried = new ArrayList<>();

    /** A geometry that was tried, and the largest t there. */
    record Tried(Part part, Geometry geometry, double statistic) {}

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
     * @param part of the file
     */
    record Found(
            MarkId id,
            int epoch,
            Geometry lattice,
            Orientation orientation,
            Synchronizer.Shift shift,
            double correlation,
            String stage,
            Part part) {

        Geometry geometry() {
            return lattice.after(orientation.geometry());
        }
    }

    /**
     * Prepares a search.
     *
     * @param keys of all epochs
     * @param remembered geometries of which {@link #tried} will tell; the spectra of their parts are kept
     */
    MarkSearch(List<WatermarkKey> keys, int remembered) {
        this.keys = keys;
        this.remembered = remembered;
    }

    /** Tries one geometry in all orientations. */
    @Nullable
    Found at(Part part, Geometry geometry, String stage) {
        return attempt(part, geometry, stage, true);
    }

    /** Tries the geometries of a family whose lattices stand out. */
    @Nullable
    Found among(Part part, GeometrySearch.Family family, int count, String stage) {
        List<Candidate> candidates = new ArrayList<>();
        for (Spectrum spectrum : part.spectra()) {
            for (Candidate within : GeometrySearch.best(spectrum, family, count)) {
                candidates.add(within);
                candidates.add(GeometrySearch.refine(spectrum, within.geometry()));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        List<Geometry> tried = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (tried.stream().noneMatch(other -> other.isNear(candidate.geometry(), 0.001))) {
                tried.add(candidate.geometry());
                Found found = attempt(part, candidate.geometry(), stage, false);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** {@return ρ of a mark that was found elsewhere, at the same place in these spectra} */
    double correlation(Part part, Found found) {
        CarrierReading reading = reader.read(part, found.lattice()).oriented(found.orientation());
        return PayloadDecoder.correlation(reading, keys.get(found.epoch()), found.shift(), reading.gains(), found.id());
    }

    private @Nullable Found attempt(Part part, Geometry geometry, String stage, boolean likely) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the search for a mark was interrupted");
        }
        List<CarrierReading> readings = reader.readEach(part, geometry);
        CarrierReading combined = CarrierReading.combine(readings);
        List<float[]> weightings = combined.weightings();
        double highest = 0;
        for (Orientation orientation : Orientation.ALL) {
            CarrierReading oriented = combined.oriented(orientation);
            boolean upright = likely && orientation.equals(Orientation.ALL.get(0));
            for (int epoch = 0; epoch < keys.size(); epoch++) {
                double statistic = 0;
                for (float[] weights : weightings) {
                    Synchronizer.Shift shift = synchronizer.find(oriented, keys.get(epoch), weights);
                    statistic = Math.max(statistic, shift.statistic());
                    if (shift.statistic() >= MIN_SYNC || upright) {
                        Found found = decode(part, oriented, epoch, shift, weights, geometry, orientation, stage);
                        if (found != null) {
                            return found;
                        }
                    }
                }
                bestSync = Math.max(bestSync, statistic);
                highest = Math.max(highest, statistic);
                if (statistic >= PROMISING_SYNC && climbs < MAX_CLIMBS) {
                    climbs++;
                    Found found = climb(part, oriented, geometry, epoch, orientation, stage);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        if (likely && readings.size() > 1) {
            Found found = allFrames(part, readings.get(0), geometry, stage);
            if (found != null) {
                return found;
            }
        }
        tried.add(new Tried(part, geometry, highest));
        tried.sort(Comparator.comparingDouble(Tried::statistic).reversed());
        if (tried.size() > remembered) {
            tried.remove(remembered);
        }
        return null;
    }

    /**
     * Tries all frames without the intra frames, upright: where a picture stands still or the mark is weak in the intra
     * frames, combining them adds little but noise.
     */
    private @Nullable Found allFrames(Part part, CarrierReading reading, Geometry geometry, String stage) {
        float[] weights = reading.cautiousGains();
        for (int epoch = 0; epoch < keys.size(); epoch++) {
            Synchronizer.Shift shift = synchronizer.find(reading, keys.get(epoch), weights);
            bestSync = Math.max(bestSync, shift.statistic());
            if (shift.statistic() >= MIN_SYNC) {
                Found found = decode(part, reading, epoch, shift, weights, geometry, Orientation.ALL.get(0), stage);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** {@return the geometries at which nothing could be read, those with the largest t first} */
    List<Tried> tried() {
        return List.copyOf(tried);
    }

    private @Nullable Found decode(
            Part part,
            CarrierReading oriented,
            int epoch,
            Synchronizer.Shift shift,
            float[] weights,
            Geometry geometry,
            Orientation orientation,
            String stage) {
        if (attempts == MAX_ATTEMPTS) {
            return null;
        }
        attempts++;
        PayloadDecoder.Word word = PayloadDecoder.decode(oriented, keys.get(epoch), shift, weights);
        bestCorrelation = Math.max(bestCorrelation, word.correlation());
        return word.authenticated()
                ? new Found(word.id(), epoch, geometry, orientation, shift, word.correlation(), stage, part)
                : null;
    }

    /** Climbs to the geometry near by at which the carriers of known sign agree best. */
    private @Nullable Found climb(
            Part part, CarrierReading first, Geometry start, int epoch, Orientation orientation, String stage) {
        CarrierReading reading = first;
        Geometry best = start;
        double height = agreement(first, epoch);
        for (double step : new double[] {0.002, 0.001}) {
            boolean moved = true;
            for (int round = 0; moved && round < 2; round++) {
                moved = false;
                for (Geometry neighbour : GeometrySearch.neighbours(best, step)) {
                    CarrierReading there = reader.read(part, neighbour).oriented(orientation);
                    double candidate = agreement(there, epoch);
                    if (candidate > height) {
                        height = candidate;
                        best = neighbour;
                        reading = there;
                        moved = true;
                    }
                }
            }
        }
        if (best.equals(start)) {
            return null;
        }
        bestSync = Math.max(bestSync, height);
        for (float[] weights : reading.weightings()) {
            Synchronizer.Shift shift = synchronizer.find(reading, keys.get(epoch), weights);
            Found found = decode(part, reading, epoch, shift, weights, best, orientation, stage + "+");
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private double agreement(CarrierReading reading, int epoch) {
        return synchronizer.find(reading, keys.get(epoch), Carriers.WEAK_GAINS).statistic();
    }
}
