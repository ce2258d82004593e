package org.patchreel.runtime.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.torch.ScriptCall.TensorAndList;
import org.patchreel.runtime.torch.TensorList;

/** Runs the network on the tiles of one chunk after the other, keeping what each tile's convolutions remember. */
final class TileMemories implements AutoCloseable {
    private final VideoAutoencoder vae;
    private final TileGrid grid;
    private final String method;
    private final @Nullable TensorList[] memories;

    /** @param method of the script: with {@code _first} and {@code _next} appended */
    TileMemories(VideoAutoencoder vae, TileGrid grid, String method) {
        this.vae = vae;
        this.grid = grid;
        this.method = method;
        this.memories = new TensorList[grid.count()];
    }

    /** The network's result for the next chunk of frames, (B, C, T, H, W). */
    NDArray next(NDArray chunk, NDManager scope) {
        NDArray[] results = new NDArray[grid.count()];
        for (int i = 0; i < results.length; i++) {
            NDArray tile = grid.cut(chunk, i);
            TensorList memory = memories[i];
            TensorAndList both = memory == null
                    ? vae.script()
                            .call(method + "_first")
                            .with(tile)
                            .with(vae.weights())
                            .tensorAndList(scope)
                    : vae.script()
                            .call(method + "_next")
                            .with(tile)
                            .with(memory)
                            .with(vae.weights())
                            .tensorAndList(scope);
            memories[i] = both.list();
            if (memory != null) {
                memory.close();
            }
            results[i] = both.tensor();
        }
        return grid.join(results, vae.script(), scope);
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
