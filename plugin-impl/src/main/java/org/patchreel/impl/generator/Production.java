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
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.WeightDigest;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.VideoModel;

/**
 * Makes the files of clips: the model pushes frames into a chain of sinks, which scale, mark and encode them. It knows no
 * key and no store, so that it can run on any machine that has the model, and orders of another machine are made the same way
 * ({@link LocalProducer}); {@link Publication} does the rest. The files of a {@link RemoteModel} are made elsewhere.
 */
final class Production {

    /** A disk with less space than this counts as full: FFmpeg reports a full disk as a failed write. */
    private static final long FULL_DISK_BYTES = 1 << 20;

    private static final String UNWRITTEN = "the clip cannot be written";

    private final Supplier<ClipSinks> sinks;
    private final Marking marking;
    private final SourceFiles sources;
    private final RemoteProduction elsewhere;

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
        this.elsewhere = new RemoteProduction(marking);
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
        if (model instanceof RemoteModel remote) {
            return elsewhere.produce(order, remote, directory, monitor);
        }
        ShotProgress progress = new ShotProgress(order.shots(), monitor);
        StageTimer timer = new StageTimer(progress, System::nanoTime);
        ClipSinks clip = clipSinks();
        GivenFrames given = new GivenFrames(order, sources);
        MarkedFrames marked = Blame.on(
                Reason.PROVENANCE,
                "no clip can be marked",
                () -> new MarkedFrames(order, marking.watermarker(), next -> given.joined(next, monitor)));
        try (BackgroundSink sink = BackgroundSink.open(() -> clip.open(
                        directory,
                        order,
                        given.kept(),
                        (delivered, master) -> given.detailed(marked.into(delivered, master))));
                FrameSink timed = timer.timed(sink)) {
            makeShots(order, given, model, work, new Sinks(timed, sink, progress, timer));
        } catch (IOException e) {
            throw Blame.failure(reason(e, directory), UNWRITTEN, e);
        } catch (RuntimeException | Error e) {
            throw Blame.failure(Reason.ENCODING, UNWRITTEN, e);
        }
        AssetMetadata.Model made = Blame.on(Reason.INTERNAL, failed(order), () -> describe(order, model));
        return new Produced(
                made,
                clip.codec(order),
                timer.timings(),
                timer.notes(),
                marked.softBinding(),
                marked.fingerprint(),
                marked.masterFingerprint());
    }

    private ClipSinks clipSinks() throws GenerationException {
        try {
            return sinks.get();
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.ENCODING, "no clip can be encoded: " + e.getMessage(), e);
        }
    }

    /** Takes the frames, in the background, and watches how they come. */
    private record Sinks(FrameSink head, BackgroundSink background, ShotProgress progress, StageTimer timer) {

        void throwFailure() throws GenerationCancelledException, IOException {
            timer.checkCancelled();
            background.throwFailure();
        }
    }

    /** Lets the model make one shot after the other: of each, the last frames are kept if the next one continues it. */
    private static void makeShots(WorkOrder order, GivenFrames given, VideoModel model, Path work, Sinks sinks)
            throws GenerationException, GenerationCancelledException, IOException {
        List<WorkShot> shots = order.shots();
        List<VideoFrame> before = List.of();
        for (int i = 0; i < shots.size(); i++) {
            boolean continued = i + 1 < shots.size() && shots.get(i + 1).continuesShot();
            sinks.progress().begin(i);
            int kept = continued ? shots.get(i + 1).opening().frames() : 0;
            UsedFrames used = new UsedFrames(shots.get(i), kept, sinks.head());
            Path folder = shots.size() == 1 ? work : work.resolve("shot-" + (i + 1));
            try (GivenFrames.Task task = given.task(shots.get(i), before)) {
                makeFrames(order, task.task(), model, folder, used, sinks);
            }
            before = used.last();
        }
    }

    /** Lets the model make the frames of a shot; a sink's failure wins over what the model makes of it. */
    private static void makeFrames(
            WorkOrder order, ModelTask task, VideoModel model, Path work, UsedFrames used, Sinks sinks)
            throws GenerationException, GenerationCancelledException, IOException {
        CheckedFrames frames = new CheckedFrames(task.format(), used);
        try {
            model.generate(task, Optional.of(work), frames, sinks.background().stopping(sinks.timer()));
        } catch (GenerationException | GenerationCancelledException e) {
            sinks.throwFailure();
            throw e;
        } catch (RuntimeException | Error e) {
            sinks.throwFailure();
            throw modelFailure(order, task, e);
        }
        sinks.timer().checkCancelled();
        int expected = task.format().frameCount();
        if (frames.count() != expected) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "model " + order.model() + " made " + frames.count() + " frames instead of " + expected);
        }
    }

    /** Models and native code fail in ways of their own. */
    private static GenerationException modelFailure(WorkOrder order, ModelTask task, Throwable cause) {
        return cause instanceof OutOfMemoryError
                ? Blame.failure(
                        Reason.MEMORY,
                        "memory ran out while making " + task.format().frameCount() + " frames of "
                                + task.format().size(),
                        cause)
                : Blame.failure(Reason.INTERNAL, failed(order), cause);
    }

    private static String failed(WorkOrder order) {
        return "model " + order.model() + " failed";
    }

    /** After the model has run: what its weights are, it may not know before. */
    private static AssetMetadata.Model describe(WorkOrder order, VideoModel model) throws GenerationException {
        ModelDescriptor descriptor = model.descriptor();
        ModelHealth health = model.health();
        return new AssetMetadata.Model(
                descriptor.name(),
                descriptor.family(),
                health.device(),
                descriptor.precision(),
                health.weights().map(WeightDigest::files).orElse(List.of()),
                model.adapterFiles(order.adapters()));
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
