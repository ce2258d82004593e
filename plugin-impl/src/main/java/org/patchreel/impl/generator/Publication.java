package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.DeviceUse;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Requester;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes assets of clips whose files {@link Production} has made: the clip is signed, and the store takes it, as a whole or
 * not at all. It runs where the key and the store are.
 */
final class Publication {

    /** For all sources of a clip, after it has been made: the search began with the clip. */
    private static final Duration MAX_EXAMINATION = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    /**
     * An asset that is stored.
     *
     * @param asset where it is
     * @param store that has it
     * @param metadata how it was made
     */
    record Stored(AssetReference asset, AssetStore store, AssetMetadata metadata) {}

    private final CurrentStore stores;
    private final Signing signing;
    private final SourceFiles sources;
    private final OriginReader origins;
    private final Admission admission;
    private final Audit audit;
    private final String version;
    private final InstantSource clock;
    private final Set<SharedDraft> begun = ConcurrentHashMap.newKeySet();

    /**
     * Creates one.
     *
     * @param stores knows the store, which may be replaced while a clip is made
     * @param signing signs the clips
     * @param sources finds pictures and clips that orders name
     * @param origins says where those are from
     * @param admission knows what may not be stored
     * @param audit keeps a record of what is made
     * @param version of Patchreel, for the metadata
     * @param clock says when a clip was made
     */
    Publication(
            CurrentStore stores,
            Signing signing,
            SourceFiles sources,
            OriginReader origins,
            Admission admission,
            Audit audit,
            String version,
            InstantSource clock) {
        this.stores = stores;
        this.signing = signing;
        this.sources = sources;
        this.origins = origins;
        this.admission = admission;
        this.audit = audit;
        this.version = version;
        this.clock = clock;
    }

    /**
     * Begins with an asset, before anything is generated: what would fail at its end should fail now.
     *
     * @param order what will be made
     * @param monitor says whether to cancel
     * @return the asset in the making
     * @throws GenerationException if it could not be signed or stored
     * @throws GenerationCancelledException if it was cancelled
     */
    Draft begin(WorkOrder order, GenerationMonitor monitor) throws GenerationException, GenerationCancelledException {
        boolean signs = Blame.on(Reason.PROVENANCE, "no clip can be signed", this::checkSigning);
        return Blame.on(Reason.STORAGE, unstored(order), () -> {
            AssetStore store = stores.await(monitor);
            return new Draft(order, signs, store, open(store, order));
        });
    }

    private boolean checkSigning() throws GenerationException {
        boolean signs = signing.signs();
        if (signs) {
            signing.check();
        }
        return signs;
    }

    private static String unstored(WorkOrder order) {
        return "asset " + order.id() + " cannot be stored";
    }

    private SharedDraft open(AssetStore store, WorkOrder order) throws IOException {
        if (!store.takes(order.kind())) {
            throw new IOException("the asset store " + store.getClass().getName() + " takes no "
                    + order.kind().label() + "s");
        }
        SharedDraft draft = new SharedDraft(store.open(order.id(), order.destination()));
        begun.add(draft);
        return draft;
    }

    /**
     * Discards the drafts of running generations, which cannot do so themselves before native code returns. They must have been
     * cancelled.
     *
     * @throws IOException if files cannot be deleted
     */
    void discardDrafts() throws IOException {
        for (SharedDraft draft : begun) {
            draft.close();
        }
    }

    /** One asset in the making. Used by one thread. Closing it before it is published leaves nothing behind. */
    final class Draft implements AutoCloseable {

        private final WorkOrder order;
        private final boolean signs;
        private final AssetStore store;
        private final SharedDraft files;
        private final SourceExamination examination;

        private Draft(WorkOrder order, boolean signs, AssetStore store, SharedDraft files) {
            this.order = order;
            this.signs = signs;
            this.store = store;
            this.files = files;
            this.examination = new SourceExamination(order, sources, origins);
        }

        /** {@return where the files of the asset go} */
        Path directory() {
            return files.directory();
        }

        /** {@return the file of the asset that a check of its frames looks at} */
        Footage footage() {
            return new Footage(
                    directory().resolve(order.kind().file().fileName()),
                    order.format().size(),
                    order.kind() == OutputKind.STILL ? 0 : order.format().seconds());
        }

