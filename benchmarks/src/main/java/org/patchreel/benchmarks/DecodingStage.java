package org.patchreel.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.runtime.family.wan.vae.FrameDecoder;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/**
 * A clip decoded from normalised latents, latent frame by latent frame, and joined as the reference joins it. Nothing is
 * prepared.
 */
final class DecodingStage implements Stage {
    private final VideoAutoencoder vae;
    private final NDArray latents;

    /**
     * Loads the autoencoder.
     *
     * @param directory of the component
     * @param inputs latents (1, z, F, h, w)
     */
    DecodingStage(Path directory, NDList inputs) throws IOException {
        latents = inputs.get("latents");
        vae = VideoAutoencoder.load(directory, Placement.CPU);
    }

    @Override
    public void prepare(NDManager scope) {}

    @Override
    public NDArray run(NDManager scope) throws Exception {
        Shape shape = latents.getShape();
        int stride = vae.config().scaleFactorSpatial();
        FrameSize size = new FrameSize(Math.toIntExact(shape.get(4) * stride), Math.toIntExact(shape.get(3) * stride));
        try (NDManager work = scope.newSubManager();
                FrameDecoder decoder = vae.decoder(size, Optional.empty())) {
            NDList frames = new NDList();
            for (int i = 0; i < shape.get(2); i++) {
                NDArray latent = latents.get(":, :, " + i + ":" + (i + 1));
                latent.attach(work);
                frames.add(decoder.next(latent, GenerationMonitor.UNWATCHED, work));
            }
            NDArray clip = NDArrays.concat(frames, 2);
            clip.attach(scope);
            return clip;
        }
    }

    @Override
    public void close() {
        vae.close();
    }
}
