package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.family.KeptWindows;

/**
 * Makes a clip end with its first latent frame: a clip that is made at once keeps both alike in each step, one that is made in
 * windows knows it at the end of the last one. For one clip and one thread.
 */
final class LoopEnd {

    private final boolean loop;
    private final WindowPlan plan;
    private final Shape latents;
    private final KeptWindows kept;
    private final NDManager scope;
    private @Nullable NDArray first;

    /**
     * Prepares a clip.
     *
     * @param loop whether it ends so
     * @param plan its windows
     * @param latents shape of the clip's latents
     * @param kept has the first window if it was made in an earlier try
     * @param scope of the clip
     */
    LoopEnd(boolean loop, WindowPlan plan, Shape latents, KeptWindows kept, NDManager scope) {
        this.loop = loop;
        this.plan = plan;
        this.latents = latents;
        this.kept = kept;
        this.scope = scope;
    }

    /** {@return whether both ends are made in one window} */
    boolean isTied() {
        return loop && plan.runs().size() == 1;
    }

    /**
     * Conditions a window.
     *
     * @param image what it is conditioned by
     * @param index of the window
     * @param before the windows before it
     * @param window will own what is read
     */
    ImageCondition around(ImageCondition image, int index, WindowedRun.Before before, NDManager window) {
        if (isTied()) {
            return new ImageCondition.Tied(image);
        }
        if (!loop) {
            return image;
        }
        if (index == 1) {
            before.latents().ifPresent(this::remember);
        }
        return index == plan.runs().size() - 1 ? ended(image, index, window) : image;
    }

    private void remember(NDArray window) {
        first = window.get(":, :, :1").duplicate();
        first.attach(scope);
    }

    private ImageCondition ended(ImageCondition image, int index, NDManager window) {
        if (first == null) {
            Shape shape = new Shape(1, latents.get(1), plan.runs().get(0).count(), latents.get(3), latents.get(4));
            kept.load(0, shape, window).ifPresent(this::remember);
        }
        Optional<NDArray> end = Optional.ofNullable(first);
        List<KnownLatents> known = new ArrayList<>();
        if (image instanceof ImageCondition.Known before) {
            known.addAll(before.known());
        }
        end.ifPresent(
                latent -> known.add(new KnownLatents(plan.runs().get(index).count() - 1, latent)));
        return new ImageCondition.Known(known);
    }
}