        /**
         * Signs the clip with the key that is configured now, and stores the asset.
         *
         * @param clip whose files are in the directory
         * @param use of the device, for the metadata
         * @param monitor receives progress, and says whether to cancel
         * @return the asset and its store
         * @throws GenerationException if it cannot be signed or stored; whatever was thrown underneath is its cause
         * @throws GenerationCancelledException soon after the monitor said so
         */
        Stored publish(Produced clip, Optional<DeviceUse> use, GenerationMonitor monitor)
                throws GenerationException, GenerationCancelledException {
            monitor.checkCancelled();
            StageTimer timer = new StageTimer(monitor, System::nanoTime);
            timer.progress(new GenerationProgress(Stage.SIGNING, 0, 1));
            examination.await(order, MAX_EXAMINATION);
            Blame.on(Reason.STORAGE, unstored(order), () -> {
                admission.checkMade(order, clip, examination);
                return order;
            });
            try (Signing.Signature signature = sign(order.kind().file(), clip, timer);
                    Signing.Signature master = sign(AssetFile.MASTER, clip, timer)) {
                timer.progress(new GenerationProgress(Stage.SIGNING, 1, 1));
                timer.progress(new GenerationProgress(Stage.STORING, 0, 1));
                monitor.checkCancelled();
                AssetMetadata metadata = metadata(
                        clip,
                        timer,
                        new Provenance(
                                clip.watermark().map(SoftBinding::id),
                                Optional.ofNullable(signature).map(Signing.Signature::manifest)),
                        use);
                Stored stored = Blame.on(Reason.STORAGE, unstored(order), () -> {
                    Description.write(metadata, directory());
                    audit.record(
                            order.id(),
                            Requester.UNKNOWN,
                            new AuditAction.Made(
                                    metadata,
                                    admission.licence(order),
                                    digest(order.kind().file()),
                                    clip.master().isPresent()
                                            ? Optional.of(digest(AssetFile.MASTER))
                                            : Optional.empty()));
                    return commit(metadata, monitor);
                });
                audit.note(
                        order.id(),
                        Requester.UNKNOWN,
                        new AuditAction.Stored(stored.asset().location()));
                if (signature != null) {
                    signature.keep();
                }
                if (master != null) {
                    master.keep();
                }
                timer.progress(new GenerationProgress(Stage.STORING, 1, 1));
                return stored;
            }
        }

        /** {@return SHA-256 of a file as it will be stored} */
        private String digest(AssetFile file) throws IOException {
            return Digests.sha256(directory().resolve(file.fileName()));
        }

        /** Signs a file. The poster has the label: it does not stand for a file without. */
        private Signing.@Nullable Signature sign(AssetFile file, Produced clip, StageTimer timer)
                throws GenerationException, GenerationCancelledException {
            boolean master = file == AssetFile.MASTER;
            if (!signs || (master && clip.master().isEmpty())) {
                return null;
            }
            return Blame.on(Reason.PROVENANCE, "the clip cannot be signed", () -> {
                AssetMetadata made =
                        metadata(clip, timer, new Provenance(Optional.empty(), Optional.empty()), Optional.empty());
                Ingredients ingredients = new Ingredients(order);
                return signing.sign(new ClipSigner.Unsigned(
                        directory().resolve(file.fileName()),
                        made,
                        order.id() + (master ? "-" + file.fileName() : file.extension()),
                        made.created(),
                        clip.watermark(),
                        master ? Optional.empty() : Optional.of(directory().resolve(AssetFile.POSTER.fileName())),
                        master ? clip.master().get() : clip.fingerprint(),
                        ingredients.list(sources, examination::of),
                        ingredients.intent(),
                        master));
            });
        }

