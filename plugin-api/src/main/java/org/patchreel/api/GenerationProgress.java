package org.patchreel.api;

import java.util.Locale;

/**
 * How far a running job is.
 *
 * @param stage what is being done
 * @param done units of this stage that are done, 0 to total
 * @param total units of this stage: denoising steps when sampling, frames when decoding, else 1
 */
public record GenerationProgress(Stage stage, int done, int total) {

    /**
     * The stages in their order. A clip that is made in windows is sampled and decoded in turns; both count the units of the
     * whole clip.
     */
    public enum Stage {
        /** The model's weights are read and checked. */
        LOADING,
        /** Prompt and negative prompt become embeddings. */
        ENCODING_PROMPT,
        /** The latents are denoised, step by step. */
        SAMPLING,
        /** Frames are decoded, scaled, marked and encoded as they come. */
        DECODING,
        /** The clip gets its manifest. */
        SIGNING,
        /** The metadata are written, and the asset is moved into its place. */
        STORING;

        /** {@return the stage's name in lower case with hyphens, for people and JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if done is not within 0 and total
     */
    public GenerationProgress {
        if (done < 0 || total < 1 || done > total) {
            throw new IllegalArgumentException(stage + ": " + done + " of " + total);
        }
    }
}
