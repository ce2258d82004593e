package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.PlannedClip.PlannedShot;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;

class PlanViewTest {

    private static final PlannedClip STORY = new PlannedClip(
            "starter",
            new VideoFormat(96, 96, 50, 8),
            new VideoFormat(320, 320, 44, 8),
            List.of(
                    new PlannedShot(
                            new VideoFormat(96, 96, 17, 8),
                            16,
                            Transition.CUT,
                            new SamplingParameters(7, 8, 1),
                            new SamplingPlan(Method.WHOLE, 1, 17, 0, 8, 8)),
                    new PlannedShot(
                            new VideoFormat(96, 96, 33, 8),
                            32,
                            Transition.DISSOLVE,
                            new SamplingParameters(8, 8, 1),
                            new SamplingPlan(Method.ROLLING, 2, 17, 4, 8, 16))),
            Optional.of(Duration.ofMillis(5_250)),
            Optional.of(new AssetMetadata.Cost(new BigDecimal("0.0042"), "EUR")));

    @Test
    void aStoryboardIsToldShotByShot() {
        assertEquals(
                List.of(
                        "model   starter",
                        "format  320x320, 44 frames at 8 fps, 5.500 s",
                        "made    96x96, 50 frames at 8 fps",
                        "shot 1  16 frames, 2.000 s: 1 window of 17 frames",
                        "shot 2  32 frames, 4.000 s, dissolve: rolling, 2 windows of 17 frames that overlap by 4",
                        "steps   8 for each window, the network runs 24 times",
                        "time    about 5.3 s, as clips of this model took before",
                        "cost    about 0.0042 EUR"),
                new PlanView(STORY).lines());
    }

    @Test
    void programsGetAListOfShots() {
        assertEquals(
                "{\"opening\":\"dissolve\",\"frames\":32,\"seconds\":4.0,\"generated\":{\"width\":96,\"height\":96,"
                        + "\"frames\":33,\"frameRate\":8,\"seconds\":4.125},\"method\":\"rolling\",\"windows\":2,"
                        + "\"windowFrames\":17,\"overlapFrames\":4,\"steps\":8,\"seed\":8,\"requestedSteps\":8,\"guidanceScale\":1.0,\"passes\":16}",
                Json.write(((List<?>) Objects.requireNonNull(STORY.values().get("shots"))).get(1)));
    }
}
