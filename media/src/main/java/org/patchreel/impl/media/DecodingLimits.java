package org.patchreel.impl.media;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

/**
 * What decoding a file may cost.
 *
 * @param decodedPixels of all frames together
 * @param scaledPixels of all frames together that are scaled, before it
 * @param time until the last frame is used
 * @param processorTime of the process, on all processors together
 * @param memory of the process, bytes of address space
 */
record DecodingLimits(long decodedPixels, long scaledPixels, Duration time, Duration processorTime, long memory) {

    /**
     * Enough for five hours of 1920x1080 at 24 frames a second, on a machine that decodes them fast enough, and for 8K of
     * the usual codecs.
     */
    static final DecodingLimits STANDARD = new DecodingLimits(
            1_000_000_000_000L, 200_000_000_000L, Duration.ofMinutes(10), Duration.ofMinutes(15), 3L << 30);

    /**
     * Limits for several readers that share a decoding: each has the time that it would have alone.
     *
     * @param readers 1 or more
     */
    DecodingLimits shared(int readers) {
        return new DecodingLimits(
                decodedPixels, scaledPixels, time.multipliedBy(readers), processorTime.multipliedBy(readers), memory);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(decodedPixels);
        out.writeLong(scaledPixels);
        out.writeLong(time.toMillis());
        out.writeLong(processorTime.toMillis());
        out.writeLong(memory);
    }

    static DecodingLimits read(DataInputStream in) throws IOException {
        return new DecodingLimits(
                in.readLong(),
                in.readLong(),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                in.readLong());
    }
}
