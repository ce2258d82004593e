package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.watermark.CarrierReading.Orientation;
import org.patchreel.impl.watermark.ClipResiduals.Part;
import org.patchreel.impl.watermark.MarkSearch.Found;

/**
 * Asks whether one of a few marks is there. All carriers of a known mark are known, so none has to be decoded: the height of
 * the peak of their correlation tells. That sees marks that are too weak to be read. Used by one thread.
 */
final class KnownMarkSearch {
    /** No more correlations than this are computed for a file. */
    static final int MAX_TRIALS = 1 << 13;

    /**
     * The least t that is a mark. One correlation of unmarked pictures has such a peak among its {@link
     * Synchronizer#SHIFTS} with a chance of at most SHIFTS · exp(−t²/2) = 1.2·10⁻¹⁴, all of a file with 9.6·10⁻¹¹.
     */
    static final double MIN_STATISTIC = 9.8;

    /**
     * The least ρ of the payload alone: another mark of the same key has the same carriers of known sign, and they alone do
     * not tell it from this one.
     */
    static final double MIN_CORRELATION = 8;

    /** No more marks than this are asked for where they were put. */
    static final int MAX_IN_PLACE = 128;

    /**
     * The least t that is a mark where it was put: there are only {@link Synchronizer#PLACES} shifts, so it is reached with a
     * chance of at most MAX_IN_PLACE · PLACES · exp(−t²/2) = 1.3·10⁻¹⁰ in a file.
     */
    static final double MIN_IN_PLACE = 8;

    /** The least ρ of the payload alone there, for the same reason as {@link #MIN_CORRELATION}. */
    private static final double MIN_CORRELATION_IN_PLACE = 7;

    /** From it on it is worth looking for a better geometry near by. */
    private static final double PROMISING = 6;

    private static final int MAX_CLIMBS = 8;

    /** Strong marks are read: those that are asked for are weak. */
    private static final float[] WEIGHTS = Carriers.WEAK_GAINS;

    private final List<Word> words = new ArrayList<>();
    private final PartReader reader;
    private final Synchronizer synchronizer = new Synchronizer();
    private int climbs;
    private int inPlace;
    int trials;
    double bestStatistic;

    /** What an ID is in the carriers of a key. */
    private record Word(MarkId id, int epoch, WatermarkKey key, KnownCarriers carriers) {}

    /** A word at a place. */
    private record Trial(Word word, Orientation orientation, Synchronizer.Shift shift, double correlation) {
        boolean isMark() {
            return shift.statistic() >= MIN_STATISTIC && correlation >= MIN_CORRELATION;
        }
    }

    /**
     * Prepares a search.
     *
     * @param keys of all epochs
     * @param ids that may be there
     */
    KnownMarkSearch(List<WatermarkKey> keys, Collection<MarkId> ids, PartReader reader) {
        this.reader = reader;
        for (MarkId id : ids) {
            for (int epoch = 0; epoch < keys.size(); epoch++) {
                words.add(new Word(id, epoch, keys.get(epoch), keys.get(epoch).carriers(id)));
            }
        }
    }

    /** {@return whether there is anything to ask for} */
    boolean isAsked() {
        return !words.isEmpty();
    }

    /**
     * Asks for the marks where they were put: the picture is upright, was at most scaled, and nothing was cut off above or on
     * the left.
     */
    @Nullable
    Found inPlace(Part part, Geometry scaled, String stage) {
        CarrierReading reading = reader.read(part, scaled);
        // pixels lie at their centres: that of the first one moves when the picture is scaled
        double x = 0.5 - 0.5 / scaled.xx();
        double y = 0.5 - 0.5 / scaled.yy();
        for (Word word : words) {
            if (inPlace == MAX_IN_PLACE) {
                return null;
            }
            inPlace++;
            Synchronizer.Shift shift = synchronizer.near(x, y, reading, word.key, word.carriers, WEIGHTS);
            double correlation = PayloadDecoder.correlation(reading, word.key, shift, WEIGHTS, word.id);
            if (shift.statistic() >= MIN_IN_PLACE && correlation >= MIN_CORRELATION_IN_PLACE) {
                return new Found(word.id, word.epoch, scaled, Orientation.ALL.get(0), shift, correlation, stage, part);
            }
        }
        return null;
    }

    /** Tries one geometry in all orientations, then those near by if there seems to be something. */
    @Nullable
    Found at(Part part, Geometry geometry, String stage) {
        CarrierReading reading = reader.read(part, geometry);
        Trial best = null;
        for (Orientation orientation : Orientation.ALL) {
            for (Word word : words) {
                Trial trial = trial(reading, word, orientation);
                if (trial != null && (best == null || trial.shift.statistic() > best.shift.statistic())) {
                    best = trial;
                }
            }
        }
        if (best == null) {
            return null;
        }
        Geometry place = geometry;
        if (best.shift.statistic() >= PROMISING && climbs < MAX_CLIMBS) {
            climbs++;
            for (double step : new double[] {0.004, 0.002, 0.001}) {
                boolean moved = true;
                for (int round = 0; moved && round < 3; round++) {
                    moved = false;
                    for (Geometry neighbour : GeometrySearch.neighbours(place, step)) {
                        Trial trial = trial(reader.read(part, neighbour), best.word, best.orientation);
                        if (trial != null && trial.shift.statistic() > best.shift.statistic()) {
                            best = trial;
                            place = neighbour;
                            moved = true;
                        }
                    }
                }
            }
        }
        return best.isMark()
                ? new Found(
                        best.word.id,
                        best.word.epoch,
                        place,
                        best.orientation,
                        best.shift,
                        best.correlation,
                        stage,
                        part)
                : null;
    }

    private @Nullable Trial trial(CarrierReading reading, Word word, Orientation orientation) {
        if (trials == MAX_TRIALS) {
            return null;
        }
        trials++;
        CarrierReading oriented = reading.oriented(orientation);
        Synchronizer.Shift shift = synchronizer.find(oriented, word.key, word.carriers, WEIGHTS);
        bestStatistic = Math.max(bestStatistic, shift.statistic());
        return new Trial(
                word, orientation, shift, PayloadDecoder.correlation(oriented, word.key, shift, WEIGHTS, word.id));
    }
}
