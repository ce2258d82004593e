package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.adapter.LoraFile;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.family.ModelFamily;
import org.patchreel.runtime.family.ModelSummary;
import org.patchreel.runtime.family.Resident;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.family.wan.WanIndex.Pipeline;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities.Ability;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelTask;

/**
 * Wan 2.1 and 2.2: text- and image-to-video and VACE, with one transformer or with two experts.
 *
 * @see <a href="https://github.com/Wan-Video/Wan2.2">Wan</a>
 */
public final class WanFamily implements ModelFamily {

    @Override
    public List<String> pipelines() {
        return Pipeline.classNames();
    }

    @Override
    public ModelSummary describe(ModelIndex file, RuntimeOptions options) throws IOException {
        WanIndex index = WanIndex.of(file);
        WanPart.checkSingleFiles(index);
        FrameGrid positions = positions(
                TransformerConfig.of(index.files(Component.TRANSFORMER)), VaeConfig.of(index.files(Component.VAE)));
        GenerationDefaults defaults = GenerationDefaults.read(index, positions, options.sampling());
        FrameGrid grid = grid(positions, defaults);
        boolean encodesImages = true;
        long memory = 0;
        ModelSummary.Weights weights;
        try {
            CheckpointInspection inspection = CheckpointInspection.of(index, options, defaults.scheduler());
            weights = new ModelSummary.Weights(inspection.weights(), inspection.unused(), Optional.empty());
            encodesImages = inspection.encodesImages();
            memory = inspection.memory();
        } catch (IOException e) {
            CheckpointException fault = e instanceof CheckpointException known
                    ? known
                    : new CheckpointException(CheckpointException.describe(e), e);
            weights = new ModelSummary.Weights(allWeights(index), List.of(), Optional.of(fault));
        }
        return new ModelSummary(
                kind(index),
                grid,
                defaults.forRequests(),
                encodesImages ? imageConditioning(index) : ImageConditioning.NONE,
                index.pipeline() == Pipeline.VACE ? EnumSet.allOf(Ability.class) : Set.of(),
                weights,
                PromptTerms.read(index),
                defaults.fixedSteps(),
                new ModelSummary.Memory(
                        memory,
                        WorkingMemory.of(
                                TransformerConfig.of(index.files(Component.TRANSFORMER)),
                                VaeConfig.of(index.files(Component.VAE)),
                                defaults,
                                options)));
    }

    @Override
    public SamplingPlan plan(ModelIndex file, ModelSummary summary, ModelTask task)
            throws IOException, GenerationException {
        WanIndex index = WanIndex.of(file);
        int steps = task.sampling().steps();
        if (summary.fixedSteps().isPresent() && summary.fixedSteps().getAsInt() != steps) {
            throw new GenerationException(
                    Reason.UNSUPPORTED,
                    "the model is sampled at " + summary.fixedSteps().getAsInt()
                            + " given timesteps, steps must be as many: " + steps);
        }
        WindowPlan plan = WindowPlan.of(index, summary.grid(), task);
        // each window but the last would lack the frame that it ends with
        if (plan.method() == Method.CHAINED
                && TransformerConfig.of(index.files(Component.TRANSFORMER))
                        .posEmbedSeqLen()
                        .isPresent()) {
            throw new GenerationException(
                    Reason.UNSUPPORTED,
                    "the model makes frames between a first and a last one, at most "
                            + summary.grid().windowFrames() + " with them: "
                            + task.format().frameCount());
        }
        return plan.summary(summary.grid(), task.sampling());
    }

    @Override
    public Optional<String> identify(Map<String, TensorInfo> tensors) {
        return WanPart.identify(tensors);
    }

    @Override
    public void check(ModelIndex file, List<AdapterPart> adapters) throws IOException {
        WanCheckpoint.check(WanIndex.of(file), adapters);
    }

    @Override
    public Optional<String> fits(ModelIndex file, Path lora) throws IOException {
        try (LoraFile opened = LoraFile.open(lora, WanCheckpoint.targets(WanIndex.of(file)))) {
            return opened.foreignLine();
        }
    }

    @Override
    public Resident load(ModelIndex file, RuntimeOptions options, Placement placement) throws IOException {
        WanIndex index = WanIndex.of(file);
        SchedulerChoice scheduler = GenerationDefaults.read(
                        index,
                        positions(
                                TransformerConfig.of(index.files(Component.TRANSFORMER)),
                                VaeConfig.of(index.files(Component.VAE))),
                        options.sampling())
                .scheduler();
        WanCheckpoint checkpoint = new WanCheckpoint(index, placement, options.grid(), scheduler);
        try {
            return new WanPipeline(checkpoint, placement, options);
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Sides are multiples of a patch of latent pixels. A window is as long as the clips that the network was trained with, as
     * far as there are positions for it: beyond them its motion stops or begins anew.
     */
    static FrameGrid grid(FrameGrid positions, GenerationDefaults defaults) {
        return FrameGrid.within(
                positions.spatialStride(),
                positions.temporalStride(),
                Math.min(positions.windowFrames(), defaults.nativeFormat().frameCount()));
    }

    /** The grid whose window is as long as the table of positions. */
    static FrameGrid positions(TransformerConfig transformer, VaeConfig vae) {
        TransformerConfig.Patch patch = transformer.patch();
        int maxLatentFrames = transformer.ropeMaxSeqLen() * patch.time();
        return FrameGrid.within(
                vae.scaleFactorSpatial() * Math.max(patch.height(), patch.width()),
                vae.scaleFactorTemporal(),
                Math.min(VideoFormat.MAX_FRAMES, (maxLatentFrames - 1) * vae.scaleFactorTemporal() + 1));
    }

    private static String kind(WanIndex index) {
        if (index.expandTimesteps()) {
            return "Wan 2.2 TI2V, text- and image-to-video";
        }
        String kind = switch (index.pipeline()) {
            case TEXT_TO_VIDEO -> "text-to-video";
            case IMAGE_TO_VIDEO -> "image-to-video";
            case VACE -> "VACE, references, control and inpainting";
        };
        return (index.boundaryRatio().isPresent() ? "Wan 2.2 A14B, " : "Wan 2.1, ") + kind;
    }

    private static ImageConditioning imageConditioning(WanIndex index) {
        if (index.expandTimesteps()) {
            return ImageConditioning.OPTIONAL;
        }
        return switch (index.pipeline()) {
            case TEXT_TO_VIDEO -> ImageConditioning.NONE;
            case IMAGE_TO_VIDEO -> ImageConditioning.REQUIRED;
            case VACE -> ImageConditioning.OPTIONAL;
        };
    }

    /** All weight files of the components, in the order of their paths. */
    private static List<Path> allWeights(WanIndex index) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Component component : Component.values()) {
            Path part = index.has(component)
                    ? index.part(component)
                    : index.directory().resolve(component.key());
            if (WeightFiles.isWeightFile(part)) {
                found.add(part);
            } else if (Files.isDirectory(part)) {
                try (Stream<Path> files = Files.list(part)) {
                    files.filter(WeightFiles::isWeightFile).sorted().forEach(found::add);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        }
        return found;
    }
}
