package org.patchreel.runtime.family.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.torch.ScriptModule;

/**
 * How a frame is cut into tiles and how their results are joined. All in the units of the network's input or output.
 *
 * @param rows of tiles
 * @param columns of tiles
 * @param inputSize height and width of a tile on the way in; tiles at the lower and right edge are smaller
 * @param inputStride their distance
 * @param overlap of two results, in which they fade into each other
 * @param outputStride what of each result is kept
 * @param outputHeight of the joined frame
 * @param outputWidth of the joined frame
 */
record TileGrid(
        int rows,
        int columns,
        int inputSize,
        int inputStride,
        int overlap,
        int outputStride,
        int outputHeight,
        int outputWidth) {

    private static final TileGrid WHOLE = new TileGrid(1, 1, 0, 0, 0, 0, 0, 0);

    /**
     * Tiles of a frame, or one tile that is all of it if there is no tiling or the frame is no larger than a tile.
     *
     * @param size of a frame in pixels
     * @param tiling in pixels
     * @param pixelsIn pixels that one unit of the way in stands for, along each side
     * @param pixelsOut likewise on the way out
     */
    static TileGrid of(FrameSize size, Optional<Tiling> tiling, int pixelsIn, int pixelsOut) {
        if (tiling.isEmpty()) {
            return WHOLE;
        }
        int height = size.height() / pixelsIn;
        int width = size.width() / pixelsIn;
        Tiling in = tiling.get().dividedBy(pixelsIn);
        if (height <= in.size() && width <= in.size()) {
            return WHOLE;
        }
        Tiling out = tiling.get().dividedBy(pixelsOut);
        return new TileGrid(
                (height + in.stride() - 1) / in.stride(),
                (width + in.stride() - 1) / in.stride(),
                in.size(),
                in.stride(),
                out.size() - out.stride(),
                out.stride(),
                (int) ((long) height * out.size() / in.size()),
                (int) ((long) width * out.size() / in.size()));
    }

    int count() {
        return rows * columns;
    }

    /** Cuts tile {@code index}, row by row, out of (B, C, T, H, W), or gives the frames if they are the only tile. */
    NDArray cut(NDArray frames, int index, NDManager scope) {
        if (count() == 1) {
            return frames;
        }
        int top = index / columns * inputStride;
        int left = index % columns * inputStride;
        long bottom = Math.min(frames.getShape().get(3), top + inputSize);
        long right = Math.min(frames.getShape().get(4), left + inputSize);
        NDArray tile = frames.get(":, :, :, " + top + ":" + bottom + ", " + left + ":" + right);
        tile.attach(scope);
        return tile;
    }

    /** Joins the results: each fades in from the one above it, then from the one to its left, and is cropped. */
    NDArray join(NDArray[] results, ScriptModule script, NDManager scope) {
        if (count() == 1) {
            return results[0];
        }
        NDList joinedRows = new NDList();
        for (int row = 0; row < rows; row++) {
            NDList joined = new NDList();
            for (int column = 0; column < columns; column++) {
                int i = row * columns + column;
                if (row > 0) {
                    results[i] = blend(script, results[i - columns], results[i], 3, scope);
                }
                if (column > 0) {
                    results[i] = blend(script, results[i - 1], results[i], 4, scope);
                }
                joined.add(crop(results[i], outputStride, outputStride));
            }
            joinedRows.add(NDArrays.concat(joined, 4));
        }
        return crop(NDArrays.concat(joinedRows, 3), outputHeight, outputWidth);
    }

    private NDArray blend(ScriptModule script, NDArray before, NDArray tile, int dimension, NDManager scope) {
        return script.call("blend")
                .with(before)
                .with(tile)
                .with(overlap)
                .with(dimension)
                .tensor(scope);
    }

    private static NDArray crop(NDArray tile, int height, int width) {
        long h = Math.min(height, tile.getShape().get(3));
        long w = Math.min(width, tile.getShape().get(4));
        return tile.get(":, :, :, :" + h + ", :" + w);
    }
}
