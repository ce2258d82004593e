package org.patchreel.runtime.family.wan.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The position of each token in time, height and width as rotations of its attention heads' channels. Of a head's d
 * channels, 2·⌊d/6⌋ turn with the row, as many with the column and the rest with the latent frame.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al., RoFormer: Rotary Position Embedding</a>
 */
final class RotaryEmbedding {
    private static final double THETA = 10_000;

    private RotaryEmbedding() {}

    /**
     * Cosine and sine of each angle, computed in float64 as the reference does.
     *
     * @param firstFrame position of the first frame
     * @return (frames·rows·columns, d/2, 2), float32
     */
    static NDArray table(int headDim, int firstFrame, int frames, int rows, int columns, NDManager manager) {
        int spatial = headDim / 6; // pairs of channels
        int temporal = headDim / 2 - 2 * spatial;
        float[] table = new float[Math.multiplyExact(Math.multiplyExact(frames, rows * columns), headDim)];
        int at = 0;
        for (int frame = firstFrame; frame < firstFrame + frames; frame++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    at = rotate(table, at, frame, temporal);
                    at = rotate(table, at, row, spatial);
                    at = rotate(table, at, column, spatial);
                }
            }
        }
        return manager.create(table, new Shape((long) frames * rows * columns, headDim / 2, 2));
    }

    private static int rotate(float[] table, int at, int position, int pairs) {
        for (int i = 0; i < pairs; i++) {
            double angle = position / Math.pow(THETA, (double) i / pairs);
            table[at++] = (float) Math.cos(angle);
            table[at++] = (float) Math.sin(angle);
        }
        return at;
    }
}
