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
 * Decodes a clip, given one latent frame after the other. What it holds does not depend on the length of the clip. For one
 * clip and one thread.
 */
public final class FrameDecoder implements AutoCloseable {
    private final VideoAutoencoder vae;
    private final TileMemories tiles;
    private int decoded;

    FrameDecoder(VideoAutoencoder vae, FrameSize size, Optional<Tiling> tiling) {
        this.vae = vae;
        VaeConfig config = vae.config();
        this.tiles = new TileMemories(
                vae,
                TileGrid.of(size, tiling, config.scaleFactorSpatial(), config.patchSize()),
                TileMemories.Direction.DECODE);
    }

    /**
     * Decodes the next latent frame.
     *
     * @param latent (1, z, 1, h, w) as it leaves the sampler: normalised
     * @param monitor asked within each tile whether to stop
     * @param scope will own the result
     * @return (1, 3, T, H, W) in [-1, 1], float32; T is 1 for the first latent frame, then the temporal factor
     * @throws GenerationException with {@link GenerationException.Reason#NOT_FINITE} if the network computed NaN or
     *     infinity
     * @throws GenerationCancelledException if the monitor said so; the decoder is of no use then
     */
    public NDArray next(NDArray latent, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        try (NDManager work = scope.newSubManager()) {
            NDArray pixels = tiles.next(vae.denormalise(latent, work), monitor, work);
            decoded++;
            FiniteNumbers.require(pixels, "the autoencoder's decoder in latent frame " + decoded);
            if (vae.config().patchSize() > 1) {
                pixels = vae.script()
                        .call("unpatch")
                        .with(pixels)
                        .with(vae.config().patchSize())
                        .tensor(work);
            }
            NDArray clamped = pixels.clip(-1, 1);
            clamped.attach(scope);
            return clamped;
        }
    }

    /**
     * Converts decoded pixels to bytes.
     *
     * @param pixels as {@link #next} gives them
     * @param scope will own the result
     * @return (T, H, W, 3), uint8
     */
    public NDArray toBytes(NDArray pixels, NDManager scope) {
        return vae.script().call("to_bytes").with(pixels).tensor(scope);
    }

    @Override
    public void close() {
        tiles.close();
    }
}
