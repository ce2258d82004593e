package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.patchreel.runtime.torch.TorchEngine;

/**
 * The noise that a clip starts from. That of a latent frame follows from the seed, from its place in the clip and from its
 * shape, not from how many frames the clip has: a clip can be made longer, or in parts.
 */
public final class LatentNoise {
    private LatentNoise() {}

    /**
     * Draws from the normal distribution.
     *
     * @param seed of the clip
     * @param first place of the first frame drawn, from 0
     * @param shape (1, z, F, h, w)
     * @param scope will own the result
     * @return float32, on the scope's device
     */
    public static NDArray draw(long seed, int first, Shape shape, NDManager scope) {
        Shape frame = new Shape(shape.get(0), shape.get(1), 1, shape.get(3), shape.get(4));
        try (NDManager drawn = scope.newSubManager()) {
            NDList frames = new NDList();
            for (int i = 0; i < shape.get(2); i++) {
                frames.add(TorchEngine.randn(frameSeed(seed, first + i), frame, drawn));
            }
            NDArray noise = NDArrays.concat(frames, 2);
            noise.attach(scope);
            return noise;
        }
    }

    /**
     * A seed for each frame, unlike those of its neighbours and of other clips: {@code seed + 1} is another clip, not this one
     * from its second frame on.
     *
     * @see <a href="https://prng.di.unimi.it/splitmix64.c">SplitMix64</a>
     */
    private static long frameSeed(long seed, int frame) {
        long z = seed + (frame + 1L) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
