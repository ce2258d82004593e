package org.patchreel.runtime.family.wan.dit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.runtime.weights.TensorSides;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * Dimensions of a Wan diffusion transformer, as its {@code config.json} gives them; what is absent there has the value
 * of the 14B text-to-video model.
 *
 * @param patch size of a patch in the latent video
 * @param heads of each attention
 * @param headDim channels of one head; even
 * @param inChannels of the latent video, with mask and image latents where the model takes them
 * @param outChannels of the predicted velocity
 * @param textDim channels of the text encoder's output
 * @param freqDim channels of the sinusoidal timestep embedding; even
 * @param ffnDim channels within a feed-forward layer
 * @param layers number of blocks
 * @param crossAttnNorm whether the input of the cross-attention passes a layer norm with weights
 * @param eps of all norms
 * @param imageDim channels of the image encoder's output; only for the image branch
 * @param addedKvProjDim input channels of the image branch's key and value projections
 * @param ropeMaxSeqLen maximum number of patches along one axis
 * @param posEmbedSeqLen image tokens of first and last frame together, for models that embed their position
 * @param vace the branch that follows references and clips, for models that have one
 * @see <a href="https://arxiv.org/abs/2503.20314">Wan: Open and Advanced Large-Scale Video Generative Models</a>
 */
