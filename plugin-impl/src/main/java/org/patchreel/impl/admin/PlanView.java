package org.patchreel.impl.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.PlannedClip.PlannedShot;
import org.patchreel.api.SamplingPlan;

/**
 * What would be made, for the console.
 *
 * @param clip the answer to a request
 */
record PlanView(PlannedClip clip) {

    /** For people. */
    List<String> lines() {
        List<PlannedShot> shots = clip.shots();
        SamplingPlan first = shots.get(0).plan();
        int passes = shots.stream().mapToInt(shot -> shot.plan().passes()).sum();
        boolean windowed = shots.stream().anyMatch(shot -> shot.plan().windows() > 1);
        List<String> lines = new ArrayList<>(List.of(
                "model   " + clip.model(),
                String.format(
                        Locale.ROOT,
                        "format  %s, %.3f s",
                        clip.clip(),
                        clip.clip().seconds()),
                "made    " + clip.generated()));
        if (shots.size() == 1) {
            lines.add("plan    " + windows(first));
        } else {
            for (int i = 0; i < shots.size(); i++) {
                lines.add(shot(i + 1, shots.get(i)));
            }
        }
        String each = windowed ? " for each window" : shots.size() > 1 ? " for each shot" : "";
        lines.add("steps   " + first.steps() + each + ", the network runs " + passes + " times");
        clip.estimate()
                .ifPresent(time -> lines.add(String.format(
                        Locale.ROOT,
                        "time    about %.1f s, as clips of this model took before",
                        time.toMillis() / 1000.0)));
        clip.cost()
                .ifPresent(cost -> lines.add("cost    about " + cost.amount().toPlainString() + " " + cost.currency()));
        return lines;
    }

    private String shot(int number, PlannedShot shot) {
        return String.format(
                Locale.ROOT,
                "%-8s%d frames, %.3f s%s: %s",
                "shot " + number,
                shot.frames(),
                clip.clip().frameRate().seconds(shot.frames()),
                number == 1 ? "" : ", " + shot.opening().label(),
                windows(shot.plan()));
    }

    private static String windows(SamplingPlan plan) {
        return plan.windows() == 1
                ? "1 window of " + plan.windowFrames() + " frames"
                : plan.method().label() + ", " + plan.windows() + " windows of " + plan.windowFrames()
                        + " frames that overlap by " + plan.overlapFrames();
    }
}
