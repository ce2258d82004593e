package org.patchreel.impl.watermark;

import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.stream.LongStream;
import org.patchreel.spi.Watermarker;

/** Watermarks of a made-up secret and with made-up IDs, the same in each run, for tests of other packages. */
public final class SeededWatermarks {
    private SeededWatermarks() {}

    /**
     * Watermarks.
     *
     * @param seed of the secret and of the IDs after the first
     * @param firstId what the first clip is marked with
     */
    public static Watermarker of(long seed, long firstId) {
        byte[] secret = new byte[WatermarkKey.SECRET_BYTES];
        Random random = new Random(seed);
        random.nextBytes(secret);
        PrimitiveIterator.OfLong ids =
                LongStream.concat(LongStream.of(firstId), random.longs()).iterator();
        return new WatermarkService(List.of(WatermarkKey.derive(secret)), () -> new MarkId(ids.nextLong()));
    }
}
