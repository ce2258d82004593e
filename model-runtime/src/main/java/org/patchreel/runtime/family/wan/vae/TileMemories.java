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
            results[i] = run(grid.cut(chunk, i), i, monitor, scope);
        }
        return grid.join(results, vae.script(), scope);
    }

    private NDArray run(NDArray tile, int index, GenerationMonitor monitor, NDManager scope)
            throws GenerationCancelledException {
        boolean first = memories[index] == null;
        if (direction == Direction.ENCODE) {
            monitor.checkCancelled();
            return run(vae.script().call("encode"), tile, index, first, scope, -1);
        }
        // in parts: a frame in HD takes a processor minutes
        try (NDManager work = scope.newSubManager()) {
            monitor.checkCancelled();
            NDArray x = run(vae.script().call("decode_in"), tile, index, first, work, -1);
            for (int block = 0; block < vae.config().dimMult().size(); block++) {
                monitor.checkCancelled();
                NDArray before = x;
                x = run(vae.script().call("decode_block"), before, index, first, work, block);
                before.close();
            }
            monitor.checkCancelled();
            return run(vae.script().call("decode_out"), x, index, first, scope, -1);
        }
    }

    /** @param block the last argument, or negative if the method has none */
    private NDArray run(ScriptCall call, NDArray x, int index, boolean first, NDManager scope, int block) {
        TensorList memory = memories[index];
        if (memory == null) {
            memory = vae.script().call("no_memory").with(x).list();
            memories[index] = memory;
        }
        call.with(x).with(memory).with(first).with(vae.weights());
        TensorAndList both = (block < 0 ? call : call.with(block)).tensorAndList(scope);
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
