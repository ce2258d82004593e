package org.patchreel.impl.watermark;

import java.util.List;
import java.util.Random;
import org.patchreel.spi.Watermarker;

/** Watermarks of a made-up secret, for tests of other packages. */
public final class SeededWatermarks {
    private SeededWatermarks() {}

    public static Watermarker of(long seed) {
        byte[] secret = new byte[WatermarkKey.SECRET_BYTES];
        new Random(seed).nextBytes(secret);
        return new WatermarkService(List.of(WatermarkKey.derive(secret)));
    }
}