        private AssetMetadata metadata(Produced clip, StageTimer timer, Provenance signed, Optional<DeviceUse> use) {
            Map<String, Duration> timings = new LinkedHashMap<>(clip.timings());
            timings.putAll(timer.timings());
            return new AssetMetadata(
                    order.id(),
                    clock.instant(),
                    order.destination().title(),
                    order.prompt(),
                    order.negativePrompt(),
                    clip.model(),
                    order.sampling(),
                    order.format(),
                    order.generated(),
                    order.output().interpolation(),
                    clip.codec(),
                    timings,
                    Stream.of(
                                    order.shots().stream().flatMap(shot -> shot.given().notes().stream()),
                                    clip.notes().stream(),
                                    examination.notes().stream())
                            .flatMap(notes -> notes)
                            .toList(),
                    order.sourceType(),
                    signed,
                    version,
                    order.expandedPrompt(),
                    order.sources().stream().map(this::use).toList(),
                    order.shots().size() == 1 ? List.of() : shots(),
                    use,
                    order.label().map(Labelling::use),
                    signing.provider(),
                    Optional.empty(),
                    order.rights());
        }

        private List<AssetMetadata.ShotUse> shots() {
            List<AssetMetadata.ShotUse> uses = new ArrayList<>();
            int start = 0;
            for (WorkShot shot : order.shots()) {
                start -= shot.dissolved();
                uses.add(new AssetMetadata.ShotUse(
                        start,
                        shot.frames(),
                        shot.opening().transition(),
                        shot.task().sampling().seed(),
                        shot.given().text(),
                        shot.expandedPrompt(),
                        shot.task().negativePrompt()));
                start += shot.frames();
            }
            return uses;
        }

        private SourceUse use(WorkSource source) {
            return Publication.use(source, examination.of(source));
        }

        /** Stores the clip. If the store that it was begun in was replaced and works no more, the other one takes it. */
        private Stored commit(AssetMetadata metadata, GenerationMonitor monitor)
                throws IOException, GenerationCancelledException {
            try {
                return new Stored(files.commit(metadata), store, metadata);
            } catch (IOException | RuntimeException | LinkageError e) {
                if (stores.find().filter(store::equals).isPresent()) {
                    throw e;
                }
                return commitElsewhere(name(store) + " (" + Blame.inOneLine(e) + ")", metadata, monitor);
            }
        }

        private Stored commitElsewhere(String replaced, AssetMetadata metadata, GenerationMonitor monitor)
                throws IOException, GenerationCancelledException {
            AssetStore other;
            try {
                other = stores.await(monitor);
            } catch (IOException e) {
                throw new IOException("its store went while the clip was made: " + replaced + "; " + e.getMessage(), e);
            }
            LOG.warn(
                    "The store of the clip {} was replaced while it was made, and takes it no more: {}; {} takes it",
                    order.id(),
                    PrintableText.of(replaced),
                    name(other));
            try {
                SharedDraft there = open(other, order);
                try (there) {
                    copyTo(there);
                    return new Stored(there.commit(metadata), other, metadata);
                } finally {
                    begun.remove(there);
                }
            } catch (IOException | RuntimeException e) {
                throw new IOException(
                        "its store was replaced while the clip was made, and takes it no more: " + replaced
                                + "; nor does " + name(other) + " (" + Blame.inOneLine(e) + ")",
                        e);
            }
        }

        private void copyTo(SharedDraft there) throws IOException {
            try (DirectoryStream<Path> made = Files.newDirectoryStream(directory())) {
                for (Path file : made) {
                    Files.copy(file, there.directory().resolve(file.getFileName()));
                }
            }
        }

        private static String name(AssetStore store) {
            return store.getClass().getName();
        }

        @Override
        public void close() throws GenerationException {
            try (examination) {
                files.close();
                begun.remove(files);
            } catch (IOException | RuntimeException e) {
                throw Blame.failure(Reason.STORAGE, unstored(order), e);
            }
        }
    }

    /** {@return what a source was for, as metadata say it} */
    static SourceUse use(WorkSource source, SourceOrigin origin) {
        return new SourceUse(
                source.fold(
                        picture -> "picture " + picture.index(),
                        clip -> clip.side() == Side.AFTER ? "continued after" : "continued before",
                        restyled -> "restyled " + restyled.strength(),
                        interpolated -> "interpolated " + interpolated.factor(),
                        guide -> guide.role().label()
                                + guide.name().map(name -> " " + name).orElse("")),
                source.file().sha256(),
                source.asset(),
                source.file().name(),
                origin.trace());
    }
}
