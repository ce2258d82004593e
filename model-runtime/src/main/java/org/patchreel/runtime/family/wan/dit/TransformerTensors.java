package org.patchreel.runtime.family.wan.dit;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.patchreel.runtime.weights.TensorShapes;

/** Names and shapes of a Wan transformer's tensors, named as in diffusers' WanTransformer3DModel. */
final class TransformerTensors {
    private final TransformerConfig config;
    private final boolean imageBranch;
    private final int dim;
    private final TensorShapes tensors = new TensorShapes();

    TransformerTensors(TransformerConfig config, boolean imageBranch) {
        this.config = config;
        this.imageBranch = imageBranch;
        this.dim = config.hiddenDim();
    }

    Map<String, List<Long>> shapes() {
        TransformerConfig.Patch patch = config.patch();
        tensors.convolution("patch_embedding", dim, config.inChannels(), patch.time(), patch.height(), patch.width());
        conditionEmbedder("condition_embedder.");
        for (int i = 0; i < config.layers(); i++) {
            block("blocks." + i + ".");
        }
        config.vace().ifPresent(this::vace);
        tensors.add("scale_shift_table", 1, 2, dim);
        tensors.linear("proj_out", (long) config.outChannels() * patch.volume(), dim);
        return tensors.asMap();
    }

    private void vace(TransformerConfig.Vace vace) {
        TransformerConfig.Patch patch = config.patch();
        tensors.convolution(
                "vace_patch_embedding", dim, vace.inChannels(), patch.time(), patch.height(), patch.width());
        tensors.linear("vace_blocks.0.proj_in", dim, dim);
        for (int i = 0; i < vace.layers().size(); i++) {
            block("vace_blocks." + i + ".");
            tensors.linear("vace_blocks." + i + ".proj_out", dim, dim);
        }
    }

    private void conditionEmbedder(String prefix) {
        tensors.linear(prefix + "time_embedder.linear_1", dim, config.freqDim());
        tensors.linear(prefix + "time_embedder.linear_2", dim, dim);
        tensors.linear(prefix + "time_proj", 6L * dim, dim);
        tensors.linear(prefix + "text_embedder.linear_1", dim, config.textDim());
        tensors.linear(prefix + "text_embedder.linear_2", dim, dim);
        if (imageBranch) {
            imageEmbedder(prefix + "image_embedder.", required(config.imageDim(), "imageDim"));
        }
    }

    private void imageEmbedder(String prefix, int imageDim) {
        tensors.layerNorm(prefix + "norm1", imageDim);
        tensors.linear(prefix + "ff.net.0.proj", imageDim, imageDim);
        tensors.linear(prefix + "ff.net.2", dim, imageDim);
        tensors.layerNorm(prefix + "norm2", dim);
        config.posEmbedSeqLen().ifPresent(tokens -> tensors.add(prefix + "pos_embed", 1, tokens, imageDim));
    }

    private void block(String prefix) {
        attention(prefix + "attn1.");
        attention(prefix + "attn2.");
        if (imageBranch) {
            int imageKeyDim = required(config.addedKvProjDim(), "addedKvProjDim");
            tensors.linear(prefix + "attn2.add_k_proj", dim, imageKeyDim);
            tensors.linear(prefix + "attn2.add_v_proj", dim, imageKeyDim);
            tensors.add(prefix + "attn2.norm_added_k.weight", dim);
        }
        if (config.crossAttnNorm()) {
            tensors.layerNorm(prefix + "norm2", dim);
        }
        tensors.linear(prefix + "ffn.net.0.proj", config.ffnDim(), dim);
        tensors.linear(prefix + "ffn.net.2", dim, config.ffnDim());
        tensors.add(prefix + "scale_shift_table", 1, 6, dim);
    }

    private void attention(String prefix) {
        tensors.linear(prefix + "to_q", dim, dim);
        tensors.linear(prefix + "to_k", dim, dim);
        tensors.linear(prefix + "to_v", dim, dim);
        tensors.linear(prefix + "to_out.0", dim, dim);
        tensors.add(prefix + "norm_q.weight", dim);
        tensors.add(prefix + "norm_k.weight", dim);
    }

    private static int required(OptionalInt dimension, String name) {
        return dimension.orElseThrow(() -> new IllegalArgumentException("image branch without " + name));
    }
}
