package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.family.wan.WanIndex.Pipeline;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.family.wan.text.PromptTokenizer;
import org.patchreel.runtime.family.wan.text.TextEncoderConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.family.wan.vision.ImageEncoder;
import org.patchreel.runtime.family.wan.vision.ImageEncoderConfig;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.sampler.SchedulerConfig;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * What can be told of a checkpoint from its configuration files and the headers of its weights: that it will load, and
 * which files it is loaded from. No weights are read and no native library is loaded.
 *
 * @param weights the files that are used, in the order of their paths
 * @param unused weight files that are not, relative to the checkpoint, each with what it is
 * @param encodesImages whether the autoencoder has an encoder
 * @param memory of the weights when they are loaded, in bytes
 */
record CheckpointInspection(List<Path> weights, List<String> unused, boolean encodesImages, long memory) {

    /**
     * Inspects a checkpoint.
     *
     * @param index what it consists of
     * @param options how it is going to run
     * @param scheduler what is said of it beside its file
     * @throws IOException if it will not load; the message names the file and what is wrong with it
     */
    static CheckpointInspection of(WanIndex index, RuntimeOptions options, SchedulerChoice scheduler)
            throws IOException {
        requireAll(index);
        SchedulerConfig.read(index.part(Component.SCHEDULER), options.grid(), scheduler);
        PromptTokenizer.check(index.files(Component.TOKENIZER));
        Used used = new Used(options.precision());
        TextEncoderConfig textEncoder = textEncoder(index.files(Component.TEXT_ENCODER), used);
        Optional<ImageEncoderConfig> imageEncoder = Optional.empty();
        Inspected transformer = transformer(index.files(Component.TRANSFORMER), used);
        if (transformer.imageBranch()) {
            imageEncoder = Optional.of(ImageEncoder.check(
                    index.part(Component.IMAGE_ENCODER), index.part(Component.IMAGE_PROCESSOR), used::addExact));
        }
        Optional<TransformerConfig> second = index.has(Component.TRANSFORMER_2)
                ? Optional.of(
                        transformer(index.files(Component.TRANSFORMER_2), used).config())
                : Optional.empty();
        VaeConfig vae = VaeConfig.of(index.files(Component.VAE));
        boolean encodesImages = encodesImages(index.part(Component.VAE), vae, used);
        if (index.pipeline() != Pipeline.TEXT_TO_VIDEO && !encodesImages) {
            throw new CheckpointException(index.part(Component.VAE) + " has no encoder, which "
                    + (index.pipeline() == Pipeline.VACE ? "VACE" : "image-to-video") + " needs");
        }
        new CheckpointFit(index, transformer.config(), second, vae, Optional.of(textEncoder), imageEncoder).check();
        used.files.sort(null);
        return new CheckpointInspection(List.copyOf(used.files), unused(index, used.files), encodesImages, used.memory);
    }

    /** Names all components that are missing at once. */
    private static void requireAll(WanIndex index) throws CheckpointException {
        List<String> missing = Stream.of(
                        Component.SCHEDULER,
                        Component.TOKENIZER,
                        Component.TEXT_ENCODER,
                        Component.TRANSFORMER,
                        Component.VAE)
                .filter(component -> !index.has(component))
                .map(Component::key)
                .toList();
        if (!missing.isEmpty()) {
            String checkpoint = "checkpoint " + index.directory() + " has no ";
            throw new CheckpointException(
                    checkpoint + String.join(", no ", missing),
                    missing.stream().map(key -> checkpoint + key).toList());
        }
    }

    /** Files that are loaded, and what they take then. */
    private static final class Used {
        private static final int EXACT = 4;

        final Precision precision;
        final List<Path> files = new ArrayList<>();
        long memory;

        Used(Precision precision) {
            this.precision = precision;
        }

        void add(WeightFiles weights) {
            files.addAll(weights.files());
            memory += weights.memoryBytes(precision == Precision.BF16 ? 2 : EXACT, true);
        }

        void addTransformer(WeightFiles weights) {
            if (precision != Precision.INT8) {
                add(weights);
                return;
            }
            files.addAll(weights.files());
            // as if all were matrices of blocks: hardly anything is not
            memory += weights.memoryBytes(1, false);
        }

        void addExact(WeightFiles weights) {
            files.addAll(weights.files());
            memory += weights.memoryBytes(EXACT, false);
        }
    }

    /** A transformer, and whether it attends to the embedding of a picture. */
    private record Inspected(TransformerConfig config, boolean imageBranch) {}

    private static Inspected transformer(ComponentFiles component, Used used) throws IOException {
        TransformerConfig config = TransformerConfig.of(component);
        try (WeightFiles files =
                WeightFiles.open(component.content(), "diffusion_pytorch_model", OriginalNames::transformer)) {
            boolean imageBranch = config.imageBranch(files.names());
            new ExpectedTensors(config.expectedTensors(imageBranch), TransformerConfig::isIgnored).verify(files);
            used.addTransformer(files);
            return new Inspected(config, imageBranch);
        }
    }

    private static TextEncoderConfig textEncoder(ComponentFiles component, Used used) throws IOException {
        TextEncoderConfig config = TextEncoderConfig.of(component);
        try (WeightFiles files = WeightFiles.open(component.content(), "model", OriginalNames::textEncoder)) {
            new ExpectedTensors(config.expectedTensors(), TextEncoderConfig::isIgnored).verify(files);
            used.add(files);
            return config;
        }
    }

    private static boolean encodesImages(Path content, VaeConfig config, Used used) throws IOException {
        try (WeightFiles files = WeightFiles.open(content, "diffusion_pytorch_model", OriginalNames::vae)) {
            Set<String> names = files.names();
            new ExpectedTensors(config.expectedTensors(names), name -> false).verify(files);
            used.addExact(files);
            return VaeConfig.hasEncoder(names);
        }
    }

    private static List<String> unused(WanIndex index, List<Path> used) throws IOException {
        List<Path> folders = new ArrayList<>(List.of(index.directory()));
        for (Component component : Component.values()) {
            if (index.has(component) && Files.isDirectory(index.part(component))) {
                folders.add(index.part(component));
            }
        }
        List<String> unused = new ArrayList<>();
        for (Path folder : folders) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, WeightFiles::isWeightFile)) {
                for (Path file : files) {
                    if (!used.contains(file)) {
                        Path shown = file.startsWith(index.directory())
                                ? index.directory().relativize(file)
                                : file;
                        unused.add(shown + (WeightFiles.isLora(file) ? " (LoRA)" : ""));
                    }
                }
            }
        }
        unused.sort(null);
        return List.copyOf(unused);
    }
}
