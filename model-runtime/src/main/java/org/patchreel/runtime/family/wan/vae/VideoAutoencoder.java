package org.patchreel.runtime.family.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.ScriptModule;
import org.patchreel.runtime.torch.TensorDictionary;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * The causal video autoencoder, {@code AutoencoderKLWan}: pixels to latents and back, one latent frame at a time, with
 * the memory of its causal convolutions carried from one to the next. The first latent frame stands for one frame, each
 * further one for as many as the configuration says, four in the published ones. For one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/2503.20314">Wan, section 4.1: Spatio-temporal variational autoencoder</a>
 */
public final class VideoAutoencoder implements AutoCloseable {
    private final VaeConfig config;
    private final Placement placement;
    private final ScriptModule script;
    private final TensorDictionary weights;

    private VideoAutoencoder(VaeConfig config, Placement placement, ScriptModule script, TensorDictionary weights) {
        this.config = config;
        this.placement = placement;
        this.script = script;
        this.weights = weights;
    }

    /**
     * Checks and loads a component directory.
     *
     * @param directory with {@code config.json} and the weights, named as in diffusers or as in the original release
     * @param placement where to run
     * @throws IOException if a file is missing or damaged, or the tensors are not those of the configuration
     */
    public static VideoAutoencoder load(Path directory, Placement placement) throws IOException {
        return load(ComponentFiles.in(directory), placement);
    }

    /**
     * The same of a component that may be a single file.
     *
     * @param component folder or file of the weights
     * @param placement see above
     * @throws IOException as above
     */
    public static VideoAutoencoder load(ComponentFiles component, Placement placement) throws IOException {
        return load(component, placement, Kernels.of(placement));
    }

    static VideoAutoencoder load(ComponentFiles component, Placement placement, Kernels kernels) throws IOException {
        VaeConfig config = VaeConfig.of(component);
        try (WeightFiles files = WeightFiles.open(component.content(), "diffusion_pytorch_model", OriginalNames::vae)) {
            new ExpectedTensors(config.expectedTensors(files.names()), name -> false).verify(files);
            TensorDictionary weights = TensorDictionary.load(files, placement, name -> false);
            return new VideoAutoencoder(config, placement, ScriptModule.load("vae.py", "Vae", kernels), weights);
        }
    }

    /** {@return the configuration} */
    public VaeConfig config() {
        return config;
    }

    /** {@return the size of the weights in memory, in bytes} */
    public long bytes() {
        return weights.bytes();
    }

    /**
     * Begins to decode a clip.
     *
     * @param size of its frames
     * @param tiling for frames larger than a tile
     * @return to be given one latent frame after the other; closed by the caller
     */
    public FrameDecoder decoder(FrameSize size, Optional<Tiling> tiling) {
        return new FrameDecoder(this, size, tiling);
    }

    /**
     * Begins to encode a clip.
     *
     * @param size of its frames
     * @param tiling for frames larger than a tile
     * @return to be given the frames of one latent frame after the other; closed by the caller
     */
    public FrameEncoder encoder(FrameSize size, Optional<Tiling> tiling) {
        return new FrameEncoder(this, size, tiling);
    }

    /** Latents as the sampler takes them. */
    NDArray normalise(NDArray latents, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            NDArray result =
                    latents.sub(perChannel(config.latentsMean(), work)).div(perChannel(config.latentsStd(), work));
            result.attach(scope);
            return result;
        }
    }

    /** Latents as the decoder's network takes them. */
    NDArray denormalise(NDArray latents, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            NDArray result =
                    latents.mul(perChannel(config.latentsStd(), work)).add(perChannel(config.latentsMean(), work));
            result.attach(scope);
            return result;
        }
    }

    private NDArray perChannel(List<Double> values, NDManager scope) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return scope.create(floats, new Shape(1, floats.length, 1, 1, 1)).toDevice(placement.device(), false);
    }

    ScriptModule script() {
        return script;
    }

    TensorDictionary weights() {
        return weights;
    }

    @Override
    public void close() {
        weights.close();
        script.close();
    }
}
