package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Lets a model make clips that are longer than those that it was trained with: it sees overlapping windows of the latents, each
 * as a clip of its own, and where they overlap, its predictions are mixed, each the more the further it is from the end of
 * its window. What the model holds in memory does not depend on the length of the clip.
 *
 * @param fields gives for the first frame of a window the field that is given the window, the same one in every step
 * @param length of a window, in latent frames
 * @param overlap of neighbouring windows, in latent frames; the last two may overlap more
 * @param leading latent frames before the clip's first, which every window sees before its own
 * @see <a href="https://arxiv.org/abs/2305.13840">Zhang et al., ControlVideo</a>; <a
 *     href="https://arxiv.org/abs/2305.18264">Wang et al., Gen-L-Video</a>
 */
public record ContextWindows(IntFunction<VelocityField> fields, int length, int overlap, int leading)
        implements VelocityField {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException unless 0 ≤ overlap &lt; length
     */
    public ContextWindows {
        if (overlap < 0 || overlap >= length) {
            throw new IllegalArgumentException("windows of " + length + " latent frames cannot overlap by " + overlap);
        }
    }

    /** One field, without state, for all windows. */
    public ContextWindows(VelocityField field, int length, int overlap, int leading) {
        this(start -> field, length, overlap, leading);
    }

    /**
     * Where the windows of a clip begin.
     *
     * @param frames of the clip, latent, without the leading ones
     * @return indexes in their order; one window if the clip is no longer than it
     */
    public List<Integer> starts(int frames) {
        return starts(frames, length, overlap);
    }

    /**
     * As above, without a field.
     *
     * @param frames of the clip, latent
     * @param length see {@link ContextWindows}
     * @param overlap see {@link ContextWindows}
     * @return indexes in their order
     */
    public static List<Integer> starts(int frames, int length, int overlap) {
        List<Integer> starts = new ArrayList<>();
        int start = 0;
        while (start + length < frames) {
            starts.add(start);
            start += length - overlap;
        }
        starts.add(Math.max(0, frames - length));
        return starts;
    }

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        int frames = Math.toIntExact(x.getShape().get(2)) - leading;
        if (frames <= length) {
            return fields.apply(0).velocity(x, level, scope);
        }
        List<Integer> starts = starts(frames);
        float[] weights = new float[leading + frames];
        Arrays.fill(weights, 0, leading, starts.size());
        for (int start : starts) {
            for (int i = 0; i < length; i++) {
                weights[leading + start + i] += weight(i);
            }
        }
        NDArray sum = weighted(x, starts.get(0), level, scope);
        for (int start : starts.subList(1, starts.size())) {
            try (NDArray before = sum;
                    NDArray next = weighted(x, start, level, scope)) {
                sum = before.add(next);
                sum.attach(scope);
            }
        }
        try (NDArray all = sum;
                NDArray total = scope.create(weights, new Shape(1, 1, leading + frames, 1, 1))) {
            NDArray blended = all.div(total);
            blended.attach(scope);
            return blended;
        }
    }

    /** What the model predicts in a window, times the weight of each of its frames; 0 outside of it. */
    private NDArray weighted(NDArray x, int start, Level level, NDManager scope) throws GenerationCancelledException {
        try (NDManager window = scope.newSubManager()) {
            int first = leading + start;
            NDArray part = x.get(":, :, " + first + ":" + (first + length));
            if (leading > 0) {
                part = NDArrays.concat(new NDList(x.get(":, :, :" + leading), part), 2);
            }
            part.attach(window);
            NDArray predicted = fields.apply(start).velocity(part, level.within(leading, first, length), window);
            NDArray weighted = predicted.mul(pyramid(window));
            weighted.attach(window);
            NDArray padded =
                    padded(weighted, start, Math.toIntExact(x.getShape().get(2)), window);
            padded.attach(scope);
            return padded;
        }
    }

    /** Of a place within a window: 1 at its ends, growing towards the middle. */
    private int weight(int place) {
        return Math.min(place + 1, length - place);
    }

    private NDArray pyramid(NDManager scope) {
        float[] weights = new float[leading + length];
        Arrays.fill(weights, 0, leading, 1);
        for (int i = 0; i < length; i++) {
            weights[leading + i] = weight(i);
        }
        return scope.create(weights, new Shape(1, 1, leading + length, 1, 1));
    }

    private NDArray padded(NDArray part, int start, int frames, NDManager scope) {
        Shape shape = part.getShape();
        NDList parts = new NDList();
        if (start > 0 && leading > 0) {
            parts.add(part.get(":, :, :" + leading));
        }
        if (start > 0) {
            parts.add(scope.zeros(new Shape(shape.get(0), shape.get(1), start, shape.get(3), shape.get(4))));
        }
        parts.add(start > 0 && leading > 0 ? part.get(":, :, " + leading + ":") : part);
        int rest = frames - leading - start - length;
        if (rest > 0) {
            parts.add(scope.zeros(new Shape(shape.get(0), shape.get(1), rest, shape.get(3), shape.get(4))));
        }
        return NDArrays.concat(parts, 2);
    }
}
