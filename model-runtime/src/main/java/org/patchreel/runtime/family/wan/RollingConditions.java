package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.patchreel.runtime.denoise.LatentStatistics;

/**
 * Windows of a network with a timestep for each latent frame: the last latent frames of the window before are known in the
 * next one, and so are those that the task gives. Unless later windows have given frames of their own, they are tied to the
 * first window.
 *
 * @param embedding see {@link Conditioning}
 * @param given latent frames that the task gives, by their place in the clip
 * @param loopEnd place of the latent frame that shall be like the clip's first, if it is in another window
 */
record RollingConditions(Optional<NDArray> embedding, List<KnownLatents> given, OptionalInt loopEnd)
        implements WindowConditions {

    RollingConditions {
        given = List.copyOf(given);
    }

    @Override
    public OfWindow of(WindowPlan.Run run, WindowedRun.Before before, NDManager scope) {
        List<KnownLatents> known = new ArrayList<>();
        before.tail(run.first()).ifPresent(tail -> {
            tail.attach(scope);
            known.add(new KnownLatents(0, tail));
        });
        for (KnownLatents each : given) {
            // what is given of the windows before is in their latents
            int first = Math.max(each.first(), run.first() + run.known());
            int end = Math.min(
                    each.first() + Math.toIntExact(each.latents().getShape().get(2)), run.end());
            if (first < end) {
                NDArray part = each.latents().get(":, :, " + (first - each.first()) + ":" + (end - each.first()));
                part.attach(scope);
                known.add(new KnownLatents(first - run.first(), part));
            }
        }
        if (loopEnd.isPresent() && loopEnd.getAsInt() == run.end() - 1) {
            before.opening().ifPresent(first -> known.add(new KnownLatents(run.count() - 1, first(first, scope))));
        }
        return new OfWindow(
                embedding,
                known.isEmpty() ? new ImageCondition.None() : new ImageCondition.Known(known),
                run.anchored() ? before.opening().map(first -> opening(first, scope)) : Optional.empty());
    }

    private static Opening opening(NDArray firstWindow, NDManager scope) {
        return new Opening(first(firstWindow, scope), LatentStatistics.of(firstWindow, scope));
    }

    private static NDArray first(NDArray window, NDManager scope) {
        NDArray latent = window.get(":, :, :1");
        latent.attach(scope);
        return latent;
    }
}
