package org.patchreel.runtime.family.wan.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.adapter.LoraFile;
import org.patchreel.runtime.adapter.LoraTargets;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.torch.AppliedLora;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.torch.ScriptCall;
import org.patchreel.runtime.torch.ScriptCall.TensorAndList;
import org.patchreel.runtime.torch.ScriptModule;
import org.patchreel.runtime.torch.TensorDictionary;
import org.patchreel.runtime.torch.TensorList;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * The diffusion transformer, {@code WanTransformer3DModel}: latents cut into spacetime patches, self-attention among
 * them, cross-attention to the prompt and, in the image branch, to a conditioning image. Predicts the velocity of the
 * flow from data to noise. For one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/2212.09748">Peebles and Xie, Scalable Diffusion Models with Transformers</a>
 * @see <a href="https://arxiv.org/abs/2503.20314">Wan: Open and Advanced Large-Scale Video Generative Models</a>
 */
public final class Transformer implements AutoCloseable {
    private final TransformerConfig config;
    private final boolean imageBranch;
    private final Placement placement;
    private final ScriptModule script;
    private final TensorDictionary weights;
    private volatile @Nullable Adaptation adaptation;

    /**
     * What LoRAs make of the weights.
     *
     * @param parts the LoRAs
     * @param script that reads the weights
     * @param weights shared with those of the checkpoint where nothing is changed
     * @param notes for the requester, a sentence each
     */
    private record Adaptation(
            List<AdapterPart> parts, ScriptModule script, TensorDictionary weights, List<String> notes)
            implements AutoCloseable {
        @Override
        public void close() {
            weights.close();
            script.close();
        }
    }

