package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tries many keys on one file, to measure false positives: the spectrum is computed once, a key then takes about a
 * millisecond. A trial is what the detector does for one key at one geometry, the identity. Used by one thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class KeyTrial {
    private KeyTrial() {}

    /**
     * Computes the spectrum.
     *
     * @param file a video or a picture
     * @return the trial
     * @throws IOException if the file cannot be decoded
     */
    public static KeyTrial open(Path file) throws IOException {
        throw new UnsupportedOperationException(file.toString());
    }

    /**
     * Synchronises and decodes once.
     *
     * @param key a key
     * @return what the detector would see
     */
    public Outcome run(WatermarkKey key) {
        throw new UnsupportedOperationException("trial");
    }

    /**
     * The outcome of one attempt to decode.
     *
     * @param syncStatistic t
     * @param correlation ρ of the word read
     * @param authenticated whether its message authentication code is right
     */
    public record Outcome(double syncStatistic, double correlation, boolean authenticated) {}
}
