package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.OutputKind;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Shot;
import org.patchreel.api.Transition;

/**
 * What a job of an earlier run asked for, as its work order tells: with all choices made, and without the pictures and clips,
 * which the order names and the request would have to find again.
 */
final class RestoredRequest {

    private RestoredRequest() {}

    /** {@return a request that asks for what the order makes} */
    static GenerationRequest of(WorkOrder order) {
        SamplingParameters sampling = order.sampling();
        GenerationRequest.Builder request = GenerationRequest.builder(shots(order))
                .model(order.model())
                .size(order.format().size())
                .seed(sampling.seed())
                .steps(sampling.steps())
                .guidanceScale(sampling.guidanceScale())
                .denoising(sampling.denoising())
                .destination(order.destination())
                .fit(order.output().fit())
                .kind(order.kind())
                .adapters(order.adapters())
                .rights(order.rights());
        if (order.kind() == OutputKind.CLIP) {
            request.frameRate(order.format().frameRate())
                    .frameInterpolation(order.output().interpolation())
                    .loop(order.shots().get(0).task().loop());
        }
        return request.build();
    }

    private static List<Shot> shots(WorkOrder order) {
        List<Shot> shots = new ArrayList<>();
        for (int i = 0; i < order.shots().size(); i++) {
            WorkShot shot = order.shots().get(i);
            boolean last = i + 1 == order.shots().size();
            shots.add(new Shot(
                    shot.given().text(),
                    shot.task().negativePrompt(),
                    order.kind() == OutputKind.CLIP
                            ? Optional.of(new ClipLength.Frames(shot.frames()))
                            : Optional.empty(),
                    List.of(),
                    Camera.UNSPECIFIED,
                    last ? Transition.CUT : order.shots().get(i + 1).opening().transition()));
        }
        return shots;
    }
}
