package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetReference;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.impl.c2pa.status.PrintableText;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.WeightDigest;
import org.patchreel.spi.ModelHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a plan to an asset: the model pushes frames into the sinks, the sinks mark them and write files into a
 * draft, the clip is signed, the draft becomes an asset. On failure and on cancellation the draft is discarded and nothing
 * remains.
 */
final class GenerationPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationPipeline.class);

    /** A disk with less space than this counts as full: FFmpeg reports a full disk as a failed write. */
    private static final long FULL_DISK_BYTES = 1 << 20;

    private static final String UNWRITTEN = "the clip cannot be written";

    private static final Provenance UNSIGNED = new Provenance(Optional.empty(), Optional.empty());

    /** An asset and where it is. */
    record Stored(AssetReference asset, AssetStore store) {}

    private final CurrentStore stores;
    private final Supplier<ClipSinks> sinks;
    private final ClipProvenance provenance;
    private final String version;
    private final InstantSource clock;
    private volatile @Nullable SharedDraft current;

    /**
     * Creates a pipeline.
     *
     * @param stores knows the store, which may be replaced while a clip is made
     * @param sinks gives those of a clip that begins, as configured then
     * @param version of Patchreel, for the metadata
     */
    GenerationPipeline(
            CurrentStore stores,
            Supplier<ClipSinks> sinks,
            ClipProvenance provenance,
            String version,
            InstantSource clock) {
        this.stores = stores;
        this.sinks = sinks;
        this.provenance = provenance;
        this.version = version;
        this.clock = clock;
    }

    /**
     * Makes one clip. Blocks until it is stored.
     *
     * @param id of the asset
     * @param plan what to make
     * @param monitor receives progress, and says whether to cancel
     * @return the asset and its store
     * @throws GenerationException if it cannot be made; whatever was thrown underneath is its cause
     * @throws GenerationCancelledException soon after the monitor said so
     */
    Stored run(String id, GenerationPlan plan, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        StageTimer timer = new StageTimer(monitor, System::nanoTime);
        ClipSinks clip = clipSinks();
        String unstored = "asset " + id + " cannot be stored";
        AssetStore store = blaming(Reason.STORAGE, unstored, () -> stores.await(monitor));
        try (SharedDraft draft = blaming(Reason.STORAGE, unstored, () -> begin(store, id, plan));
                ClipProvenance.Draft origin = blaming(
                        Reason.PROVENANCE, "no clip can be marked or signed", () -> provenance.begin(plan.output()))) {
            makeFiles(draft.directory(), plan, clip, origin, timer);
            monitor.checkCancelled();
            timer.progress(new GenerationProgress(Stage.SIGNING, 0, 1));
            AssetMetadata made = metadata(id, plan, clip, timer, UNSIGNED);
            Provenance signed =
                    blaming(Reason.PROVENANCE, "the clip cannot be signed", () -> origin.sign(draft.directory(), made));
            timer.progress(new GenerationProgress(Stage.SIGNING, 1, 1));
            timer.progress(new GenerationProgress(Stage.STORING, 0, 1));
            monitor.checkCancelled();
            AssetMetadata complete = metadata(id, plan, clip, timer, signed);
            Stored stored = blaming(Reason.STORAGE, unstored, () -> commit(draft, store, plan, complete, monitor));
            origin.keep();
            timer.progress(new GenerationProgress(Stage.STORING, 1, 1));
            return stored;
        } catch (IOException e) {
            throw failure(Reason.STORAGE, unstored, e);
        } catch (RuntimeException | Error e) {
            // The job ends with a reason whatever happens.
            throw failure(Reason.INTERNAL, "asset " + id + " cannot be made", e);
        }
    }

    /** A part of the way that somebody else's code goes: a store's, a signer's. */
    @FunctionalInterface
    private interface Part<T> {
        T run() throws IOException, GenerationException, GenerationCancelledException;
    }

    /** Runs a part; however it fails, the failure has the reason of this part and not of another. */
    private static <T> T blaming(Reason reason, String what, Part<T> part)
            throws GenerationException, GenerationCancelledException {
        try {
            return part.run();
        } catch (IOException | RuntimeException | Error e) {
            throw failure(reason, what, e);
        }
    }

    private static GenerationException failure(Reason reason, String what, Throwable cause) {
        Reason known = cause instanceof OutOfMemoryError ? Reason.MEMORY : reason;
        return new GenerationException(known, what + ": " + inOneLine(cause), cause);
    }

    private ClipSinks clipSinks() throws GenerationException {
        try {
            return sinks.get();
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.ENCODING, "no clip can be encoded: " + e.getMessage(), e);
        }
    }

    private SharedDraft begin(AssetStore store, String id, GenerationPlan plan) throws IOException {
        SharedDraft draft = new SharedDraft(store.open(id, plan.destination()));
        current = draft;
        return draft;
    }

    /** Stores the clip. If the store that it was begun in was replaced and works no more, the other one takes it. */
    private Stored commit(
            SharedDraft draft, AssetStore begun, GenerationPlan plan, AssetMetadata metadata, GenerationMonitor monitor)
            throws IOException, GenerationCancelledException {
        try {
            return new Stored(draft.commit(metadata), begun);
        } catch (IOException | RuntimeException | LinkageError e) {
            if (stores.find().filter(begun::equals).isPresent()) {
                throw e;
            }
            return commitElsewhere(draft, name(begun) + " (" + inOneLine(e) + ")", plan, metadata, monitor);
        }
    }

    private Stored commitElsewhere(
            SharedDraft draft, String replaced, GenerationPlan plan, AssetMetadata metadata, GenerationMonitor monitor)
            throws IOException, GenerationCancelledException {
        AssetStore store;
        try {
            store = stores.await(monitor);
        } catch (IOException e) {
            throw new IOException("its store went while the clip was made: " + replaced + "; " + e.getMessage(), e);
        }
        LOG.warn(
                "The store of the clip {} was replaced while it was made, and takes it no more: {}; {} takes it",
                metadata.id(),
                PrintableText.of(replaced),
                name(store));
        try (SharedDraft other = begin(store, metadata.id(), plan)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(draft.directory())) {
                for (Path file : files) {
                    Files.copy(file, other.directory().resolve(file.getFileName()));
                }
            }
            return new Stored(other.commit(metadata), store);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "its store was replaced while the clip was made, and takes it no more: " + replaced + "; nor does "
                            + name(store) + " (" + inOneLine(e) + ")",
                    e);
        } finally {
            current = draft;
        }
    }

    private static String name(AssetStore store) {
        return store.getClass().getName();
    }

    /**
     * Discards the draft of the running generation, which cannot do so itself before native code returns. It must have been
     * cancelled.
     *
     * @throws IOException if files cannot be deleted
     */
    void discardDraft() throws IOException {
        SharedDraft draft = current;
        if (draft != null) {
            draft.close();
        }
    }

    private void makeFiles(
            Path directory, GenerationPlan plan, ClipSinks clip, ClipProvenance.Draft origin, StageTimer timer)
            throws GenerationException, GenerationCancelledException {
        try (BackgroundSink sink =
                        BackgroundSink.open(() -> clip.open(directory, plan.output(), plan.timing(), origin));
                CheckedFrames frames = new CheckedFrames(plan.task().format(), timer.timed(sink))) {
            makeFrames(plan, frames, sink, timer);
        } catch (IOException e) {
            throw failure(reason(e, directory), UNWRITTEN, e);
        } catch (RuntimeException | Error e) {
            throw failure(Reason.ENCODING, UNWRITTEN, e);
        }
    }

    /** Lets the model make the frames; a sink's failure wins over what the model makes of it. */
    private static void makeFrames(GenerationPlan plan, CheckedFrames frames, BackgroundSink sink, StageTimer timer)
            throws GenerationException, GenerationCancelledException, IOException {
        try {
            plan.model().generate(plan.task(), frames, sink.stopping(timer));
        } catch (GenerationException | GenerationCancelledException e) {
            throwSinksFailure(sink, timer);
            throw e;
        } catch (RuntimeException | Error e) {
            throwSinksFailure(sink, timer);
            throw modelFailure(plan, e);
        }
        timer.checkCancelled();
        int expected = plan.task().format().frameCount();
        if (frames.count() != expected) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "model " + plan.descriptor().name() + " made " + frames.count() + " frames instead of " + expected);
        }
    }

    private static void throwSinksFailure(BackgroundSink sink, StageTimer timer)
            throws GenerationCancelledException, IOException {
        timer.checkCancelled();
        sink.throwFailure();
    }

    /** Models and native code fail in ways of their own. */
    private static GenerationException modelFailure(GenerationPlan plan, Throwable cause) {
        return cause instanceof OutOfMemoryError
                ? failure(
                        Reason.MEMORY,
                        "memory ran out while making " + plan.task().format().frameCount() + " frames of "
                                + plan.task().format().size(),
                        cause)
                : failure(Reason.INTERNAL, "model " + plan.descriptor().name() + " failed", cause);
    }

    private AssetMetadata metadata(
            String id, GenerationPlan plan, ClipSinks clip, StageTimer timer, Provenance signed) {
        ModelDescriptor model = plan.descriptor();
        ModelHealth health = plan.model().health();
        return new AssetMetadata(
                id,
                clock.instant(),
                plan.destination().title(),
                plan.task().prompt(),
                plan.task().negativePrompt(),
                new AssetMetadata.Model(
                        model.name(),
                        model.family(),
                        health.device(),
                        model.precision(),
                        health.weights().map(WeightDigest::files).orElse(List.of())),
                plan.task().sampling(),
                plan.output(),
                plan.task().format(),
                plan.timing().interpolation(),
                clip.codec(),
                timer.timings(),
                timer.notes(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                signed,
                version);
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

    private static String inOneLine(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "").strip();
        // Exceptions of java.nio.file without a reason have the file's name alone for a message.
        boolean bare = message.isEmpty() || (failure instanceof FileSystemException file && file.getReason() == null);
        String text = bare ? (failure.getClass().getSimpleName() + " " + message).strip() : message;
        return text.lines().findFirst().orElse(text);
    }
}
