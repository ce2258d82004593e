package org.patchreel.runtime.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Decodes one latent frame after the other. What it holds does not depend on the length of the clip. */
public final class FrameDecoder implements AutoCloseable {
    private final VideoAutoencoder vae;
    private final NDArray latents;
    private final TileMemories tiles;
    private final int latentFrames;
    private int next;

    FrameDecoder(VideoAutoencoder vae, NDArray latents, Optional<Tiling> tiling) {
        this.vae = vae;
        this.latents = latents;
        this.latentFrames = Math.toIntExact(latents.getShape().get(2));
        VaeConfig config = vae.config();
        this.tiles = new TileMemories(
                vae, TileGrid.of(latents, tiling, config.scaleFactorSpatial(), config.patchSize()), "decode");
    }

    /** {@return whether latent frames are left} */
    public boolean hasNext() {
        return next < latentFrames;
    }

    /**
     * Decodes the next latent frame.
     *
     * @param scope will own the result
     * @return (1, 3, T, H, W) in [-1, 1], float32; T is 1 for the first latent frame, then the temporal factor
     */
    public NDArray next(NDManager scope) {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + latentFrames + " latent frames are decoded");
        }
        try (NDManager work = scope.newSubManager()) {
            NDArray latent = latents.get(":, :, " + next + ":" + (next + 1));
            latent.attach(work);
            NDArray pixels = tiles.next(vae.denormalise(latent, work), work);
            if (vae.config().patchSize() > 1) {
                pixels = vae.script()
                        .call("unpatch")
                        .with(pixels)
                        .with(vae.config().patchSize())
                        .tensor(work);
            }
            next++;
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
