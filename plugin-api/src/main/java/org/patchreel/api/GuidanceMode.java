package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/** How the predictions with the prompt and with the negative prompt are combined. */
public enum GuidanceMode {
    /**
     * Classifier-free guidance.
     *
     * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>
     */
    CFG,
    /**
     * With a scale that follows from both predictions.
     *
     * @see <a href="https://arxiv.org/abs/2503.18886">Fan et al., CFG-Zero*</a>
     */
    CFG_ZERO_STAR,
    /**
     * Projected, against too strong colours at high guidance.
     *
     * @see <a href="https://arxiv.org/abs/2410.02416">Sadat et al., Eliminating Oversaturation and Artifacts of High Guidance Scales</a>
     */
    APG;

    /** {@return the name in lower case, with hyphens} */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text {@code cfg}, {@code cfg-zero-star} or {@code apg}
     * @return the mode
     * @throws IllegalArgumentException if it is none of these
     */
    public static GuidanceMode parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        for (GuidanceMode each : values()) {
            if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(name + " must be cfg, cfg-zero-star or apg: " + text);
    }
}
