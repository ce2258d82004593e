package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.GenerationException;
import org.patchreel.api.PlannedClip.PlannedShot;
import org.patchreel.spi.VideoModel;

/**
 * A request with every choice made.
 *
 * @param model what makes the frames on this machine; a model that is reconfigured meanwhile makes them as it was
 * @param order what to make
 */
record ResolvedRequest(VideoModel model, WorkOrder order) {

    /**
     * {@return how the model would make each shot}
     *
     * @throws GenerationException if the model cannot be read
     */
    List<PlannedShot> planned() throws GenerationException {
        List<PlannedShot> shots = new ArrayList<>();
        for (WorkShot shot : order.shots()) {
            shots.add(new PlannedShot(
                    shot.task().format(),
                    shot.frames(),
                    shot.opening().transition(),
                    shot.task().sampling(),
                    model.plan(shot.task())));
        }
        return shots;
    }
}
