package org.patchreel.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Denoising;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StepCache;
import org.patchreel.api.Transition;

/** What a request would lead to, as the API answers it. */
final class PlanJson {

    private PlanJson() {}

    static PlannedClip read(JsonFields plan) throws RemoteFailure {
        List<PlannedClip.PlannedShot> shots = new ArrayList<>();
        for (JsonFields shot : plan.objects("shots")) {
            shots.add(shot.made(() -> shot(shot)));
        }
        return plan.made(() -> new PlannedClip(
                plan.text("model"),
                plan.format("generated"),
                plan.format("clip"),
                shots,
                plan.optionalNumber("estimatedSeconds").isPresent()
                        ? Optional.of(plan.seconds("estimatedSeconds"))
                        : Optional.empty(),
                plan.has("cost")
                        ? Optional.of(new AssetMetadata.Cost(plan.decimal("cost"), plan.text("currency")))
                        : Optional.empty()));
    }

    private static PlannedClip.PlannedShot shot(JsonFields shot) throws RemoteFailure {
        return new PlannedClip.PlannedShot(
                shot.format("generated"),
                shot.integer("frames"),
                shot.word("opening", List.of(Transition.values()), Transition::label),
                new SamplingParameters(
                        shot.wide("seed"),
                        shot.integer("requestedSteps"),
                        shot.number("guidanceScale"),
                        new Denoising(
                                shot.optionalWord("stepCache", List.of(StepCache.values()), StepCache::label),
                                shot.optionalWord(
                                        "guidanceMode", List.of(GuidanceMode.values()), GuidanceMode::label))),
                new SamplingPlan(
                        shot.word("method", List.of(SamplingPlan.Method.values()), SamplingPlan.Method::label),
                        shot.integer("windows"),
                        shot.integer("windowFrames"),
                        shot.integer("overlapFrames"),
                        shot.integer("steps"),
                        shot.integer("passes")));
    }
}
