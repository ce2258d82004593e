package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.adapter.Expert;
import org.patchreel.runtime.adapter.LoraFile;
import org.patchreel.runtime.adapter.LoraTargets;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.family.wan.text.PromptTokenizer;
import org.patchreel.runtime.family.wan.text.TextEncoder;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.runtime.family.wan.vision.ImageEncoder;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.sampler.SchedulerConfig;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.WeightFiles;

/** A checkpoint in memory: all components, checked against each other. For one thread at a time. */
final class WanCheckpoint implements AutoCloseable {
    private static final int TRAINING_TIMESTEPS = 1000;

    private final WanIndex index;
    // closed in the reverse order of loading
    private final Deque<AutoCloseable> loaded = new ArrayDeque<>();
    private final SchedulerConfig scheduler;
    private final Transformer transformer;
    private final Optional<Transformer> secondTransformer;
    private final VideoAutoencoder vae;
    private final @Nullable TextEncoder textEncoder;
    private final @Nullable PromptTokenizer tokenizer;
    private final Optional<ImageEncoder> imageEncoder;

    /**
     * Loads a checkpoint.
     *
     * @param index what it consists of
     * @param placement where to run it
     * @param grid the noise levels that UniPC visits
     * @throws IOException if a component is missing, damaged, or does not fit the others
     */
    WanCheckpoint(WanIndex index, Placement placement, TimestepGrid grid) throws IOException {
        this(index, placement, grid, SchedulerChoice.NONE);
    }

    /**
     * Loads a checkpoint whose scheduler is not that of its file.
     *
     * @param index see above
     * @param placement see above
     * @param grid see above
     * @param choice what is said of the scheduler beside its file
     * @throws IOException as above
     */
    WanCheckpoint(WanIndex index, Placement placement, TimestepGrid grid, SchedulerChoice choice) throws IOException {
        this.index = index;
        try {
            scheduler = SchedulerConfig.read(index.part(Component.SCHEDULER), grid, choice);
            if (index.has(Component.TEXT_ENCODER)) {
                tokenizer = opened(PromptTokenizer.open(index.files(Component.TOKENIZER)));
                textEncoder = opened(TextEncoder.load(index.files(Component.TEXT_ENCODER), placement));
            } else {
                tokenizer = null;
                textEncoder = null;
            }
            transformer = opened(Transformer.load(index.files(Component.TRANSFORMER), placement));
            secondTransformer = index.has(Component.TRANSFORMER_2)
                    ? Optional.of(opened(Transformer.load(index.files(Component.TRANSFORMER_2), placement)))
                    : Optional.empty();
            // as the releases run it: 16-bit decoding shows banding
            Placement exact = new Placement(placement.device(), Precision.FP32);
            vae = opened(VideoAutoencoder.load(index.files(Component.VAE), exact));
            imageEncoder = transformer.imageBranch() && index.has(Component.IMAGE_ENCODER)
                    ? Optional.of(opened(ImageEncoder.load(
                            index.part(Component.IMAGE_ENCODER), index.part(Component.IMAGE_PROCESSOR), exact)))
                    : Optional.empty();
            new CheckpointFit(
                            index,
                            transformer.config(),
                            secondTransformer.map(Transformer::config),
                            vae.config(),
                            Optional.ofNullable(textEncoder).map(TextEncoder::config),
                            imageEncoder.map(ImageEncoder::config))
                    .check();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T component) {
        loaded.push(component);
        return component;
    }

    WanIndex index() {
        return index;
    }

    SchedulerConfig scheduler() {
        return scheduler;
    }

    Transformer transformer() {
        return transformer;
    }

    Optional<Transformer> secondTransformer() {
        return secondTransformer;
    }

    /**
     * Changes the transformers by adapters, until this is called again.
     *
     * @param parts files of adapters, in their order
     * @return for the requester, a sentence for each file that has tensors without effect
     * @throws IOException if a file is damaged or does not fit; no adapter is in use then
     */
    Set<String> adapt(List<AdapterPart> parts) throws IOException {
        checkExperts(index, parts);
        Set<String> notes = new LinkedHashSet<>();
        try {
            notes.addAll(transformer.adapt(of(Expert.HIGH, parts)));
            if (secondTransformer.isPresent()) {
                notes.addAll(secondTransformer.get().adapt(of(Expert.LOW, parts)));
            }
            return notes;
        } catch (IOException | RuntimeException e) {
            transformer.adapt(List.of());
            if (secondTransformer.isPresent()) {
                secondTransformer.get().adapt(List.of());
            }
            throw e;
        }
    }

    /** Those that change an expert; of a single transformer, all. */
    private List<AdapterPart> of(Expert expert, List<AdapterPart> parts) {
        return secondTransformer.isEmpty()
                ? parts
                : parts.stream()
                        .filter(part -> part.expert() == expert || part.expert() == Expert.BOTH)
                        .toList();
    }

    /**
     * Checks adapters by the headers of their files, for both experts as they are of one kind.
     *
     * @param index of the checkpoint
     * @param parts files of adapters
     * @throws IOException if a file is damaged or does not fit
     */
    static void check(WanIndex index, List<AdapterPart> parts) throws IOException {
        if (parts.isEmpty()) {
            return;
        }
        checkExperts(index, parts);
        LoraTargets targets = targets(index);
        for (AdapterPart part : parts) {
            LoraFile.open(part.file(), targets).close();
        }
    }

    /** {@return what LoRAs may change of a checkpoint} */
    static LoraTargets targets(WanIndex index) throws IOException {
        ComponentFiles transformer = index.files(Component.TRANSFORMER);
        TransformerConfig config = TransformerConfig.of(transformer);
        try (WeightFiles files =
                WeightFiles.open(transformer.content(), "diffusion_pytorch_model", OriginalNames::transformer)) {
            return Transformer.targets(config, config.imageBranch(files.names()));
        }
    }

    /** A pair that was made for two experts says nothing to one. */
    private static void checkExperts(WanIndex index, List<AdapterPart> parts) throws CheckpointException {
        if (index.has(Component.TRANSFORMER_2)) {
            return;
        }
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i).adapter().equals(parts.get(i - 1).adapter())) {
                throw new CheckpointException(
                        "adapter " + parts.get(i).adapter().name()
                                + " has files for high and low noise levels, the model has one transformer for all");
            }
        }
    }

    /** The second expert works below this timestep; 0 if there is none. */
    double boundary() {
        return index.boundaryRatio().orElse(0) * TRAINING_TIMESTEPS;
    }

    VideoAutoencoder vae() {
        return vae;
    }

    /** For transformers with an image branch. */
    Optional<ImageEncoder> imageEncoder() {
        return imageEncoder;
    }

    TextEncoder textEncoder() {
        if (textEncoder == null) {
            throw new IllegalStateException(index.directory() + " has no text_encoder");
        }
        return textEncoder;
    }

    PromptTokenizer tokenizer() {
        if (tokenizer == null) {
            throw new IllegalStateException(index.directory() + " has no tokenizer");
        }
        return tokenizer;
    }

    /** Size of all weights in memory, in bytes. */
    long bytes() {
        return transformer.bytes()
                + secondTransformer.map(Transformer::bytes).orElse(0L)
                + vae.bytes()
                + imageEncoder.map(ImageEncoder::bytes).orElse(0L)
                + (textEncoder == null ? 0 : textEncoder.bytes());
    }

    @Override
    public void close() {
        while (!loaded.isEmpty()) {
            try {
                loaded.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot release " + index.directory(), e);
            }
        }
    }
}
