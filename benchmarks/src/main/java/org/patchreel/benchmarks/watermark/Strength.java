package org.patchreel.benchmarks.watermark;

import org.patchreel.spi.Watermarker.MarkingSink;

final class Strength {
    private Strength() {}

    static double of(MarkingSink sink) {
        return sink.id().length == 8 ? 1 : Double.NaN;
    }
}
