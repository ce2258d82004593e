package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDManager;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.patchreel.api.GenerationException;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * Windows of a network that starts from an image: the last frame of the window before, unless the task gives it.
 *
 * @param pipeline encodes the frames
 * @param given frames that the task gives, by their place in the clip
 * @param format of the clip
 * @param grid of the model
 * @param monitor asked whether to stop
 */
record ChainedConditions(
        WanPipeline pipeline,
        NavigableMap<Integer, GivenFrames.Pixels> given,
        VideoFormat format,
        FrameGrid grid,
        GenerationMonitor monitor)
        implements WindowConditions {

    @Override
    public OfWindow of(WindowPlan.Run run, WindowedRun.Before before, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        int first = grid.frames(run.first() + 1) - 1; // the last one that the first latent frame stands for
        int frameCount = grid.frames(run.count());
        NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
        given.subMap(first, first + frameCount).forEach((index, pixels) -> frames.put(index - first, pixels));
        before.lastFrame()
                .ifPresent(last -> frames.putIfAbsent(0, work -> {
                    var copy = last.duplicate();
                    copy.attach(work);
                    return copy;
                }));
        return new OfWindow(
                pipeline.embedding(frames, frameCount, scope),
                frames.isEmpty()
                        ? new ImageCondition.None()
                        : pipeline.condition(frames, format.size(), frameCount, monitor, scope),
                Optional.empty());
    }
}
