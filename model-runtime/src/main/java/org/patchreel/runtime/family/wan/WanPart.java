package org.patchreel.runtime.family.wan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.weights.TensorInfo;

/** Tells the networks of the family by names and shapes of their tensors, as diffusers, the authors and others write them. */
final class WanPart {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,4})\\..*");

    private WanPart() {}

    /**
     * {@return what it is, for people; empty if it is none of these}
     *
     * @param stored tensors by the names that a file gives them
     */
    static Optional<String> identify(Map<String, TensorInfo> stored) {
        Optional<String> transformer = transformer(renamed(stored, OriginalNames.transformer(stored.keySet())));
        if (transformer.isPresent()) {
            return transformer;
        }
        Map<String, TensorInfo> text = renamed(stored, OriginalNames.textEncoder(stored.keySet()));
        @Nullable TensorInfo embedding = text.get("shared.weight");
        if (embedding != null && text.keySet().stream().anyMatch(name -> name.contains("DenseReluDense.wi_1"))) {
            return Optional.of("text encoder UMT5, width " + side(embedding, 1));
        }
        Map<String, TensorInfo> vae = renamed(stored, OriginalNames.vae(stored.keySet()));
        @Nullable TensorInfo latents = vae.get("decoder.conv_in.weight");
        if (latents != null && latents.shape().size() == 5) {
            return Optional.of("video autoencoder, " + side(latents, 1) + " latent channels"
                    + (vae.containsKey("encoder.conv_in.weight") ? "" : ", without an encoder"));
        }
        return stored.keySet().stream().anyMatch(WanPart::isImageEncoders)
                ? Optional.of("image encoder CLIP")
                : Optional.empty();
    }

    private static boolean isImageEncoders(String name) {
        return name.endsWith("embeddings.class_embedding")
                || name.equals("visual.cls_embedding")
                || name.endsWith("vision_model.embeddings.patch_embedding.weight");
    }

    private static Optional<String> transformer(Map<String, TensorInfo> tensors) {
        @Nullable TensorInfo patches = tensors.get("patch_embedding.weight");
        if (patches == null || patches.shape().size() < 2 || !tensors.containsKey("blocks.0.attn1.to_q.bias")) {
            return Optional.empty();
        }
        int layers = 0;
        for (String name : tensors.keySet()) {
            Matcher block = BLOCK.matcher(name);
            if (block.matches()) {
                layers = Math.max(layers, Integer.parseInt(block.group(1)) + 1);
            }
        }
        boolean vace = tensors.containsKey("vace_patch_embedding.weight");
        boolean image = tensors.containsKey("blocks.0.attn2.add_k_proj.bias");
        boolean ends = tensors.containsKey("condition_embedder.image_embedder.pos_embed");
        String kind = vace
                ? "VACE"
                : ends
                        ? "first and last frame to video"
                        : image ? "image-to-video with an image encoder" : "no image encoder";
        return Optional.of("Wan transformer, " + kind + ", " + side(patches, 1) + " channels in, width "
                + side(patches, 0) + ", " + layers + " layers");
    }

    private static long side(TensorInfo tensor, int index) {
        List<Long> shape = tensor.shape();
        return shape.size() > index ? shape.get(index) : 0;
    }

    private static Map<String, TensorInfo> renamed(Map<String, TensorInfo> stored, Map<String, String> names) {
        Map<String, TensorInfo> renamed = new HashMap<>();
        stored.forEach((name, tensor) -> renamed.put(names.getOrDefault(name, name), tensor));
        return renamed;
    }
}
