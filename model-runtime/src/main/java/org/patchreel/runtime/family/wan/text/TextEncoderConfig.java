package org.patchreel.runtime.family.wan.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.runtime.weights.TensorShapes;
import org.patchreel.runtime.weights.TensorSides;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * Dimensions of a UMT5 encoder, as its {@code config.json} gives them; what is absent there has the default value of
 * transformers' UMT5Config.
 *
 * @param dModel channels of a token
 * @param dKv channels of one attention head
 * @param dFf channels within a feed-forward layer
 * @param relativeAttentionNumBuckets buckets of distances, for both directions together
 * @param relativeAttentionMaxDistance tokens further apart than this share the last bucket
 * @param layerNormEpsilon of all norms
 * @param vocabSize rows of the embedding
 */
public record TextEncoderConfig(
        int dModel,
        int dKv,
        int dFf,
        int numLayers,
        int numHeads,
        int relativeAttentionNumBuckets,
        int relativeAttentionMaxDistance,
        double layerNormEpsilon,
        int vocabSize) {
    private static final int MAX_DISTANCE = 128;
    private static final double EPSILON = 1e-6;
    private static final int MAX_CHANNELS = 1 << 16;

    /** Reads {@code config.json}; tells the dimensions from the tensors of a single file that has none. */
    public static TextEncoderConfig of(ComponentFiles component) throws IOException {
        if (!component.unconfigured()) {
            return read(component.folder());
        }
        try (WeightFiles weights = WeightFiles.open(component.content(), "model", OriginalNames::textEncoder)) {
            return told(new TensorSides(weights));
        }
    }

    private static TextEncoderConfig told(TensorSides sides) throws CheckpointException {
        String attention = "encoder.block.0.layer.0.SelfAttention.";
        int inner = sides.of(attention + "q.weight", 0);
        int buckets = sides.of(attention + "relative_attention_bias.weight", 0);
        int heads = sides.of(attention + "relative_attention_bias.weight", 1);
        if (inner % heads != 0 || MAX_DISTANCE <= buckets / 4) {
            throw new CheckpointException(sides.weights().directory() + " needs a config.json: its " + heads
                    + " heads, " + inner + " channels wide, with " + buckets + " buckets of distances, are not UMT5's");
        }
        return new TextEncoderConfig(
                sides.of("shared.weight", 1),
                inner / heads,
                sides.of("encoder.block.0.layer.1.DenseReluDense.wi_0.weight", 0),
                sides.layers("encoder.block."),
                heads,
                buckets,
                MAX_DISTANCE,
                EPSILON,
                sides.of("shared.weight", 0));
    }

    /** Reads and checks {@code config.json}. */
    public static TextEncoderConfig read(Path componentDirectory) throws IOException {
        ConfigFile config = ConfigFile.ofWeights(componentDirectory.resolve("config.json"));
        checkArchitecture(config);
        TextEncoderConfig encoder = new TextEncoderConfig(
                config.integer("d_model", 512, 1, MAX_CHANNELS),
                config.integer("d_kv", 64, 1, 4096),
                config.integer("d_ff", 1024, 1, MAX_CHANNELS),
                config.integer("num_layers", 8, 1, 1000),
                config.integer("num_heads", 6, 1, 1024),
                config.integer("relative_attention_num_buckets", 32, 4, 4096),
                config.integer("relative_attention_max_distance", MAX_DISTANCE, 2, 1 << 20),
                config.number("layer_norm_epsilon", EPSILON, 0, 1),
                config.integer("vocab_size", 250112, 1, 1 << 24));
        // the buckets of a quarter count single distances, those beyond grow up to the maximum
        int single = encoder.relativeAttentionNumBuckets / 4;
        if (encoder.relativeAttentionMaxDistance <= single) {
            throw config.refused("relative_attention_max_distance", "expected more than " + single);
        }
        return encoder;
    }

    private static void checkArchitecture(ConfigFile config) throws CheckpointException {
        List<Optional<String>> architectures = config.texts("architectures");
        if (!architectures.isEmpty()
                && architectures.stream().flatMap(Optional::stream).noneMatch(name -> name.startsWith("UMT5"))) {
            throw config.refused("architectures", "expected UMT5EncoderModel");
        }
        if (!config.text("model_type").orElse("").equals("umt5")) {
            throw config.refused("model_type", "expected umt5");
        }
        if (!config.text("feed_forward_proj").orElse("gated-gelu").equals("gated-gelu")) {
            throw config.refused("feed_forward_proj", "expected gated-gelu");
        }
    }

    /** Names and shapes of all tensors, named as in transformers' UMT5EncoderModel; the embedding as {@code shared}. */
    public Map<String, List<Long>> expectedTensors() {
        TensorShapes tensors = new TensorShapes();
        int inner = numHeads * dKv;
        tensors.add("shared.weight", vocabSize, dModel);
        for (int i = 0; i < numLayers; i++) {
            String attention = "encoder.block." + i + ".layer.0.";
            tensors.add(attention + "layer_norm.weight", dModel);
            tensors.add(attention + "SelfAttention.q.weight", inner, dModel);
            tensors.add(attention + "SelfAttention.k.weight", inner, dModel);
            tensors.add(attention + "SelfAttention.v.weight", inner, dModel);
            tensors.add(attention + "SelfAttention.o.weight", dModel, inner);
            tensors.add(
                    attention + "SelfAttention.relative_attention_bias.weight", relativeAttentionNumBuckets, numHeads);
            String feedForward = "encoder.block." + i + ".layer.1.";
            tensors.add(feedForward + "layer_norm.weight", dModel);
            tensors.add(feedForward + "DenseReluDense.wi_0.weight", dFf, dModel);
            tensors.add(feedForward + "DenseReluDense.wi_1.weight", dFf, dModel);
            tensors.add(feedForward + "DenseReluDense.wo.weight", dModel, dFf);
        }
        tensors.add("encoder.final_layer_norm.weight", dModel);
        return tensors.asMap();
    }

    /** Whether a tensor may be there without being used: the decoder's, and the second name of the embedding. */
    public static boolean isIgnored(String tensorName) {
        return tensorName.startsWith("decoder.")
                || tensorName.startsWith("lm_head.")
                || tensorName.equals("encoder.embed_tokens.weight")
                // a tokenizer, as bytes, which ComfyUI puts beside the weights
                || tensorName.equals("spiece_model");
    }
}
