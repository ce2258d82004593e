package org.patchreel.impl.generator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.PromptLanguage;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.VideoModel;

/** Goes through the stages of a model and makes grey frames; a test may act at any of its points. */
class FakeModel implements VideoModel {

    /** Something that happens at a point of the generation. */
    interface Act {
        void at(String point) throws GenerationException, GenerationCancelledException;
    }

    volatile Optional<String> problem = Optional.empty();
    final List<ModelTask> tasks = new ArrayList<>();
    private final ModelDescriptor descriptor;
    private final Act act;
    int missingFrames;

    FakeModel(ModelDescriptor descriptor, Act act) {
        this.descriptor = descriptor;
        this.act = act;
    }

    FakeModel(ModelDescriptor descriptor) {
        this(descriptor, point -> {});
    }

    static ModelDescriptor describe(String name, int stride, VideoFormat nativeFormat, ImageConditioning image) {
        return describe(name, stride, nativeFormat, image, Set.of(), PromptLanguage.ANY);
    }

    /** A model that follows all that there is to follow. */
    static ModelDescriptor guided(String name, VideoFormat nativeFormat) {
        return describe(
                name,
                16,
                nativeFormat,
                ImageConditioning.OPTIONAL,
                EnumSet.allOf(ModelCapabilities.Ability.class),
                PromptLanguage.ANY);
    }

    private static ModelDescriptor describe(
            String name,
            int stride,
            VideoFormat nativeFormat,
            ImageConditioning image,
            Set<ModelCapabilities.Ability> abilities,
            PromptLanguage language) {
        return new ModelDescriptor(
                name,
                "a test",
                "cpu",
                "fp32",
                Optional.of(new ModelCapabilities(
                        "Wan 2.1 text-to-video",
                        1000,
                        ModelLicense.UNKNOWN,
                        new FrameGrid(stride, 4, 81),
                        new ModelDefaults(nativeFormat, new FrameSize(320, 320), 20, 3.0, "blurred"),
                        image,
                        abilities,
                        language)));
    }

    static ModelDescriptor starter() {
        return starter(PromptLanguage.ANY);
    }

    static ModelDescriptor starter(PromptLanguage language) {
        return describe("starter", 16, new VideoFormat(96, 96, 17, 8), ImageConditioning.NONE, Set.of(), language);
    }

    @Override
    public ModelDescriptor descriptor() {
        return descriptor;
    }

    /** The starter with adapters. */
    static ModelDescriptor adaptable(String... adapters) {
        ModelDescriptor starter = starter();
        return new ModelDescriptor(
                starter.name(),
                starter.source(),
                starter.device(),
                starter.precision(),
                starter.capabilities().map(known -> known.withAdapters(List.of(adapters))));
    }

    @Override
    public List<AdapterFile> adapterFiles(List<Adapter> adapters) {
        return adapters.stream()
                .map(adapter ->
                        new AdapterFile(adapter, new WeightFile(adapter.name() + ".safetensors", "cd".repeat(32))))
                .toList();
    }

    @Override
    public ModelHealth health() {
        var weights = new ModelDescriptor.WeightDigest(
                List.of(new WeightFile("vae/diffusion_pytorch_model.safetensors", "ab".repeat(32))));
        return new ModelHealth(
                problem.isPresent() ? ModelHealth.Status.UNAVAILABLE : ModelHealth.Status.LOADED,
                "cpu, 2 threads",
                Optional.empty(),
                Optional.of(weights),
                0,
                problem,
                List.of());
    }

    @Override
    public SamplingPlan plan(ModelTask task) {
        int steps = task.sampling().steps();
        return new SamplingPlan(SamplingPlan.Method.ROLLING, 3, 17, 4, steps, 3 * steps);
    }

    @Override
    public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        tasks.add(task);
        if (work.isPresent()) {
            try {
                Files.writeString(Files.createDirectories(work.get()).resolve("window-0"), "latents");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        VideoFormat format = task.format();
        for (Stage stage : List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.SAMPLING)) {
            monitor.progress(new GenerationProgress(stage, 0, 1));
            act.at(stage.label());
            monitor.checkCancelled();
            monitor.progress(new GenerationProgress(stage, 1, 1));
        }
        int count = format.frameCount() - missingFrames;
        for (int i = 0; i < count; i++) {
            monitor.progress(new GenerationProgress(Stage.DECODING, i, format.frameCount()));
            act.at("frame " + i);
            monitor.checkCancelled();
            try {
                frames.accept(new VideoFrame(
                        format.width(), format.height(), ByteBuffer.allocate(3 * format.width() * format.height())));
            } catch (IOException e) {
                throw new GenerationException(Reason.INTERNAL, "a sink failed, says the model", e);
            }
        }
        monitor.progress(new GenerationProgress(Stage.DECODING, format.frameCount(), format.frameCount()));
    }
}
