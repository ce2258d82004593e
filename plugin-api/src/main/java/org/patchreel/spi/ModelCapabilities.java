package org.patchreel.spi;

import java.util.Optional;

/**
 * What a model is and can do, as its files say.
 *
 * @param family the architecture and its kind, for example {@code Wan 2.1, text-to-video}
 * @param weightBytes size of all weight files, in bytes
 * @param license the first line of the checkpoint's licence file, or the licence's identifier, if there is one
 * @param grid the sizes and lengths that it generates
 * @param defaults what a request gets that leaves it open
 * @param imageConditioning whether a first frame is refused, possible or required
 * @param language what it understands of a prompt
 */
public record ModelCapabilities(
        String family,
        long weightBytes,
        Optional<String> license,
        FrameGrid grid,
        ModelDefaults defaults,
        ImageConditioning imageConditioning,
        PromptLanguage language) {

    /** Whether a model starts from an image. */
    public enum ImageConditioning {
        /** Text only. */
        NONE,
        /** Text, or text and a first frame. */
        OPTIONAL,
        /** Text and a first frame. */
        REQUIRED
    }
}
