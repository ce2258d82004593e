package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Tries many keys on one file, to measure false positives: the spectrum is computed once, a key then takes about a
 * few milliseconds. A trial is what the detector does for one key at one geometry, the identity, but that it decodes whatever
 * the statistic is. Used by one thread.
 */
public final class KeyTrial {
    /** From which t on a mark that was asked for is seen. */
    public static final double MIN_KNOWN_STATISTIC = KnownMarkSearch.MIN_STATISTIC;

    /** Any one: with another key it is another mark. */
    private static final MarkId ASKED_FOR = new MarkId(0x0123456789abcdefL);

    private final CarrierReading reading;
    private final List<float[]> weightings;
    private final Synchronizer synchronizer = new Synchronizer();

    private KeyTrial(CarrierReading reading) {
        this.reading = reading;
        weightings = reading.weightings();
    }

    /**
     * Computes the spectrum.
     *
     * @param file a video or a picture
     * @return the trial
     * @throws IOException if the file cannot be decoded
     */
    public static KeyTrial open(Path file) throws IOException {
        ClipResiduals clip = ClipResiduals.read(file);
        ClipResiduals.Stretch sum = ClipResiduals.Stretch.sum(clip.stretches);
        return new KeyTrial(new PartReader().read(clip.part(sum, 0, clip.picture), Geometry.IDENTITY));
    }

    /**
     * Synchronises and decodes, with both weightings.
     *
     * @param key a key
     * @return what the detector would see
     */
    public Outcome run(WatermarkKey key) {
        double statistic = 0;
        double correlation = 0;
        boolean authenticated = false;
        for (float[] weights : weightings) {
            Synchronizer.Shift shift = synchronizer.find(reading, key, weights);
            PayloadDecoder.Word word = PayloadDecoder.decode(reading, key, shift, weights);
            statistic = Math.max(statistic, shift.statistic());
            correlation = Math.max(correlation, word.correlation());
            authenticated |= word.authenticated();
        }
        double known = synchronizer
                .find(reading, key, key.carriers(ASKED_FOR), Carriers.WEAK_GAINS)
                .statistic();
        return new Outcome(statistic, correlation, authenticated, known);
    }

    /**
     * The outcome of the attempts to decode with one key.
     *
     * @param syncStatistic the larger t
     * @param correlation the larger ρ of the words read
     * @param authenticated whether a message authentication code is right
     * @param knownStatistic t of all carriers, for an ID that is asked for
     */
    public record Outcome(double syncStatistic, double correlation, boolean authenticated, double knownStatistic) {}
}
