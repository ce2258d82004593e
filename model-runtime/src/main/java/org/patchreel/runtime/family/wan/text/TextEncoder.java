package org.patchreel.runtime.family.wan.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.ScriptModule;
import org.patchreel.runtime.torch.TensorDictionary;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * The text encoder, {@code UMT5EncoderModel}: tokens of a prompt become states that the transformer attends to. For one
 * thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/2304.09151">Chung et al., UniMax</a>
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al., T5</a>
 */
public final class TextEncoder implements AutoCloseable {
    private final TextEncoderConfig config;
    private final Placement placement;
    private final ScriptModule script;
    private final TensorDictionary weights;

    private TextEncoder(TextEncoderConfig config, Placement placement, ScriptModule script, TensorDictionary weights) {
        this.config = config;
        this.placement = placement;
        this.script = script;
        this.weights = weights;
    }

    /**
     * Checks and loads a component directory.
     *
     * @param directory with {@code config.json} and the weights
     * @param placement where to run
     * @throws IOException if a file is missing or damaged, or the tensors are not those of the configuration
     */
    public static TextEncoder load(Path directory, Placement placement) throws IOException {
        return load(ComponentFiles.in(directory), placement);
    }

    /**
     * The same of a component that may be a single file.
     *
     * @param component folder or file of the weights
     * @param placement see above
     * @throws IOException as above
     */
    public static TextEncoder load(ComponentFiles component, Placement placement) throws IOException {
        TextEncoderConfig config = TextEncoderConfig.of(component);
        try (WeightFiles files = WeightFiles.open(component.content(), "model", OriginalNames::textEncoder)) {
            new ExpectedTensors(config.expectedTensors(), TextEncoderConfig::isIgnored).verify(files);
            // the reference keeps the feed-forward's last projection in float32: it overflows in 16 bits
            TensorDictionary weights = TensorDictionary.load(
                    files,
                    placement,
                    name -> name.endsWith(".wo.weight"),
                    name -> name.startsWith("encoder.block.") && !name.endsWith(".relative_attention_bias.weight"));
            return new TextEncoder(
                    config,
                    placement,
                    ScriptModule.load("umt5.py", "Encoder", Kernels.of(placement), weights),
                    weights);
        }
    }

    /** {@return the size of the weights in memory, in bytes} */
    public long bytes() {
        return weights.bytes();
    }

    /** {@return the configuration} */
    public TextEncoderConfig config() {
        return config;
    }

    /**
     * Encodes one prompt.
     *
     * @param tokens its IDs, padded to the length K that the transformer was trained with
     * @param scope will own the result
     * @return (1, K, width), float32; rows of padding are zero, and the transformer attends to them as such
     * @throws CheckpointException if the tokenizer knows more tokens than the encoder
     */
    public NDArray encode(TokenIds tokens, NDManager scope) throws CheckpointException {
        for (long id : tokens.ids()) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new CheckpointException(
                        "the tokenizer gave token " + id + ", the text encoder's vocabulary has " + config.vocabSize());
            }
        }
        Shape shape = new Shape(1, tokens.ids().length);
        try (NDManager inputs = scope.newSubManager(placement.device())) {
            NDArray ids = inputs.create(tokens.ids(), shape);
            NDArray mask = inputs.create(tokens.attentionMask(), shape);
            return run("forward", ids, mask, scope);
        }
    }

    /** Runs the script's {@code forward}, or {@code states} which leaves rows of padding as they are. */
    NDArray run(String method, NDArray ids, NDArray mask, NDManager scope) {
        return script.call(method)
                .with(ids)
                .with(mask)
                .with(config.numLayers())
                .with(config.numHeads())
                .with(config.relativeAttentionNumBuckets())
                .with(config.relativeAttentionMaxDistance())
                .with(config.layerNormEpsilon())
                .with(weights)
                .tensor(scope);
    }

    ScriptModule script() {
        return script;
    }

    @Override
    public void close() {
        weights.close();
        script.close();
    }
}
