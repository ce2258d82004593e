package org.patchreel.runtime.family.wan;

import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.text.TextEncoderConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.family.wan.vision.ImageEncoderConfig;
import org.patchreel.runtime.weights.CheckpointException;

/**
 * The components of a checkpoint, which were made for each other or were not.
 *
 * @param index what the checkpoint consists of
 * @param transformer the first expert
 * @param secondTransformer the second, if there are two
 * @param vae the autoencoder
 * @param textEncoder empty for a checkpoint without one
 * @param imageEncoder empty for a checkpoint without one
 */
record CheckpointFit(
        WanIndex index,
        TransformerConfig transformer,
        Optional<TransformerConfig> secondTransformer,
        VaeConfig vae,
        Optional<TextEncoderConfig> textEncoder,
        Optional<ImageEncoderConfig> imageEncoder) {

    /** Refuses components that do not fit each other, naming both sides and their values. */
    void check() throws CheckpointException {
        Path directory = index.directory();
        if (secondTransformer.isPresent() && index.boundaryRatio().isEmpty()) {
            throw new CheckpointException(
                    directory + " has a transformer_2 and its model_index.json no boundary_ratio");
        }
        if (secondTransformer.isEmpty() && index.boundaryRatio().isPresent()) {
            throw new CheckpointException(directory + " has a boundary_ratio in model_index.json and no transformer_2");
        }
        int z = vae.zDim();
        boolean channels = index.pipeline() == WanIndex.Pipeline.IMAGE_TO_VIDEO && !index.expandTimesteps();
        int expected = channels ? 2 * z + vae.scaleFactorTemporal() : z;
        require("transformer's in_channels", transformer.inChannels(), expected, "the VAE's latents");
        require("transformer's out_channels", transformer.outChannels(), z, "the VAE's latents");
        boolean vace = index.pipeline() == WanIndex.Pipeline.VACE;
        if (vace != transformer.vace().isPresent()) {
            throw new CheckpointException(directory
                    + (vace
                            ? ": a VACE pipeline with a transformer of another kind"
                            : ": a VACE transformer in a pipeline of another kind"));
        }
        if (transformer.vace().isPresent()) {
            int cell = vae.scaleFactorSpatial() * vae.scaleFactorSpatial(); // pixels of the mask for each latent one
            require(
                    "transformer's vace_in_channels",
                    transformer.vace().get().inChannels(),
                    2 * z + cell,
                    "the VAE's latents and the mask");
        }
        if (textEncoder.isPresent()) {
            require(
                    "transformer's text_dim",
                    transformer.textDim(),
                    textEncoder.get().dModel(),
                    "the text encoder");
        }
        if (imageEncoder.isPresent() && transformer.imageDim().isPresent()) {
            require(
                    "transformer's image_dim",
                    transformer.imageDim().getAsInt(),
                    imageEncoder.get().hiddenSize(),
                    "the image encoder");
        }
        if (imageEncoder.isPresent() && transformer.posEmbedSeqLen().isPresent()) {
            require(
                    "transformer's pos_embed_seq_len",
                    transformer.posEmbedSeqLen().getAsInt(),
                    2 * imageEncoder.get().tokens(),
                    "two pictures of the image encoder");
        }
        if (secondTransformer.isPresent() && !secondTransformer.get().equals(transformer)) {
            throw new CheckpointException(
                    directory + ": transformer_2 is not of the transformer's kind: " + secondTransformer.get());
        }
    }

    private void require(String what, int found, int expected, String other) throws CheckpointException {
        if (found != expected) {
            throw new CheckpointException(
                    index.directory() + ": " + what + " is " + found + ", " + other + " need " + expected);
        }
    }
}
