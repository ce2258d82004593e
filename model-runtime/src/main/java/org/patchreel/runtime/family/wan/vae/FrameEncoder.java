package org.patchreel.runtime.family.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.torch.FiniteNumbers;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * Encodes a clip, given the frames of one latent frame after the other: its first frame, then as many as the temporal factor
 * says. What it holds does not depend on the length of the clip. For one clip and one thread.
 */
public final class FrameEncoder implements AutoCloseable {
    private final VideoAutoencoder vae;
    private final TileMemories tiles;
    private int encoded;

    FrameEncoder(VideoAutoencoder vae, FrameSize size, Optional<Tiling> tiling) {
        this.vae = vae;
        VaeConfig config = vae.config();
        this.tiles = new TileMemories(
                vae,
                TileGrid.of(size, tiling, config.patchSize(), config.scaleFactorSpatial()),
                TileMemories.Direction.ENCODE);
    }

    /**
     * Encodes the frames of the next latent frame, as the mode of the posterior.
     *
     * @param frames (1, 3, T, H, W) in [-1, 1], float32; T is 1 for the first latent frame, then the temporal factor
     * @param monitor asked before each tile whether to stop
     * @param scope will own the result
     * @return (1, z, 1, h, w), normalised
     * @throws IllegalArgumentException if there are more or fewer frames
     * @throws GenerationException with {@link GenerationException.Reason#NOT_FINITE} if the network computed NaN or
     *     infinity
     * @throws GenerationCancelledException if the monitor said so; the encoder is of no use then
     */
    public NDArray next(NDArray frames, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        try (NDManager work = scope.newSubManager()) {
            NDArray moments = moments(frames, monitor, work);
            FiniteNumbers.require(moments, "the autoencoder's encoder in latent frame " + encoded);
            return vae.normalise(moments.get(":, :" + vae.config().zDim()), scope);
        }
    }

    /** Mean and log variance of the posterior, (1, 2z, 1, h, w). */
    NDArray moments(NDArray frames, GenerationMonitor monitor, NDManager scope) throws GenerationCancelledException {
        long expected = encoded == 0 ? 1 : vae.config().scaleFactorTemporal();
        long given = frames.getShape().get(2);
        if (given != expected) {
            throw new IllegalArgumentException(
                    "latent frame " + (encoded + 1) + " stands for " + expected + " frames, not " + given);
        }
        int patch = vae.config().patchSize();
        NDArray input = patch == 1
                ? frames
                : vae.script().call("patch").with(frames).with(patch).tensor(scope);
        NDArray moments = tiles.next(input, monitor, scope);
        encoded++;
        return moments;
    }

    @Override
    public void close() {
        tiles.close();
    }
}
