package org.patchreel.impl.generator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Media;
import org.patchreel.impl.media.SourceInfo;

/**
 * A picture or clip that a request refers to, found.
 *
 * @param file kept under its digest
 * @param sha256 of its content
 * @param name for people
 * @param asset whose clip it is, if it is one's
 * @param sourceType what its pictures come from, as far as this installation knows
 * @param info size, length and rate
 */
record SourceFile(
        Path file,
        String sha256,
        String name,
        Optional<String> asset,
        Optional<DigitalSourceType> sourceType,
        SourceInfo info) {

    private static final double MAX_RATE = FrameRate.MAX;

    /** {@return the clip's mean rate, to the thousandth of a frame; at least one and at most {@value FrameRate#MAX}} */
    FrameRate frameRate() {
        double rate = Math.max(1, Math.min(MAX_RATE, info.frameRate()));
        return FrameRate.parse(
                "frame rate of " + name,
                BigDecimal.valueOf(rate).setScale(3, RoundingMode.HALF_UP).toPlainString());
    }

    /** {@return as a request refers to it} */
    Media.Upload upload() {
        return new Media.Upload(sha256, name);
    }
}
