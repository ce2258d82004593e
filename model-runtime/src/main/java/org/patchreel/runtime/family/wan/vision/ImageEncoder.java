package org.patchreel.runtime.family.wan.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.ScriptModule;
import org.patchreel.runtime.torch.TensorDictionary;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * The image encoder of Wan 2.1 image-to-video, {@code CLIPVisionModel}: a picture becomes states that the transformer attends
 * to beside those of the prompt. For one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al., CLIP</a>
 */
public final class ImageEncoder implements AutoCloseable {
    private final ImageEncoderConfig config;
    private final ImageEncoderConfig.Normalisation normalisation;
    private final Placement placement;
    private final ScriptModule script;
    private final TensorDictionary weights;

    private ImageEncoder(
            ImageEncoderConfig config,
            ImageEncoderConfig.Normalisation normalisation,
            Placement placement,
            ScriptModule script,
            TensorDictionary weights) {
        this.config = config;
        this.normalisation = normalisation;
        this.placement = placement;
        this.script = script;
        this.weights = weights;
    }

    /**
     * Checks and loads the component directories.
     *
     * @param directory with {@code config.json} and the weights
     * @param processor with {@code preprocessor_config.json}
     * @param placement where to run
     * @throws IOException if a file is missing or damaged, or the tensors are not those of the configuration
     */
    public static ImageEncoder load(Path directory, Path processor, Placement placement) throws IOException {
        ImageEncoderConfig config = ImageEncoderConfig.read(directory);
        ImageEncoderConfig.Normalisation normalisation =
                ImageEncoderConfig.Normalisation.read(processor, config.imageSize());
        try (WeightFiles files = open(directory, config)) {
            TensorDictionary weights = TensorDictionary.load(files, placement, name -> false);
            return new ImageEncoder(
                    config,
                    normalisation,
                    placement,
                    ScriptModule.load("clip_vision.py", "Encoder", Kernels.of(placement)),
                    weights);
        }
    }

    /**
     * Checks the component directories, and reads no weights.
     *
     * @param directory with {@code config.json} and the weights
     * @param processor with {@code preprocessor_config.json}
     * @param used takes the weights, which are closed then
     * @return the dimensions
     * @throws IOException as {@link #load}
     */
    public static ImageEncoderConfig check(Path directory, Path processor, Consumer<WeightFiles> used)
            throws IOException {
        ImageEncoderConfig config = ImageEncoderConfig.read(directory);
        ImageEncoderConfig.Normalisation.read(processor, config.imageSize());
        try (WeightFiles files = open(directory, config)) {
            used.accept(files);
            return config;
        }
    }

    private static WeightFiles open(Path directory, ImageEncoderConfig config) throws IOException {
        WeightFiles files = WeightFiles.open(directory, "model", ImageEncoderConfig::renamed, AuthorsTensors::cut);
        try {
            new ExpectedTensors(config.expectedTensors(), ImageEncoderConfig::isIgnored).verify(files);
            return files;
        } catch (IOException | RuntimeException e) {
            try (files) {
                throw e;
            }
        }
    }

    /** {@return the size of the weights in memory, in bytes} */
    public long bytes() {
        return weights.bytes();
    }

    /** {@return the configuration} */
    public ImageEncoderConfig config() {
        return config;
    }

    /**
     * Encodes a picture: its middle, resized.
     *
     * @param picture (1, 3, H, W) of values from 0 to 255, float32
     * @param scope will own the result
     * @return states of the last layer but one, (1, N, width), float32
     */
    public NDArray encode(NDArray picture, NDManager scope) {
        try (NDManager work = scope.newSubManager(placement.device())) {
            return states(pixels(picture, work), scope);
        }
    }

    /** The picture as the network sees it, (1, 3, S, S). */
    NDArray pixels(NDArray picture, NDManager scope) {
        long height = picture.getShape().get(2);
        long width = picture.getShape().get(3);
        long side = config.imageSize();
        long shorter = Math.min(height, width);
        return script.call("pixels")
                .with(picture)
                .with(height == shorter ? side : side * height / shorter)
                .with(width == shorter ? side : side * width / shorter)
                .with(side)
                .with(colours(normalisation.mean(), scope))
                .with(colours(normalisation.std(), scope))
                .tensor(scope);
    }

    private static NDArray colours(List<Double> values, NDManager scope) {
        float[] colours = new float[values.size()];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = values.get(i).floatValue();
        }
        return scope.create(colours, new Shape(1, colours.length, 1, 1));
    }

    /** (1, 3, S, S) to (1, N, width). */
    NDArray states(NDArray pixels, NDManager scope) {
        return script.call("forward")
                .with(pixels)
                .with(config.imageSize())
                .with(config.patchSize())
                .with(config.numLayers() - 1)
                .with(config.numHeads())
                .with(config.layerNormEpsilon())
                .with(weights)
                .tensor(scope);
    }

    @Override
    public void close() {
        weights.close();
        script.close();
    }
}
