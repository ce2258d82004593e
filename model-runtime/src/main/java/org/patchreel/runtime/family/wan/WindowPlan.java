package org.patchreel.runtime.family.wan;

import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.runtime.denoise.ContextWindows;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelTask;

/**
 * The windows that a clip is made in.
 *
 * @param method what joins them
 * @param runs what is denoised at once, one after the other; one run for {@link Method#WHOLE} and {@link Method#BLENDED}
 * @param length of the longest window that the network sees, in latent frames
 * @param overlap latent frames of a window that are made already when it begins, or that neighbouring windows share
 */
record WindowPlan(Method method, List<Run> runs, int length, int overlap) {

    /** Latent frames that a rolling window takes over from the one before: one, as in training most often. */
    private static final int TAIL = 1;

    /**
     * Latent frames that are denoised at once.
     *
     * @param first of them in the clip, from 0
     * @param count how many they are
     * @param known how many of them, from the first on, the run before has made
     * @param anchored whether the network sees the clip's first latent frame before them
     */
    record Run(int first, int count, int known, boolean anchored) {

        /** {@return the index behind the last} */
        int end() {
            return first + count;
        }
    }

    WindowPlan {
        runs = List.copyOf(runs);
    }

    /**
     * Plans a clip. One that is no longer than those that the network was trained with is made whole.
     *
     * @param index says how the network takes what is given
     * @param grid whose window is as long as the clips that the network was trained with
     * @param task the clip
     */
    static WindowPlan of(WanIndex index, FrameGrid grid, ModelTask task) {
        boolean changes = task.restyle().isPresent()
                || task.known().stream().anyMatch(known -> known.index() >= grid.windowFrames());
        return of(index, grid, task.format().frameCount(), changes);
    }

    /**
     * As above.
     *
     * @param frameCount of the clip, on the grid
     * @param changes whether later windows have frames of their own to follow, so that the clip shall not stay as it begins
     */
    static WindowPlan of(WanIndex index, FrameGrid grid, int frameCount, boolean changes) {
        int frames = grid.latentFrames(frameCount);
        int length = grid.latentFrames(grid.windowFrames());
        if (frames <= length || length < 2) { // a network for pictures knows no motion to go on with
            return new WindowPlan(Method.WHOLE, List.of(new Run(0, frames, 0, false)), frames, 0);
        }
        if (index.expandTimesteps()) {
            return rolling(frames, length, !changes && length > TAIL + 1);
        }
        if (index.pipeline() == WanIndex.Pipeline.IMAGE_TO_VIDEO) {
            return chained(frames, length);
        }
        return new WindowPlan(Method.BLENDED, List.of(new Run(0, frames, 0, false)), length, blendedOverlap(length));
    }

    /** 6 of 21, the length that Wan was trained with. */
    private static int blendedOverlap(int length) {
        return Math.max(1, Math.round(length * 0.3f));
    }

    /** The network always sees as many latent frames as in training; the last window overlaps more if need be. */
    private static WindowPlan rolling(int frames, int length, boolean anchored) {
        int count = anchored ? length - 1 : length;
        List<Run> runs = new ArrayList<>();
        runs.add(new Run(0, length, 0, false));
        for (int end = length; end < frames; end = runs.get(runs.size() - 1).end()) {
            int first = Math.min(end - TAIL, frames - count);
            runs.add(new Run(first, count, end - first, anchored));
        }
        return new WindowPlan(Method.ROLLING, runs, length, TAIL + length - count);
    }

    /** All windows are about as long, or the last one might have a fraction of a second to make. */
    private static WindowPlan chained(int frames, int length) {
        int made = frames - 1;
        int windows = (made + length - 2) / (length - 1);
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            int first = Math.toIntExact((long) made * i / windows);
            int last = Math.toIntExact((long) made * (i + 1) / windows);
            runs.add(new Run(first, last - first + 1, i == 0 ? 0 : 1, false));
        }
        int longest = runs.stream().mapToInt(Run::count).max().orElseThrow();
        return new WindowPlan(Method.CHAINED, runs, longest, 1);
    }

    /** The plan for those who ask for it. */
    SamplingPlan summary(FrameGrid grid, SamplingParameters sampling) {
        int windows = method == Method.BLENDED
                ? ContextWindows.starts(runs.get(0).count(), length, overlap).size()
                : runs.size();
        int shared = switch (method) {
            case WHOLE -> 0;
            case CHAINED -> 1;
            case ROLLING, BLENDED -> overlap * grid.temporalStride();
        };
        return new SamplingPlan(
                method,
                windows,
                grid.frames(length),
                shared,
                sampling.steps(),
                windows * sampling.steps() * (sampling.guidanceScale() == 1 ? 1 : 2));
    }
}