    private Transformer(
            TransformerConfig config,
            boolean imageBranch,
            Placement placement,
            ScriptModule script,
            TensorDictionary weights) {
        this.config = config;
        this.imageBranch = imageBranch;
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
    public static Transformer load(Path directory, Placement placement) throws IOException {
        return load(ComponentFiles.in(directory), placement);
    }

    /**
     * The same of a component that may be a single file.
     *
     * @param component folder or file of the weights
     * @param placement see above
     * @throws IOException as above
     */
    public static Transformer load(ComponentFiles component, Placement placement) throws IOException {
        TransformerConfig config = TransformerConfig.of(component);
        try (WeightFiles files =
                WeightFiles.open(component.content(), "diffusion_pytorch_model", OriginalNames::transformer)) {
            boolean imageBranch = config.imageBranch(files.names());
            new ExpectedTensors(config.expectedTensors(imageBranch), TransformerConfig::isIgnored).verify(files);
            TensorDictionary weights = TensorDictionary.load(
                    files,
                    placement,
                    Transformer::staysInFloat32,
                    name -> !name.startsWith("patch_embedding."),
                    name -> placement.precision() == Precision.INT8 && isOfBlock(name));
            return new Transformer(
                    config,
                    imageBranch,
                    placement,
                    ScriptModule.load("transformer.py", "Transformer", Kernels.of(placement), weights),
                    weights);
        }
    }

    // As in the reference: _keep_in_fp32_modules of WanTransformer3DModel.
    private static boolean staysInFloat32(String name) {
        return name.contains("time_embedder")
                || name.contains("scale_shift_table")
                || name.contains("norm1.")
                || name.contains("norm2.")
                || name.contains("norm3.");
    }

    /** Nearly all weights; what is before and behind the blocks is small, and its errors are not corrected by later ones. */
    private static boolean isOfBlock(String name) {
        return name.startsWith("blocks.") || name.startsWith("vace_blocks.");
    }

    /** {@return the configuration} */
    public TransformerConfig config() {
        return config;
    }

    /** {@return whether it attends to the embedding of a conditioning image} */
    public boolean imageBranch() {
        return imageBranch;
    }

    /** {@return the size of the weights in memory, in bytes, those of LoRAs among them} */
    public long bytes() {
        return weights().bytes();
    }

    /**
     * Changes the weights by LoRAs, until this is called again. Those that are in use already are not read again.
     *
     * @param parts files, in the order in which they apply; none for the weights as they are
     * @return for the requester, a sentence for each file that has tensors without effect
     * @throws IOException if a file is damaged or does not fit; the weights are as they are then
     */
    public List<String> adapt(List<AdapterPart> parts) throws IOException {
        @Nullable Adaptation current = adaptation;
        if (current != null && current.parts.equals(parts)) {
            return current.notes;
        }
        adaptation = null;
        if (current != null) {
            current.close();
        }
        if (parts.isEmpty()) {
            return List.of();
        }
        List<LoraFile> open = new ArrayList<>();
        try {
            LoraTargets targets = targets(config, imageBranch);
            List<AppliedLora> loras = new ArrayList<>();
            List<String> notes = new ArrayList<>();
            for (AdapterPart part : parts) {
                LoraFile file = LoraFile.open(part.file(), targets);
                open.add(file);
                file.foreignLine().ifPresent(notes::add);
                loras.add(new AppliedLora(file, part.adapter().strength()));
            }
            TensorDictionary adapted = weights.adapted(loras, placement, Transformer::staysInFloat32);
            try {
                adaptation = new Adaptation(
                        List.copyOf(parts),
                        ScriptModule.loadAdapted("transformer.py", "Transformer", Kernels.of(placement), adapted),
                        adapted,
                        List.copyOf(notes));
            } catch (RuntimeException | Error e) {
                adapted.close();
                throw e;
            }
            return notes;
        } finally {
            for (LoraFile file : open) {
                file.close();
            }
        }
    }

    /**
     * What LoRAs may change.
     *
     * @param config of a transformer
     * @param imageBranch whether it has one
     */
    public static LoraTargets targets(TransformerConfig config, boolean imageBranch) {
        return new LoraTargets(
                config.expectedTensors(imageBranch),
                OriginalNames::transformerModule,
                OriginalNames::underscoredTransformerModule);
    }

    /**
     * What the tokens attend to: once for each prompt, the same in every step.
     *
     * @param text encoder states of the prompt, (B, K, text width)
     * @param image encoder states of the conditioning image, (B, N, image width); those of first and last frame stand in
     *     a batch of 2 if the checkpoint embeds their position
     * @param scope will own the result
     */
    public Context context(NDArray text, Optional<NDArray> image, NDManager scope) {
        NDArray prompt = script().call("embed_text").with(text).with(weights()).tensor(scope);
        int tokens = Math.toIntExact(prompt.getShape().get(1));
        if (image.isEmpty()) {
            return new Context(prompt, tokens);
        }
        NDArray picture =
                script().call("embed_image").with(image.get()).with(weights()).tensor(scope);
        return new Context(NDArrays.concat(new NDList(picture, prompt), 1), tokens);
    }

    /**
     * What the tokens attend to.
     *
     * @param embedding (B, N + K, D): image tokens, if any, before text tokens
     * @param textTokens K
     */
    public record Context(NDArray embedding, int textTokens) {

        /** {@return both as a batch, this one first} */
        public Context batchedWith(Context other) {
            return new Context(NDArrays.concat(new NDList(embedding, other.embedding)), textTokens);
        }
    }

    /**
     * Positions of the tokens of latents of a size.
     *
     * @param latents (B, C, F, H, W)
     * @param firstFrame position of their first frame in time, 0 at the beginning of a clip; a multiple of the patch
     * @param scope will own the result
     * @return for {@link #velocity}
     * @throws IllegalArgumentException if there are more patches along an axis than the checkpoint has positions for
     */
    public NDArray positions(Shape latents, int firstFrame, NDManager scope) {
        int first = firstFrame / config.patch().time();
        int frames =
                patches("frames", firstFrame + latents.get(2), config.patch().time()) - first;
        int rows = patches("rows", latents.get(3), config.patch().height());
        int columns = patches("columns", latents.get(4), config.patch().width());
        return RotaryEmbedding.table(config.headDim(), first, frames, rows, columns, scope);
    }

    private int patches(String axis, long latentSize, int patch) {
        long patches = latentSize / patch;
        if (patches > config.ropeMaxSeqLen()) {
            throw new IllegalArgumentException(
                    "the model has positions for " + config.ropeMaxSeqLen() + " patches of " + axis + ": " + patches);
        }
        return Math.toIntExact(patches);
    }

    /**
     * What a pass of the branch of VACE follows.
     *
     * @param latents of the condition, (B, C, F, H, W): frames that are kept, frames that are made anew or followed, mask
     * @param scales of the hints, one for each of the branch's blocks; 1 is what it was trained with
     */
    public record Control(NDArray latents, List<Double> scales) {}

    /**
     * One pass.
     *
     * @param latents (B, C, F, H, W); H and W multiples of the patch
     * @param control for a transformer with the branch of VACE
     * @param timesteps (B, 1), or (B, L) for a timestep of each token, 0 to 1000
     * @param context of the same batch size
     * @param positions of the latents
     * @param monitor asked before each layer whether to stop
     * @param scope will own the result
     * @return (B, C', F, H, W), float32
     * @throws GenerationCancelledException if the monitor said so
     */
    public NDArray velocity(
            NDArray latents,
            Optional<Control> control,
            NDArray timesteps,
            Context context,
            NDArray positions,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationCancelledException {
        try (NDManager work = scope.newSubManager()) {
            TensorAndList begun = patched(script().call("begin").with(latents).with(timesteps))
                    .with(config.freqDim())
                    .with(weights())
                    .tensorAndList(work);
            try (TensorList steering = begun.list()) {
                NDArray tokens = begun.tensor();
                Optional<Hints> hints = Optional.empty();
                if (control.isPresent()) {
                    hints = Optional.of(new Hints(control.get(), tokens, steering, context, positions, work));
                }
                for (int i = 0; i < config.layers(); i++) {
                    monitor.checkCancelled();
                    NDArray before = tokens;
                    tokens = layer("blocks." + i, before, steering, context, positions, work);
                    before.close();
                    if (hints.isPresent()) {
                        tokens = hints.get().behind(i, tokens);
                    }
                }
                Shape shape = latents.getShape();
                TransformerConfig.Patch patch = config.patch();
                return patched(script().call("end")
                                .with(tokens)
                                .with(steering)
                                .withInts(
                                        shape.get(2) / patch.time(),
                                        shape.get(3) / patch.height(),
                                        shape.get(4) / patch.width()))
                        .with(config.eps())
                        .with(weights())
                        .tensor(scope);
            }
        }
    }

    private ScriptCall patched(ScriptCall call) {
        TransformerConfig.Patch patch = config.patch();
        return call.withInts(patch.time(), patch.height(), patch.width());
    }

    private NDArray layer(
            String name, NDArray tokens, TensorList steering, Context context, NDArray positions, NDManager scope) {
        return script().call("layer")
                .with(tokens)
                .with(steering)
                .with(context.embedding())
                .with(context.textTokens())
                .with(positions)
                .with(name)
                .with(config.heads())
                .with(config.eps())
                .with(weights())
                .tensor(scope);
    }

    /**
     * The branch of VACE in one pass. Its blocks see each other's tokens and the embedded latents, but not what the layers
     * make of them: each block can wait for the layer that it moves, so that one hint is held at a time and not all.
     */
    private final class Hints {
        private final TransformerConfig.Vace vace;
        private final Control control;
        private final TensorList steering;
        private final Context context;
        private final NDArray positions;
        private final NDManager scope;
        private NDArray state;
        private int next;

        Hints(
                Control control,
                NDArray tokens,
                TensorList steering,
                Context context,
                NDArray positions,
                NDManager scope) {
            this.vace = config.vace()
                    .orElseThrow(() -> new IllegalArgumentException("the transformer has no branch for control"));
            if (control.scales().size() != vace.layers().size()) {
                throw new IllegalArgumentException(
                        vace.layers().size() + " hints with " + control.scales().size() + " scales");
            }
            this.control = control;
            this.steering = steering;
            this.context = context;
            this.positions = positions;
            this.scope = scope;
            this.state = patched(script().call("begin_control")
                            .with(control.latents())
                            .with(tokens))
                    .with(weights())
                    .tensor(scope);
        }

        /** {@return the tokens, moved by the hint of the layer that they come from, if it has one} */
        NDArray behind(int layer, NDArray tokens) {
            if (next == vace.layers().size() || vace.layers().get(next) != layer) {
                return tokens;
            }
            String name = "vace_blocks." + next;
            try (NDArray before = state;
                    NDArray unmoved = tokens) {
                state = layer(name, before, steering, context, positions, scope);
                return script().call("hint")
                        .with(unmoved)
                        .with(state)
                        .with(name)
                        .with(control.scales().get(next++))
                        .with(weights())
                        .tensor(scope);
            }
        }
    }

    ScriptModule script() {
        @Nullable Adaptation current = adaptation;
        return current == null ? script : current.script;
    }

    TensorDictionary weights() {
        @Nullable Adaptation current = adaptation;
        return current == null ? weights : current.weights;
    }

    @Override
    public void close() {
        @Nullable Adaptation current = adaptation;
        if (current != null) {
            current.close();
        }
        weights.close();
        script.close();
    }
}
