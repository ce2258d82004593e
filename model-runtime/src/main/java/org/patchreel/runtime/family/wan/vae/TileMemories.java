package org.patchreel.runtime.family.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.torch.ScriptCall;
import org.patchreel.runtime.torch.ScriptCall.TensorAndList;
import org.patchreel.runtime.torch.TensorList;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/** Runs the network on the tiles of one chunk after the other, keeping what each tile's convolutions remember. */
final class TileMemories implements AutoCloseable {

    /** Which way the network runs. */
    enum Direction {
        ENCODE,
        DECODE
    }

    private final VideoAutoencoder vae;
    private final TileGrid grid;
    private final Direction direction;
    private final @Nullable TensorList[] memories;

    TileMemories(VideoAutoencoder vae, TileGrid grid, Direction direction) {
        this.vae = vae;
        this.grid = grid;
        this.direction = direction;
        this.memories = new TensorList[grid.count()];
    }

    /**
     * The network's result for the next chunk of frames, (B, C, T, H, W).
     *
     * @throws GenerationCancelledException if the monitor said so; the memories are of no use then
     */
    NDArray next(NDArray chunk, GenerationMonitor monitor, NDManager scope) throws GenerationCancelledException {
        NDArray[] results = new NDArray[grid.count()];
        for (int i = 0; i < results.length; i++) {
            results[i] = run(grid.cut(chunk, i, scope), i, monitor, scope);
        }
        return grid.join(results, vae.script(), scope);
    }

    private NDArray run(NDArray tile, int index, GenerationMonitor monitor, NDManager scope)
            throws GenerationCancelledException {
        boolean first = memories[index] == null;
        if (direction == Direction.ENCODE) {
            monitor.checkCancelled();
            return run("encode", tile, index, first, scope);
        }
        // in parts, between which cancellation is checked: an HD frame takes minutes on a CPU
        try (NDManager work = scope.newSubManager()) {
            monitor.checkCancelled();
            NDArray x = run("decode_in", tile, index, first, work);
            for (int block = 0; block < vae.config().dimMult().size(); block++) {
                monitor.checkCancelled();
                NDArray before = x;
                x = run("decode_block", before, index, first, work, block);
                before.close();
            }
            monitor.checkCancelled();
            return run("decode_out", x, index, first, scope);
        }
    }

    /** @param further arguments of the method, after the weights */
    private NDArray run(String method, NDArray x, int index, boolean first, NDManager scope, long... further) {
        TensorList memory = memories[index];
        if (memory == null) {
            memory = vae.script().call("no_memory").with(x).list();
            memories[index] = memory;
        }
        ScriptCall call =
                vae.script().call(method).with(x).with(memory).with(first).with(vae.weights());
        for (long argument : further) {
            call.with(argument);
        }
        TensorAndList both = call.tensorAndList(scope);
        memory.close();
        memories[index] = both.list();
        return both.tensor();
    }

    @Override
    public void close() {
        for (int i = 0; i < memories.length; i++) {
            TensorList memory = memories[i];
            if (memory != null) {
                memory.close();
                memories[i] = null;
            }
        }
    }
}