public record TransformerConfig(
        Patch patch,
        int heads,
        int headDim,
        int inChannels,
        int outChannels,
        int textDim,
        int freqDim,
        int ffnDim,
        int layers,
        boolean crossAttnNorm,
        double eps,
        OptionalInt imageDim,
        OptionalInt addedKvProjDim,
        int ropeMaxSeqLen,
        OptionalInt posEmbedSeqLen,
        Optional<Vace> vace) {
    private static final int MAX_CHANNELS = 1 << 16;
    private static final int MAX_HIDDEN = 1 << 18;
    private static final int MAX_SEQUENCE = 1 << 20;
    /** Of every release: the width of a layer tells the number of heads by it. */
    private static final int HEAD_DIM = 128;

    private static final int POSITIONS = 1024;
    private static final double EPS = 1e-6;
    private static final String QK_NORM = "rms_norm_across_heads";

    private static final String CLASS = "WanTransformer3DModel";
    private static final String VACE_CLASS = "WanVACETransformer3DModel";

    /**
     * The branch of VACE: blocks of its own, of which each moves the tokens behind a layer.
     *
     * @param inChannels of the condition: latents of what is kept, of what is made anew or followed, and the mask
     * @param layers that are followed by a hint, in their order; the first is layer 0
     * @see <a href="https://arxiv.org/abs/2503.07598">Jiang et al., VACE: All-in-One Video Creation and Editing</a>
     */
    public record Vace(int inChannels, List<Integer> layers) {
        public Vace {
            layers = List.copyOf(layers);
        }
    }

    /** Latent frames, rows and columns that make one token. */
    public record Patch(int time, int height, int width) {
        /** Latent pixels in a patch. */
        public int volume() {
            return time * height * width;
        }
    }

    /** Reads {@code config.json}; tells the dimensions from the tensors of a single file that has none. */
    public static TransformerConfig of(ComponentFiles component) throws IOException {
        if (!component.unconfigured()) {
            return read(component.folder());
        }
        try (WeightFiles weights =
                WeightFiles.open(component.content(), "diffusion_pytorch_model", OriginalNames::transformer)) {
            return told(new TensorSides(weights));
        }
    }

    private static TransformerConfig told(TensorSides sides) throws CheckpointException {
        String patches = "patch_embedding.weight";
        Patch patch = new Patch(sides.of(patches, 2), sides.of(patches, 3), sides.of(patches, 4));
        int width = sides.of(patches, 0);
        int outputs = sides.of("proj_out.weight", 0);
        if (width % HEAD_DIM != 0 || patch.volume() > outputs || outputs % patch.volume() != 0) {
            throw new CheckpointException(sides.weights().directory()
                    + " needs a config.json: its transformer, of width " + width + " and with " + outputs
                    + " outputs, is none of the releases'");
        }
        int layers = sides.layers("blocks.");
        String embedder = "condition_embedder.";
        return new TransformerConfig(
                patch,
                width / HEAD_DIM,
                HEAD_DIM,
                sides.of(patches, 1),
                outputs / patch.volume(),
                sides.of(embedder + "text_embedder.linear_1.weight", 1),
                sides.of(embedder + "time_embedder.linear_1.weight", 1),
                sides.of("blocks.0.ffn.net.0.proj.weight", 0),
                layers,
                sides.optional("blocks.0.norm2.weight", 0).isPresent(),
                EPS,
                sides.optional(embedder + "image_embedder.norm1.weight", 0),
                sides.optional("blocks.0.attn2.add_k_proj.weight", 1),
                POSITIONS,
                sides.optional(embedder + "image_embedder.pos_embed", 1),
                vace(sides, layers));
    }

    /** The hints follow layers at equal distances, in every release. */
    private static Optional<Vace> vace(TensorSides sides, int layers) throws CheckpointException {
        OptionalInt channels = sides.optional("vace_patch_embedding.weight", 1);
        if (channels.isEmpty()) {
            return Optional.empty();
        }
        int hints = sides.layers("vace_blocks.");
        if (layers % hints != 0) {
            throw new CheckpointException(sides.weights().directory() + " needs a config.json: its " + hints
                    + " blocks of VACE do not divide its " + layers + " layers evenly");
        }
        int distance = layers / hints;
        return Optional.of(new Vace(
                channels.getAsInt(),
                IntStream.range(0, hints).mapToObj(hint -> hint * distance).toList()));
    }

    /** Reads and checks {@code config.json}. */
    public static TransformerConfig read(Path componentDirectory) throws IOException {
        ConfigFile config = ConfigFile.ofWeights(componentDirectory.resolve("config.json"));
        boolean vace = config.className(CLASS, VACE_CLASS).equals(VACE_CLASS);
        Optional<String> qkNorm = config.text("qk_norm");
        if (qkNorm.isPresent() && !qkNorm.get().equals(QK_NORM)) {
            throw config.refused("qk_norm", "expected " + QK_NORM);
        }
        List<Integer> patch = config.integers("patch_size", List.of(1, 2, 2), 1, 16);
        if (patch.size() != 3) {
            throw config.refused("patch_size", "expected three numbers");
        }
        // rotary embedding turns pairs of channels, at least one pair for each axis
        int headDim = even(config, "attention_head_dim", HEAD_DIM, 6, 1024);
        int inChannels = config.integer("in_channels", 16, 1, MAX_CHANNELS);
        int layers = config.integer("num_layers", 40, 1, 1000);
        return new TransformerConfig(
                new Patch(patch.get(0), patch.get(1), patch.get(2)),
                config.integer("num_attention_heads", 40, 1, 256),
                headDim,
                inChannels,
                config.integer("out_channels", inChannels, 1, MAX_CHANNELS),
                config.integer("text_dim", 4096, 1, MAX_CHANNELS),
                even(config, "freq_dim", 256, 4, MAX_CHANNELS),
                config.integer("ffn_dim", 13824, 1, MAX_HIDDEN),
                layers,
                config.flag("cross_attn_norm", true),
                config.number("eps", EPS, 0, 1),
                config.optionalInteger("image_dim", 1, MAX_CHANNELS),
                config.optionalInteger("added_kv_proj_dim", 1, MAX_HIDDEN),
                config.integer("rope_max_seq_len", POSITIONS, 1, MAX_SEQUENCE),
                config.optionalInteger("pos_embed_seq_len", 1, MAX_SEQUENCE),
                vace ? Optional.of(vace(config, layers)) : Optional.empty());
    }

    private static Vace vace(ConfigFile config, int layers) throws CheckpointException {
        List<Integer> hinted = config.integers("vace_layers", List.of(0, 5, 10, 15, 20, 25, 30, 35), 0, layers - 1);
        boolean ascending = true;
        for (int i = 1; i < hinted.size(); i++) {
            ascending &= hinted.get(i - 1) < hinted.get(i);
        }
        if (hinted.isEmpty() || hinted.get(0) != 0 || !ascending) {
            throw config.refused("vace_layers", "expected 0 and further layers in their order");
        }
        return new Vace(config.integer("vace_in_channels", 96, 1, MAX_CHANNELS), hinted);
    }

    private static int even(ConfigFile config, String key, int absent, int min, int max) throws CheckpointException {
        int value = config.integer(key, absent, min, max);
        if (value % 2 != 0) {
            throw config.refused(key, "expected an even number");
        }
        return value;
    }

    /** Channels of a token: all heads side by side. */
    public int hiddenDim() {
        return heads * headDim;
    }

    /**
     * Whether the weights contain the branch that attends to an image encoder's tokens. Checkpoints exist whose
     * {@code image_dim} says otherwise: the weights decide.
     *
     * @throws CheckpointException if they contain it and this configuration does not give its dimensions
     */
    public boolean imageBranch(Set<String> tensorNames) throws CheckpointException {
        Optional<String> evidence = tensorNames.stream()
                .filter(name ->
                        name.startsWith("condition_embedder.image_embedder.") || name.contains(".attn2.add_k_proj."))
                .findFirst();
        if (evidence.isPresent() && (imageDim.isEmpty() || addedKvProjDim.isEmpty())) {
            throw new CheckpointException("transformer has the tensor " + evidence.get()
                    + " of an image branch, its config.json lacks image_dim or added_kv_proj_dim");
        }
        return evidence.isPresent();
    }

    /**
     * Names and shapes of all tensors, named as in diffusers.
     *
     * @throws IllegalArgumentException if the image branch is asked for and its dimensions are unknown
     */
    public Map<String, List<Long>> expectedTensors(boolean imageBranch) {
        return new TransformerTensors(this, imageBranch).shapes();
    }

    /** Whether a tensor may be there without being used: some releases carry a norm of a projection that has none. */
    public static boolean isIgnored(String tensorName) {
        return tensorName.contains("norm_added_q");
    }
}
