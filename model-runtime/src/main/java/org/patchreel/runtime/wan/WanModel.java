package org.patchreel.runtime.wan;

import ai.djl.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.checkpoint.ModelIndex.Component;
import org.patchreel.runtime.checkpoint.ModelIndex.Pipeline;
import org.patchreel.runtime.dit.TransformerConfig;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.vae.Tiling;
import org.patchreel.runtime.vae.VaeConfig;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.WeightDigester;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.ImageConditioning;
import org.patchreel.spi.ModelDescriptor.WeightDigest;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint of the Wan family as a model that can be asked. The weights are read by the first generation and stay in
 * memory until another model needs the room; a checkpoint that cannot be read is still there, and says why.
 */
public final class WanModel implements VideoModel, AutoCloseable {

    /**
     * How to run a checkpoint.
     *
     * @param device {@code cpu} or {@code cuda}
     * @param precision of weights and arithmetic
     * @param grid the noise levels that UniPC visits
     * @param batchedGuidance whether both predictions of a step are made in one pass
     * @param tiling of the autoencoder; empty to code frames whole
     */
    public record Options(
            String device, Precision precision, TimestepGrid grid, boolean batchedGuidance, Optional<Tiling> tiling) {}

    /**
     * What can be read of a checkpoint without its weights.
     *
     * @param fault why it will not load, if it will not
     */
    private record Summary(
            ModelIndex index,
            GenerationDefaults defaults,
            ModelDescriptor descriptor,
            List<Path> weights,
            List<String> notes,
            Optional<CheckpointException> fault) {}

    private static final Logger LOG = LoggerFactory.getLogger(WanModel.class);

    private final String name;
    private final Path directory;
    private final String source;
    private final Options options;
    private final LoadedModel slot;

    /** Guarded by this, as is the stamp of the files that it was read from. */
    private @Nullable Summary summary;

    private @Nullable CheckpointStamp stamp;
    private volatile @Nullable WeightDigest digest;
    private volatile @Nullable String lastError;
    private volatile @Nullable String engine;
    private volatile boolean closed;

    /**
     * Describes a checkpoint; reads nothing yet.
     *
     * @param name by which requests choose it
     * @param directory of the checkpoint, in the diffusers layout
     * @param source where it comes from, for people
     * @param options how to run it
     * @param slot holds the one model that is in memory
     */
    public WanModel(String name, Path directory, String source, Options options, LoadedModel slot) {
        this.name = name;
        this.directory = directory;
        this.source = source;
        this.options = options;
        this.slot = slot;
    }

