package org.patchreel.runtime.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What differs from denoising as a checkpoint's authors do.
 *
 * @param stepCaching reuse of predictions by later steps
 */
public record DenoisingOptions(StepCaching stepCaching) {

    /** Nothing differs. */
    public static final DenoisingOptions AUTHORS = new DenoisingOptions(StepCaching.OFF);

    /** {@return for those who requested a clip, what differs, a sentence each} */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (stepCaching != StepCaching.OFF) {
            notes.add("predictions were reused by later steps (step cache "
                    + stepCaching.name().toLowerCase(Locale.ROOT) + ")");
        }
        return notes;
    }
}
