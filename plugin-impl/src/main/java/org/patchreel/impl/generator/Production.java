package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.WeightDigest;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * Makes the files of clips: the model pushes frames into a chain of sinks, which scale, mark and encode them. It knows no
 * key and no store, so that it can run on any machine that has the model; {@link Publication} does the rest.
 */
final class Production {

    /** A disk with less space than this counts as full: FFmpeg reports a full disk as a failed write. */
    private static final long FULL_DISK_BYTES = 1 << 20;

    private static final String UNWRITTEN = "the clip cannot be written";

    private final Supplier<ClipSinks> sinks;
    private final Marking marking;
    private final SourceFiles sources;

    /**
     * Creates one.
     *
     * @param sinks gives those of a clip that begins, as configured then
     * @param marking marks the frames
     * @param sources finds pictures and clips that orders name
     */
    Production(Supplier<ClipSinks> sinks, Marking marking, SourceFiles sources) {
        this.sinks = sinks;
        this.marking = marking;
        this.sources = sources;
    }

    /**
     * Makes the files of one clip. Blocks until they are complete; what is there on failure and on cancellation is the
     * caller's to delete.
     *
     * @param order what to make
     * @param model of the name that the order says
     * @param directory takes the files, see {@link ClipSinks#open}
     * @param work where the model keeps what it has sampled, see {@link VideoModel#generate}
     * @param monitor receives progress, and says whether to cancel
     * @return what is known of the clip
     * @throws GenerationException if it cannot be made; whatever was thrown underneath is its cause
     * @throws GenerationCancelledException soon after the monitor said so
     */
    Produced produce(WorkOrder order, VideoModel model, Path directory, Path work, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        StageTimer timer = new StageTimer(monitor, System::nanoTime);
        ClipSinks clip = clipSinks();
        GivenFrames given = new GivenFrames(order, sources);
        MarkedFrames marked = Blame.on(
                Reason.PROVENANCE,
                "no clip can be marked",
                () -> new MarkedFrames(order, marking.watermarker(), next -> given.joined(next, monitor)));
        try (GivenFrames.Task task = given.task()) {
            makeFiles(order, task.task(), model, clip, marked, directory, work, timer);
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "a source cannot be closed: " + e.getMessage(), e);
        }
        AssetMetadata.Model made = Blame.on(Reason.INTERNAL, failed(order), () -> describe(model));
        return new Produced(
                made, clip.codec(order), timer.timings(), timer.notes(), marked.softBinding(), marked.fingerprint());
    }

    private ClipSinks clipSinks() throws GenerationException {
        try {
            return sinks.get();
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.ENCODING, "no clip can be encoded: " + e.getMessage(), e);
        }
    }

    private static void makeFiles(
            WorkOrder order,
            ModelTask task,
            VideoModel model,
            ClipSinks clip,
            MarkedFrames marked,
            Path directory,
            Path work,
            StageTimer timer)
            throws GenerationException, GenerationCancelledException {
        try (BackgroundSink sink = BackgroundSink.open(() -> clip.open(directory, order, marked::into));
                CheckedFrames frames =
                        new CheckedFrames(task.format(), new SkippedFrames(order.skipped(), timer.timed(sink)))) {
            makeFrames(order, task, model, work, frames, sink, timer);
        } catch (IOException e) {
            throw Blame.failure(reason(e, directory), UNWRITTEN, e);
        } catch (RuntimeException | Error e) {
            throw Blame.failure(Reason.ENCODING, UNWRITTEN, e);
        }
    }

    /** Lets the model make the frames; a sink's failure wins over what the model makes of it. */
    private static void makeFrames(
            WorkOrder order,
            ModelTask task,
            VideoModel model,
            Path work,
            CheckedFrames frames,
            BackgroundSink sink,
            StageTimer timer)
            throws GenerationException, GenerationCancelledException, IOException {
        try {
            model.generate(task, Optional.of(work), frames, sink.stopping(timer));
        } catch (GenerationException | GenerationCancelledException e) {
            throwSinksFailure(sink, timer);
            throw e;
        } catch (RuntimeException | Error e) {
            throwSinksFailure(sink, timer);
            throw modelFailure(order, e);
        }
        timer.checkCancelled();
        int expected = order.task().format().frameCount();
        if (frames.count() != expected) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "model " + order.model() + " made " + frames.count() + " frames instead of " + expected);
        }
    }

    private static void throwSinksFailure(BackgroundSink sink, StageTimer timer)
            throws GenerationCancelledException, IOException {
        timer.checkCancelled();
        sink.throwFailure();
    }

    /** Models and native code fail in ways of their own. */
    private static GenerationException modelFailure(WorkOrder order, Throwable cause) {
        return cause instanceof OutOfMemoryError
                ? Blame.failure(
                        Reason.MEMORY,
                        "memory ran out while making " + order.task().format().frameCount() + " frames of "
                                + order.task().format().size(),
                        cause)
                : Blame.failure(Reason.INTERNAL, failed(order), cause);
    }

    private static String failed(WorkOrder order) {
        return "model " + order.model() + " failed";
    }

    /** After the model has run: what its weights are, it may not know before. */
    private static AssetMetadata.Model describe(VideoModel model) {
        ModelDescriptor descriptor = model.descriptor();
        ModelHealth health = model.health();
        return new AssetMetadata.Model(
                descriptor.name(),
                descriptor.family(),
                health.device(),
                descriptor.precision(),
                health.weights().map(WeightDigest::files).orElse(List.of()));
    }

    private static Reason reason(IOException failure, Path directory) {
        if (failure instanceof FileSystemException) {
            return Reason.STORAGE;
        }
        try {
            boolean full = Files.getFileStore(directory).getUsableSpace() < FULL_DISK_BYTES;
            return full ? Reason.STORAGE : Reason.ENCODING;
        } catch (IOException e) {
            return Reason.STORAGE;
        }
    }
}
