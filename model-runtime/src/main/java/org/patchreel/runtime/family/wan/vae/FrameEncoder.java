package org.patchreel.runtime.family.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.runtime.family.Tiling;

/** Encodes a clip in chunks of one frame, and then of as many as one latent frame stands for. */
final class FrameEncoder {
    private final VideoAutoencoder vae;
    private final Optional<Tiling> tiling;

    FrameEncoder(VideoAutoencoder vae, Optional<Tiling> tiling) {
        this.vae = vae;
        this.tiling = tiling;
    }

    /**
     * Mean and log variance of the posterior.
     *
     * @param video (1, 3, k·n+1, H, W) in [-1, 1], k frames for one latent frame
     * @param monitor asked before each tile whether to stop
     * @return (1, 2z, n+1, h, w)
     */
    NDArray moments(NDArray video, GenerationMonitor monitor, NDManager scope) throws GenerationCancelledException {
        long frames = video.getShape().get(2);
        int chunk = vae.config().scaleFactorTemporal();
        if ((frames - 1) % chunk != 0) {
            throw new IllegalArgumentException("a clip has " + chunk + "n+1 frames: " + frames);
        }
        int patch = vae.config().patchSize();
        NDArray input = patch == 1
                ? video
                : vae.script().call("patch").with(video).with(patch).tensor(scope);
        TileGrid grid = TileGrid.of(input, tiling, patch, vae.config().scaleFactorSpatial());
        try (TileMemories tiles = new TileMemories(vae, grid, TileMemories.Direction.ENCODE)) {
            NDList moments = new NDList();
            moments.add(tiles.next(input.get(":, :, 0:1"), monitor, scope));
            for (long frame = 1; frame < frames; frame += chunk) {
                moments.add(tiles.next(input.get(":, :, " + frame + ":" + (frame + chunk)), monitor, scope));
            }
            return NDArrays.concat(moments, 2);
        }
    }
}
