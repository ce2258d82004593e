package org.patchreel.impl.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;

/**
 * What would be made, for the console.
 *
 * @param clip the answer to a request
 */
record PlanView(PlannedClip clip) {

    /** For people. */
    List<String> lines() {
        SamplingPlan plan = clip.plan();
        String windows = plan.windows() == 1
                ? "1 window of " + plan.windowFrames() + " frames"
                : plan.method().label() + ", " + plan.windows() + " windows of " + plan.windowFrames()
                        + " frames that overlap by " + plan.overlapFrames();
        List<String> lines = new ArrayList<>(List.of(
                "model   " + clip.model(),
                String.format(
                        Locale.ROOT,
                        "format  %s, %.3f s",
                        clip.clip(),
                        clip.clip().seconds()),
                "made    " + clip.generated(),
                "plan    " + windows,
                "steps   " + plan.steps() + (plan.windows() == 1 ? "" : " for each window") + ", the network runs "
                        + plan.passes() + " times"));
        clip.estimate()
                .ifPresent(time -> lines.add(String.format(
                        Locale.ROOT,
                        "time    about %.1f s, as clips of this model took before",
                        time.toMillis() / 1000.0)));
        return lines;
    }

    /** For programs. */
    Map<String, Object> json() {
        SamplingPlan plan = clip.plan();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", clip.model());
        json.put("clip", format(clip.clip()));
        json.put("generated", format(clip.generated()));
        json.put("method", plan.method().label());
        json.put("windows", plan.windows());
        json.put("windowFrames", plan.windowFrames());
        json.put("overlapFrames", plan.overlapFrames());
        json.put("steps", plan.steps());
        json.put("guidanceScale", clip.sampling().guidanceScale());
        json.put("passes", plan.passes());
        clip.estimate().ifPresent(time -> json.put("estimatedSeconds", time.toMillis() / 1000.0));
        return json;
    }

    private static Map<String, Object> format(VideoFormat format) {
        Map<String, Object> json = AssetView.frames(format);
        json.put("seconds", format.seconds());
        return json;
    }
}
