package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;

/** Tells the networks of the family by names and shapes of their tensors, as diffusers, the authors and others write them. */
final class WanPart {
    private static final List<Component> NETWORKS =
            List.of(Component.TRANSFORMER, Component.TRANSFORMER_2, Component.VAE, Component.TEXT_ENCODER);

    /** As Hugging Face's libraries name the files of weights that are split. */
    private static final Pattern SHARD = Pattern.compile(".*-\\d{5}-of-(\\d{5})\\.[a-z]+");

    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,4})\\..*");

    /** A network that was found, and what it is for people. */
    private record Network(Component component, String text) {}

    private WanPart() {}

    /**
     * Refuses components that are given as single files and hold something else.
     *
     * @throws IOException if a file holds another network, or cannot be read; the message names both
     */
    static void checkSingleFiles(WanIndex index) throws IOException {
        for (Component component : NETWORKS) {
            if (index.has(component) && index.files(component).single()) {
                checkSingleFile(component, index.part(component));
            }
        }
    }

    private static void checkSingleFile(Component component, Path file) throws IOException {
        String subject = component.key() + ": " + file;
        Matcher shard = SHARD.matcher(String.valueOf(file.getFileName()));
        if (shard.matches() && Integer.parseInt(shard.group(1)) > 1) {
            throw new CheckpointException(
                    subject + " is one of " + Integer.parseInt(shard.group(1)) + " files, expected the folder of all");
        }
        if (!WeightFiles.isWeightFile(file)) {
            throw new CheckpointException(subject + " ends with none of .safetensors, .gguf, .pth");
        }
        Map<String, TensorInfo> tensors;
        try (WeightFiles weights = WeightFiles.ofFile(file)) {
            tensors = Map.copyOf(weights.tensors());
        }
        Optional<Network> network = network(tensors);
        Component expected = component == Component.TRANSFORMER_2 ? Component.TRANSFORMER : component;
        if (network.isEmpty() || network.get().component != expected) {
            String found = network.isPresent()
                    ? "holds another network: " + network.get().text
                    : WeightFiles.isLora(file) ? "is a LoRA" : "has " + tensors.size() + " tensors of no known network";
            throw new CheckpointException(subject + " " + found);
        }
    }

    /**
     * {@return what it is, for people; empty if it is none of these}
     *
     * @param stored tensors by the names that a file gives them
     */
    static Optional<String> identify(Map<String, TensorInfo> stored) {
        return network(stored).map(Network::text);
    }

    private static Optional<Network> network(Map<String, TensorInfo> stored) {
        Optional<Network> transformer = transformer(renamed(stored, OriginalNames.transformer(stored.keySet())));
        if (transformer.isPresent()) {
            return transformer;
        }
        Map<String, TensorInfo> text = renamed(stored, OriginalNames.textEncoder(stored.keySet()));
        @Nullable TensorInfo embedding = text.get("shared.weight");
        if (embedding != null && text.keySet().stream().anyMatch(name -> name.contains("DenseReluDense.wi_1"))) {
            return Optional.of(new Network(Component.TEXT_ENCODER, "text encoder UMT5, width " + side(embedding, 1)));
        }
        Map<String, TensorInfo> vae = renamed(stored, OriginalNames.vae(stored.keySet()));
        @Nullable TensorInfo latents = vae.get("decoder.conv_in.weight");
        if (latents != null && latents.shape().size() == 5) {
            return Optional.of(new Network(
                    Component.VAE,
                    "video autoencoder, " + side(latents, 1) + " latent channels"
                            + (vae.containsKey("encoder.conv_in.weight") ? "" : ", without an encoder")));
        }
        return stored.keySet().stream().anyMatch(WanPart::isImageEncoders)
                ? Optional.of(new Network(Component.IMAGE_ENCODER, "image encoder CLIP"))
                : Optional.empty();
    }

    private static boolean isImageEncoders(String name) {
        return name.endsWith("embeddings.class_embedding")
                || name.equals("visual.cls_embedding")
                || name.endsWith("vision_model.embeddings.patch_embedding.weight");
    }

    private static Optional<Network> transformer(Map<String, TensorInfo> tensors) {
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
        return Optional.of(new Network(
                Component.TRANSFORMER,
                "Wan transformer, " + kind + ", " + side(patches, 1) + " channels in, width " + side(patches, 0) + ", "
                        + layers + " layers"));
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
