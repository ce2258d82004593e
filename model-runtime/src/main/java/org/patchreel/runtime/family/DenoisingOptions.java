package org.patchreel.runtime.family;

/**
 * What differs from denoising as a checkpoint's authors do.
 *
 * @param reuse of predictions by later steps
 */
public record DenoisingOptions(StepReuse reuse) {

    /** Nothing differs. */
    public static final DenoisingOptions AUTHORS = new DenoisingOptions(StepReuse.OFF);
}
