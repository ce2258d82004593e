package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.family.wan.vae.FrameEncoder;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * Encodes the given frames of a clip as conditions of the denoising.
 *
 * @param vae encodes them
 * @param grid of the model
 * @param tiling of the pictures; empty for none
 */
record GivenFrames(VideoAutoencoder vae, FrameGrid grid, Optional<Tiling> tiling) {

    /** One frame, which is not kept in memory longer than it takes to encode it. */
    @FunctionalInterface
    interface Pixels {

        /** {@return (1, 3, 1, H, W) in [-1, 1]} */
        NDArray load(NDManager scope);
    }

    /**
     * As channels beside the noisy latents, for models that were trained with a mask (Wan 2.1 and 2.2 A14B): 4 channels of
     * the mask, 1 where a frame is given, then the latents of a clip whose other frames are mid grey.
     *
     * @param frames by their index in the clip
     * @param size of the frames
     * @param frameCount of the clip, on the grid
     * @param monitor asked before each tile whether to stop
     * @param scope will own the result
     */
    ImageCondition.Channels channels(
            NavigableMap<Integer, Pixels> frames,
            FrameSize size,
            int frameCount,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        int stride = grid.temporalStride();
        NDList latents = new NDList();
        NDList masks = new NDList();
        try (FrameEncoder encoder = vae.encoder(size, tiling)) {
            for (int latent = 0; latent < grid.latentFrames(frameCount); latent++) {
                int first = latent == 0 ? 0 : (latent - 1) * stride + 1;
                int count = latent == 0 ? 1 : stride;
                try (NDManager step = scope.newSubManager()) {
                    NDList pictures = new NDList();
                    float[] given = new float[stride];
                    for (int i = 0; i < stride; i++) {
                        // The first latent frame has one frame, which counts for all of its mask's channels.
                        Pixels pixels = frames.get(latent == 0 ? 0 : first + i);
                        given[i] = pixels == null ? 0 : 1;
                        if (i < count) {
                            pictures.add(
                                    pixels == null
                                            ? step.zeros(new Shape(1, 3, 1, size.height(), size.width()))
                                            : pixels.load(step));
                        }
                    }
                    NDArray encoded = encoder.next(NDArrays.concat(pictures, 2), monitor, step);
                    encoded.attach(scope);
                    latents.add(encoded);
                    NDArray mask = step.create(given, new Shape(1, stride, 1, 1, 1))
                            .broadcast(new Shape(
                                    1,
                                    stride,
                                    1,
                                    encoded.getShape().get(3),
                                    encoded.getShape().get(4)))
                            .duplicate();
                    mask.attach(scope);
                    masks.add(mask);
                }
            }
        }
        return new ImageCondition.Channels(
                NDArrays.concat(new NDList(NDArrays.concat(masks, 2), NDArrays.concat(latents, 2)), 1));
    }

    /**
     * As latent frames without noise, for models that were trained with a timestep for each latent frame. A run of frames is
     * encoded as a clip of its own, from the first frame on that a latent frame ends with; a frame alone between two such
     * frames stands for the latent frame that ends nearer to it.
     *
     * @param frames by their index in the clip
     * @param size of the frames
     * @param monitor asked before each tile whether to stop
     * @param scope will own the result
     * @throws GenerationException with {@link Reason#UNSUPPORTED} if there is no latent frame for a given one
     */
    ImageCondition.Known known(
            NavigableMap<Integer, Pixels> frames, FrameSize size, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        List<Run> runs = runs(frames);
        boolean[] taken = new boolean[grid.latentFrames(frames.lastKey() + grid.temporalStride()) + 1];
        for (Run run : runs) {
            for (int latent = run.latent; latent < run.latent + run.latents; latent++) {
                taken[latent] = true;
            }
        }
        List<KnownLatents> known = new ArrayList<>();
        for (Run run : runs) {
            Run placed = run.latents > 0 ? run : nearest(run, taken);
            known.add(new KnownLatents(placed.latent, encode(placed, frames, size, monitor, scope)));
        }
        return new ImageCondition.Known(known);
    }

    /**
     * Given frames without a gap.
     *
     * @param first frame that is encoded
     * @param last frame of the run
     * @param latent frame that the first one becomes
     * @param latents how many there are; 0 if no latent frame ends within the run
     */
    private record Run(int first, int last, int latent, int latents) {}

    private List<Run> runs(NavigableMap<Integer, Pixels> frames) {
        List<Run> runs = new ArrayList<>();
        @Nullable Integer next = frames.firstKey();
        while (next != null) {
            int first = next;
            int last = first;
            while (frames.containsKey(last + 1)) {
                last++;
            }
            int stride = grid.temporalStride();
            int latent = (first + stride - 1) / stride;
            int latents = Math.max(0, last / stride - latent + 1);
            runs.add(new Run(latents > 0 ? latent * stride : first, last, latent, latents));
            next = frames.higherKey(last);
        }
        return runs;
    }

    private Run nearest(Run run, boolean[] taken) throws GenerationException {
        int stride = grid.temporalStride();
        int after = run.latent;
        int before = after - 1;
        boolean backwards = run.first - before * stride < after * stride - run.last;
        for (boolean back : new boolean[] {backwards, !backwards}) {
            int latent = back ? before : after;
            if (!taken[latent]) {
                taken[latent] = true;
                int frame = back ? run.first : run.last;
                return new Run(frame, frame, latent, 1);
            }
        }
        throw new GenerationException(
                Reason.UNSUPPORTED,
                "frame " + run.first + " cannot be given beside frames " + before * stride + " and " + after * stride
                        + ": the model knows every " + stride + "th frame");
    }

    private NDArray encode(
            Run run, NavigableMap<Integer, Pixels> frames, FrameSize size, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NDList latents = new NDList();
        try (FrameEncoder encoder = vae.encoder(size, tiling)) {
            int frame = run.first;
            for (int latent = 0; latent < run.latents; latent++) {
                try (NDManager step = scope.newSubManager()) {
                    NDList pictures = new NDList();
                    int count = latent == 0 ? 1 : grid.temporalStride();
                    for (int i = 0; i < count; i++) {
                        Pixels pixels = frames.get(frame++);
                        if (pixels == null) {
                            throw new IllegalStateException("frame " + (frame - 1) + " of a run is missing");
                        }
                        pictures.add(pixels.load(step));
                    }
                    NDArray encoded = encoder.next(NDArrays.concat(pictures, 2), monitor, step);
                    encoded.attach(scope);
                    latents.add(encoded);
                }
            }
        }
        return NDArrays.concat(latents, 2);
    }
}
