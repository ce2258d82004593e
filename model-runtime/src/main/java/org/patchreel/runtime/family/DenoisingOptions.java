package org.patchreel.runtime.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.patchreel.api.Denoising;
import org.patchreel.api.GuidanceMode;

/**
 * What differs from denoising as a checkpoint's authors do.
 *
 * @param stepCaching reuse of predictions by later steps
 * @param guidance how and when a clip is guided
 */
public record DenoisingOptions(StepCaching stepCaching, GuidanceOptions guidance) {

    /** Nothing differs. */
    public static final DenoisingOptions AUTHORS = new DenoisingOptions(StepCaching.OFF, GuidanceOptions.AUTHORS);

    /**
     * These options where a request leaves them open.
     *
     * @param chosen by the request
     * @return options
     */
    public DenoisingOptions with(Denoising chosen) {
        return new DenoisingOptions(
                chosen.stepCache()
                        .map(cache -> StepCaching.valueOf(cache.name()))
                        .orElse(stepCaching),
                new GuidanceOptions(chosen.guidanceMode().orElse(guidance.mode()), guidance.from(), guidance.until()));
    }

    /**
     * What differs, for those who requested a clip.
     *
     * @param guided whether the clip has guidance
     * @return a sentence each
     */
    public List<String> notes(boolean guided) {
        List<String> notes = new ArrayList<>();
        if (stepCaching != StepCaching.OFF) {
            notes.add("predictions were reused by later steps (step cache "
                    + stepCaching.name().toLowerCase(Locale.ROOT) + ")");
        }
        if (guided && guidance.mode() != GuidanceMode.CFG) {
            notes.add(
                    "the clip was guided by " + (guidance.mode() == GuidanceMode.CFG_ZERO_STAR ? "CFG-Zero*" : "APG"));
        }
        if (guided && guidance.isPartial()) {
            notes.add("the clip was guided from " + guidance.from() + " to " + guidance.until() + " % of the steps");
        }
        return notes;
    }
}
