package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tries many keys on one file, to measure false positives: the spectrum is computed once, a key then takes about a
 * millisecond. A trial is what the detector does for one key at one geometry, the identity, but that it decodes whatever
 * the statistic is. Used by one thread.
 */
public final class KeyTrial {
    /** From which t on a mark that was asked for is seen. */
    public static final double LEAST_KNOWN_STATISTIC = KnownMarkSearch.LEAST_STATISTIC;

    /** Any one: with another key it is another mark. */
    private static final MarkId ASKED_FOR = new MarkId(0x0123456789abcdefL);

    private final CarrierReading reading;
    private final float[] weights;
    private final Synchronizer synchronizer = new Synchronizer();

    private KeyTrial(CarrierReading reading) {
        this.reading = reading;
        weights = reading.gains();
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
     * Synchronises and decodes once.
     *
     * @param key a key
     * @return what the detector would see
     */
    public Outcome run(WatermarkKey key) {
        Synchronizer.Shift shift = synchronizer.find(reading, key, weights);
        PayloadDecoder.Word word = PayloadDecoder.decode(reading, key, shift, weights);
        double known = synchronizer
                .find(reading, key, key.carriers(ASKED_FOR), weights)
                .statistic();
        return new Outcome(shift.statistic(), word.correlation(), word.authenticated(), known);
    }

    /**
     * The outcome of one attempt to decode.
     *
     * @param syncStatistic t
     * @param correlation ρ of the word read
     * @param authenticated whether its message authentication code is right
     * @param knownStatistic t of all carriers, for an ID that is asked for
     */
    public record Outcome(double syncStatistic, double correlation, boolean authenticated, double knownStatistic) {}
}