    @Override
    public ModelDescriptor descriptor() {
        try {
            return summary().descriptor;
        } catch (IOException e) {
            return UnreadableModel.describe(
                    name, source, options.device(), options.precision().name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public ModelHealth health() {
        @Nullable String problem = lastError;
        boolean loaded = slot.holds(this);
        ModelHealth.Status status = loaded ? ModelHealth.Status.LOADED : ModelHealth.Status.READY;
        List<String> notes = List.of();
        try {
            Summary known = loadable();
            notes = known.notes;
            if (!loaded) {
                TorchEngine.checkDevice(options.device());
            }
        } catch (IOException e) {
            if (!loaded) { // what is in memory does not need its files
                status = ModelHealth.Status.UNAVAILABLE;
                problem = CheckpointException.describe(e);
            }
        } catch (GenerationException e) {
            status = ModelHealth.Status.UNAVAILABLE;
            problem = e.getMessage();
        }
        return new ModelHealth(
                status,
                device(),
                Optional.ofNullable(engine),
                Optional.ofNullable(digest),
                loaded ? slot.bytes() : 0,
                Optional.ofNullable(problem),
                notes);
    }

    /** What runs it, and which kernels are slow because the fast ones are wrong here. */
    private String device() {
        Device device = options.device().equals("cuda") ? Device.gpu() : Device.cpu();
        return options.device()
                + (engine == null ? "" : ", " + TorchEngine.threads() + " threads")
                + Kernels.knownFault(new Placement(device, options.precision()))
                        .map(fault -> ", " + fault)
                        .orElse("");
    }

    @Override
    public void generate(ModelTask task, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        try {
            TorchEngine.run((Callable<@Nullable Void>) () -> {
                run(task, frames, monitor);
                return null;
            });
            lastError = null;
        } catch (GenerationException e) {
            lastError = e.getMessage();
            throw e;
        } catch (GenerationCancelledException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCancelledException();
        } catch (Exception e) {
            GenerationException failure = failure(e);
            lastError = failure.getMessage();
            throw failure;
        }
    }

    private void run(ModelTask task, FrameSink frames, GenerationMonitor asked) throws Exception {
        GenerationMonitor monitor = untilClosed(asked);
        if (closed) {
            throw new GenerationCancelledException();
        }
        Summary known = readable();
        if (task.firstFrame().isPresent() && known.descriptor.imageConditioning() == ImageConditioning.NONE) {
            throw new GenerationException(Reason.UNSUPPORTED, "model " + name + " takes no image");
        }
        if (task.firstFrame().isEmpty() && known.descriptor.imageConditioning() == ImageConditioning.REQUIRED) {
            throw new GenerationException(Reason.UNSUPPORTED, "model " + name + " needs a first frame, none is given");
        }
        checkFormat(task.format(), known.descriptor);
        monitor.progress(new GenerationProgress(Stage.LOADING, 0, 1));
        Device device = TorchEngine.device(options.device());
        Placement placement = new Placement(device, options.precision());
        try (LoadedModel.Use use = slot.use(this, () -> load(known, placement, monitor))) {
            monitor.progress(new GenerationProgress(Stage.LOADING, 1, 1));
            new WanPipeline(use.checkpoint(), placement, known.defaults, options.batchedGuidance(), options.tiling())
                    .generate(task, frames, monitor);
        }
    }

    private static void checkFormat(VideoFormat format, ModelDescriptor model) throws GenerationException {
        if (format.width() % model.stride() != 0
                || format.height() % model.stride() != 0
                || (format.frameCount() - 1) % model.temporalStride() != 0) {
            throw new GenerationException(
                    Reason.UNSUPPORTED,
                    "model " + model.name() + " makes frames whose sides are multiples of " + model.stride()
                            + ", and a multiple of " + model.temporalStride() + " plus one of them, not " + format);
        }
    }

    private WanCheckpoint load(Summary known, Placement placement, GenerationMonitor monitor)
            throws IOException, GenerationException, GenerationCancelledException {
        engine = TorchEngine.version();
        WanCheckpoint checkpoint = new WanCheckpoint(known.index, placement, options.grid());
        try {
            monitor.checkCancelled();
            if (checkpoint.transformer().imageBranch()) {
                throw new GenerationException(
                        Reason.UNSUPPORTED,
                        "model " + name + " needs an image encoder (CLIP), as Wan 2.1 image-to-video does; none is"
                                + " implemented");
            }
            if (digest == null) {
                digest = WeightDigester.digest(directory, known.weights);
            }
            return checkpoint;
        } catch (IOException | GenerationException | GenerationCancelledException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** A monitor that also stops the generation when this model is closed. */
    private GenerationMonitor untilClosed(GenerationMonitor asked) {
        return new GenerationMonitor() {
            @Override
            public void progress(GenerationProgress progress) {
                asked.progress(progress);
            }

            @Override
            public void note(String text) {
                asked.note(text);
            }

            @Override
            public boolean cancelled() {
                return closed || asked.cancelled();
            }
        };
    }

    private Summary readable() throws GenerationException {
        try {
            return slot.holds(this) ? summary() : loadable();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The summary of files that are as they were when it was read: they may have been mended, or lost. */
    private Summary loadable() throws IOException {
        Summary known;
        synchronized (this) {
            CheckpointStamp now = CheckpointStamp.of(directory);
            if (!now.equals(stamp)) {
                summary = null;
            }
            known = summary();
            stamp = now;
        }
        if (known.fault.isPresent()) {
            throw known.fault.get();
        }
        return known;
    }

    private GenerationException failure(Exception e) {
        if (e instanceof CheckpointException checkpoint && checkpoint.problems().size() > 1) {
            // the message names the first few
            LOG.info("checkpoint {}:\n{}", directory, String.join("\n", checkpoint.problems()));
        }
        if (e instanceof IOException io) {
            return new GenerationException(
                    Reason.NO_MODEL, "model " + name + ": " + CheckpointException.describe(io), e);
        }
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        boolean memory = message.contains("can't allocate memory") || message.contains("out of memory");
        return new GenerationException(
                memory ? Reason.MEMORY : Reason.INTERNAL,
                "model " + name + (memory ? " ran out of memory: " : " failed: ") + message,
                e);
    }

    /** Unloads the weights if they are in memory; if a generation uses them, when it ends. Returns at once. */
    @Override
    public void close() {
        closed = true;
        slot.unloadClosed();
    }

    boolean closed() {
        return closed;
    }

    private synchronized Summary summary() throws IOException {
        @Nullable Summary known = summary;
        if (known == null) {
            known = read();
            summary = known;
        }
        return known;
    }

    private Summary read() throws IOException {
        ModelIndex index = ModelIndex.read(directory);
        GenerationDefaults defaults = GenerationDefaults.read(index);
        TransformerConfig transformer = TransformerConfig.read(index.directory(Component.TRANSFORMER));
        VaeConfig vae = VaeConfig.read(index.directory(Component.VAE));
        int stride = vae.scaleFactorSpatial()
                * Math.max(transformer.patch().height(), transformer.patch().width());
        int maxFrames = Math.min(
                VideoFormat.MAX_FRAMES,
                (transformer.ropeMaxSeqLen() * transformer.patch().time() - 1) * vae.scaleFactorTemporal() + 1);
        List<Path> weights;
        List<String> notes = List.of();
        boolean encodesImages = true;
        Optional<CheckpointException> fault = Optional.empty();
        try {
            CheckpointInspection inspection = CheckpointInspection.of(index, options.grid());
            weights = inspection.weights();
            notes = notes(inspection);
            encodesImages = inspection.encodesImages();
        } catch (IOException e) {
            weights = weightFiles();
            fault = Optional.of(
                    e instanceof CheckpointException known
                            ? known
                            : new CheckpointException(CheckpointException.describe(e), e));
        }
        long bytes = 0;
        for (Path file : weights) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        ModelDescriptor descriptor = new ModelDescriptor(
                name,
                family(index),
                source,
                options.device(),
                options.precision().name().toLowerCase(Locale.ROOT),
                bytes,
                license(),
                Math.max(stride, 16),
                vae.scaleFactorTemporal(),
                maxFrames,
                defaults.nativeFormat(),
                defaults.outputSize(),
                defaults.steps(),
                defaults.guidanceScale(),
                defaults.negativePrompt(),
                encodesImages ? imageConditioning(index) : ImageConditioning.NONE);
        return new Summary(index, defaults, descriptor, weights, notes, fault);
    }

    private static List<String> notes(CheckpointInspection inspection) {
        List<String> unused = inspection.unused();
        return unused.isEmpty() ? List.of() : List.of("not used: " + String.join(", ", unused));
    }

    private static String family(ModelIndex index) {
        String kind = index.pipeline() == Pipeline.IMAGE_TO_VIDEO ? "image-to-video" : "text-to-video";
        if (index.expandTimesteps()) {
            return "Wan 2.2 TI2V, text- and image-to-video";
        }
        return (index.boundaryRatio().isPresent() ? "Wan 2.2 A14B, " : "Wan 2.1, ") + kind;
    }

    private static ImageConditioning imageConditioning(ModelIndex index) {
        if (index.expandTimesteps()) {
            return ImageConditioning.OPTIONAL;
        }
        return index.pipeline() == Pipeline.IMAGE_TO_VIDEO ? ImageConditioning.REQUIRED : ImageConditioning.NONE;
    }

    /** All safetensors files of the components, in the order of their paths. */
    private List<Path> weightFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Component component : Component.values()) {
            Path part = directory.resolve(component.key());
            if (Files.isDirectory(part)) {
                try (Stream<Path> files = Files.list(part)) {
                    files.filter(file -> file.toString().endsWith(".safetensors"))
                            .sorted()
                            .forEach(found::add);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        }
        return found;
    }

    /** The first line with text of a file LICENSE*, at most 200 characters. */
    private Optional<String> license() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "LICENSE*")) {
            for (Path file : files) {
                try (BufferedReader reader = Files.newBufferedReader(file)) {
                    char[] start = new char[1000];
                    int length = Math.max(0, reader.read(start));
                    Optional<String> line = new String(start, 0, length)
                            .lines()
                            .map(String::strip)
                            .filter(text -> !text.isEmpty())
                            .findFirst();
                    return line.map(text -> text.substring(0, Math.min(200, text.length())));
                }
            }
        }
        return Optional.empty();
    }
}
