package org.patchreel.runtime.family.wan.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.runtime.weights.TensorShapes;

/**
 * Dimensions of a CLIP vision tower, as its {@code config.json} gives them; what is absent there has the default value of
 * transformers' CLIPVisionConfig.
 *
 * @param hiddenSize channels of a token
 * @param intermediateSize channels within a feed-forward layer
 * @param imageSize side of the pictures, in pixels; a multiple of the patch's
 * @param patchSize side of a patch, in pixels
 * @param layerNormEpsilon of all norms
 */
public record ImageEncoderConfig(
        int hiddenSize,
        int intermediateSize,
        int numLayers,
        int numHeads,
        int imageSize,
        int patchSize,
        double layerNormEpsilon) {
    private static final int MAX_CHANNELS = 1 << 16;
    private static final String PREFIX = "vision_model.";

    /** Reads and checks {@code config.json}. */
    public static ImageEncoderConfig read(Path componentDirectory) throws IOException {
        ConfigFile config = ConfigFile.ofWeights(componentDirectory.resolve("config.json"));
        if (!config.text("model_type").orElse("").equals("clip_vision_model")) {
            throw config.refused("model_type", "expected clip_vision_model");
        }
        if (!config.text("hidden_act").orElse("quick_gelu").equals("gelu")) {
            throw config.refused("hidden_act", "expected gelu");
        }
        ImageEncoderConfig encoder = new ImageEncoderConfig(
                config.integer("hidden_size", 768, 1, MAX_CHANNELS),
                config.integer("intermediate_size", 3072, 1, MAX_CHANNELS),
                config.integer("num_hidden_layers", 12, 2, 1000),
                config.integer("num_attention_heads", 12, 1, 1024),
                config.integer("image_size", 224, 1, 4096),
                config.integer("patch_size", 32, 1, 4096),
                config.number("layer_norm_eps", 1e-5, 0, 1));
        if (encoder.imageSize % encoder.patchSize != 0) {
            throw config.refused("patch_size", "expected a divisor of image_size " + encoder.imageSize);
        }
        if (encoder.hiddenSize % encoder.numHeads != 0) {
            throw config.refused("num_attention_heads", "expected a divisor of hidden_size " + encoder.hiddenSize);
        }
        return encoder;
    }

    /** {@return tokens of a picture, with the class token} */
    public int tokens() {
        int patches = imageSize / patchSize;
        return patches * patches + 1;
    }

    /** Names and shapes of all tensors that are used, named as in transformers' CLIPVisionModel since version 5. */
    public Map<String, List<Long>> expectedTensors() {
        TensorShapes tensors = new TensorShapes();
        tensors.add("embeddings.class_embedding", hiddenSize);
        tensors.add("embeddings.patch_embedding.weight", hiddenSize, 3, patchSize, patchSize);
        tensors.add("embeddings.position_embedding.weight", tokens(), hiddenSize);
        tensors.layerNorm("pre_layrnorm", hiddenSize);
        for (int i = 0; i < numLayers; i++) {
            String layer = "encoder.layers." + i + ".";
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                tensors.linear(layer + "self_attn." + projection, hiddenSize, hiddenSize);
            }
            tensors.layerNorm(layer + "layer_norm1", hiddenSize);
            tensors.layerNorm(layer + "layer_norm2", hiddenSize);
            tensors.linear(layer + "mlp.fc1", intermediateSize, hiddenSize);
            tensors.linear(layer + "mlp.fc2", hiddenSize, intermediateSize);
        }
        return tensors.asMap();
    }

    /** Whether a tensor may be there without being used: what follows the last layer, and what older files have. */
    public static boolean isIgnored(String tensorName) {
        return tensorName.startsWith("post_layernorm.")
                || tensorName.equals("embeddings.position_ids")
                || tensorName.startsWith("visual_projection.");
    }

    /** The names that files have which were written by transformers before version 5. */
    public static Map<String, String> renamed(Set<String> found) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (String name : found) {
            if (name.startsWith(PREFIX)) {
                renamed.put(name, name.substring(PREFIX.length()));
            }
        }
        return renamed;
    }

    /**
     * How pictures become pixels, from {@code preprocessor_config.json}.
     *
     * @param mean of each colour, subtracted
     * @param std of each colour, by which the rest is divided
     */
    public record Normalisation(List<Double> mean, List<Double> std) {

        /** OpenAI's, which all CLIP towers have whose file says nothing. */
        private static final Normalisation DEFAULT = new Normalisation(
                List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

        /** Reads and checks the file: it is resized and cut to the encoder's size, bicubic, and normalised. */
        static Normalisation read(Path directory, int imageSize) throws IOException {
            ConfigFile config = ConfigFile.read(directory.resolve("preprocessor_config.json"));
            for (String step : List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize")) {
                if (!config.flag(step, true)) {
                    throw config.refused(step, "expected true");
                }
            }
            if (config.integer("resample", 3, 0, 10) != 3) {
                throw config.refused("resample", "expected 3 (bicubic)");
            }
            requireSize(config, "size", "shortest_edge", imageSize);
            requireSize(config, "crop_size", "height", imageSize);
            requireSize(config, "crop_size", "width", imageSize);
            return new Normalisation(
                    colours(config, "image_mean", DEFAULT.mean), colours(config, "image_std", DEFAULT.std));
        }

        private static void requireSize(ConfigFile config, String key, String part, int imageSize)
                throws CheckpointException {
            Optional<ConfigFile> size = config.object(key);
            if (size.isPresent() && size.get().integer(part, imageSize, 1, 4096) != imageSize) {
                throw config.refused(key, "expected " + part + " " + imageSize + ", the image encoder's image_size");
            }
        }

        private static List<Double> colours(ConfigFile config, String key, List<Double> absent)
                throws CheckpointException {
            List<Double> values = config.numbers(key, absent, 0, 255);
            if (values.size() != 3 || (key.equals("image_std") && values.contains(0.0))) {
                throw config.refused(key, "expected three numbers");
            }
            return values;
        }
    }
}
