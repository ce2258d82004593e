package org.patchreel.impl.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.provenance.ProvenanceSteps;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Watermarker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands stored clips over to editors: makes a folder with their media, or with mezzanines of them, and the timeline in the
 * formats that are asked for. The folder appears whole or not at all. May be called from any thread.
 */
@Component(
        service = {Exporter.class, ComponentStatus.class},
        configurationPid = Exporter.PID)
@Designate(ocd = Exporter.Config.class)
public final class Exporter implements ComponentStatus {
    static final String PID = "org.patchreel.export";

    private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);

    @ObjectClassDefinition(name = "Patchreel export", description = "What may be handed over to editors")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Hand over only what somebody has approved (approve ID): an export of anything else is refused")
        boolean approved_only() default false;
    }

    /** Of the file systems of Linux. */
    private static final int MAX_NAME = 255;

    /** How long the end of the component waits for work under way to clear away what it made. */
    private static final int STOP_SECONDS = 60;

    private final BooleanSupplier signs;
    private final @Nullable MezzanineSigner signer;
    private final Originals originals;
    private final Settings<Boolean> approvedOnly;
    private final ReadWriteLock work = new ReentrantReadWriteLock();
    private volatile boolean stopped;

    /**
     * Finds its services. Those for signing are needed for mezzanines alone.
     *
     * @param context names the version
     * @param validator tells whether the clips are as they were signed
     * @param provenance says whether clips are signed
     * @param embedder writes manifests
     * @param claimSigner has the key
     * @param manifests keeps the records
     * @param watermarker names its method
     * @param config what may be handed over
     * @param properties of the component
     */
    @Activate
    public Exporter(
            BundleContext context,
            @Reference ManifestValidator validator,
            @Reference ProvenanceSteps provenance,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ManifestEmbedder embedder,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ClaimSigner claimSigner,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ManifestRepository manifests,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Watermarker watermarker,
            Config config,
            Map<String, Object> properties) {
        this(
                provenance::signs,
                embedder == null || claimSigner == null || manifests == null || watermarker == null
                        ? null
                        : new MezzanineSigner(
                                new ClipSigner(
                                        embedder,
                                        claimSigner,
                                        manifests,
                                        context.getBundle().getVersion().toString(),
                                        provenance::oversight),
                                watermarker.algorithm(),
                                InstantSource.system()),
                new SignedOriginals(validator),
                new Settings<>(PID, properties, values -> values.flag("approved.only", config::approved_only)));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        approvedOnly.update(PID, properties, values -> values.flag("approved.only", config::approved_only));
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return approvedOnly.problem();
    }

    /**
     * As above.
     *
     * @param signs whether mezzanines are signed
     * @param signer null if something for signing is missing
     * @param originals refuses damaged clips
     * @param approvedOnly whether what nobody has approved is refused
     */
    Exporter(
            BooleanSupplier signs,
            @Nullable MezzanineSigner signer,
            Originals originals,
            Settings<Boolean> approvedOnly) {
        this.signs = signs;
        this.signer = signer;
        this.originals = originals;
        this.approvedOnly = approvedOnly;
    }

    /** Ends work under way, and waits until it has cleared away what it made. */
    @Deactivate
    void stop() {
        stopped = true;
        try {
            if (work.writeLock().tryLock(STOP_SECONDS, TimeUnit.SECONDS)) {
                work.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Makes the folder. Interrupting the thread ends the work; then, and after a failure, nothing is left.
     *
     * @param request what to hand over
     * @param progress called with the progress of the mezzanines
     * @return what is in the folder
     * @throws IllegalArgumentException if the folder is there already, or its parent is missing or read-only, or a clip is not
     *     approved where only those are handed over
     * @throws IOException if a clip cannot be read, transcoded or signed, or a file cannot be written; the message names it
     *     and the reason
     * @throws InterruptedException if the thread was interrupted, or this component was stopped
     */
    public ExportResult write(ExportRequest request, ExportProgress progress) throws IOException, InterruptedException {
        work.readLock().lock();
        try {
            return writeWhole(request, progress);
        } finally {
            work.readLock().unlock();
        }
    }

    /**
     * Makes a JPEG file of a still, signed with the still as its parent if stills are signed. The file appears whole or not at
     * all; one that is there is replaced.
     *
     * @param still an asset of the kind {@link org.patchreel.api.OutputKind#STILL}
     * @param target absolute path of the file
     * @throws IOException if the still cannot be read or is not as it was signed, or the file cannot be signed or written;
     *     the message names it and the reason
     */
    public void writeJpeg(StoredAsset still, Path target) throws IOException {
        checkApproved(still);
        work.readLock().lock();
        try {
            new JpegCopy(signs.getAsBoolean() ? Optional.of(usableSigner()) : Optional.empty(), originals)
                    .write(still, target);
        } finally {
            work.readLock().unlock();
        }
    }

    private ExportResult writeWhole(ExportRequest request, ExportProgress progress)
            throws IOException, InterruptedException {
        checkCancelled();
        for (StoredAsset asset : request.assets()) {
            if (request.master()) {
                checkMaster(asset);
            } else {
                checkApproved(asset);
            }
        }
        Path folder = request.folder().toAbsolutePath().normalize();
        checkFolder(folder);
        Path draft = folder.resolveSibling("." + UUID.randomUUID() + ".part");
        try (MediaFolder media = media(request, draft)) {
            Map<String, StoredAsset> assets = new LinkedHashMap<>();
            request.assets()
                    .forEach(asset -> assets.putIfAbsent(asset.metadata().id(), asset));
            int number = 0;
            for (Map.Entry<String, StoredAsset> asset : assets.entrySet()) {
                int current = ++number;
                int frames = asset.getValue().metadata().format().frameCount();
                media.add(asset.getValue(), done -> {
                    checkCancelled();
                    progress.transcoding(asset.getKey(), current, assets.size(), done, frames);
                });
                checkCancelled();
            }
            Timeline timeline = Timeline.of(
                    String.valueOf(folder.getFileName()),
                    request.assets().stream()
                            .map(asset -> media.medium(asset.metadata().id()))
                            .toList());
            List<Path> files = writeTexts(timeline, request.formats(), media, folder);
            checkCancelled();
            media.publish(folder);
            return new ExportResult(folder, timeline.rate(), timeline.frames(), clips(timeline, media), files);
        }
    }

    private void checkApproved(StoredAsset asset) {
        Optional<Review> review = asset.metadata().review();
        if (approvedOnly.get()
                && review.filter(made -> made.decision() == Decision.APPROVED).isEmpty()) {
            throw new IllegalArgumentException("asset " + asset.metadata().id()
                    + review.map(made -> " was rejected by " + made.by()).orElse(" is not approved")
                    + ", and only what is approved is handed over: approve "
                    + asset.metadata().id());
        }
    }

    /**
     * Refuses to hand out a clip without its label that was rejected, or not approved where that is needed.
     *
     * @throws IllegalArgumentException if it was; the message names it
     */
    void checkMaster(StoredAsset asset) {
        checkApproved(asset);
        asset.metadata()
                .review()
                .filter(review -> review.decision() == Decision.REJECTED)
                .ifPresent(review -> {
                    throw new IllegalArgumentException(
                            "asset " + asset.metadata().id() + " was rejected by " + review.by()
                                    + ": it is not handed out without its label");
                });
    }

    private static void checkFolder(Path folder) {
        Path parent = folder.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IllegalArgumentException("folder " + parent + " does not exist");
        }
        if (folder.getFileName().toString().getBytes(UTF_8).length > MAX_NAME) {
            throw new IllegalArgumentException(
                    folder.getFileName() + ": a name has at most " + MAX_NAME + " bytes in UTF-8");
        }
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(folder + " is there already");
        }
        if (!Files.isWritable(parent)) {
            throw new IllegalArgumentException("folder " + parent + " is not writable");
        }
    }

    private static List<Path> writeTexts(Timeline timeline, Set<ExportFormat> formats, MediaFolder media, Path folder)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (ExportFormat format : formats) {
            switch (format) {
                case OTIO -> files.add(write(OtioText.of(timeline), media.draft(), format.fileName()));
                case EDL -> files.add(write(EdlText.of(timeline), media.draft(), format.fileName()));
                case FCP7 -> files.add(write(Fcp7Text.of(timeline, folder), media.draft(), format.fileName()));
                case MLT -> files.add(write(MltText.of(timeline), media.draft(), format.fileName()));
                case XMP -> {
                    for (Medium medium : media.media()) {
                        String name = medium.path().substring(0, medium.path().lastIndexOf('.')) + ".xmp";
                        files.add(write(XmpText.of(medium), media.draft(), name));
                    }
                }
            }
        }
        return List.copyOf(files);
    }

    private static Path write(String text, Path folder, String name) throws IOException {
        // half a surrogate pair, which no encoding has, becomes a question mark
        Files.write(folder.resolve(name), text.getBytes(UTF_8));
        return Path.of(name);
    }

    private static List<ExportResult.Clip> clips(Timeline timeline, MediaFolder media) {
        return timeline.clips().stream()
                .map(clip -> new ExportResult.Clip(
                        clip.medium().clip().id(),
                        Path.of(clip.medium().path()),
                        clip.medium().reel(),
                        timeline.start().plus(clip.start()).toString(),
                        clip.frames(),
                        media.manifest(clip.medium())))
                .toList();
    }

    private MediaFolder media(ExportRequest request, Path draft) throws IOException {
        return new MediaFolder(
                draft,
                request.master() ? AssetFile.MASTER : AssetFile.CLIP,
                request.mezzanine(),
                mezzanineSigner(request),
                originals);
    }

    private @Nullable MezzanineSigner mezzanineSigner(ExportRequest request) throws IOException {
        if (request.mezzanine().isEmpty() || !signs.getAsBoolean()) {
            return null;
        }
        return usableSigner();
    }

    private MezzanineSigner usableSigner() throws IOException {
        if (signer == null) {
            throw new IOException("what signs mezzanines is not there; see doctor");
        }
        signer.checkCredential();
        return signer;
    }

    private void checkCancelled() throws InterruptedException {
        if (Thread.interrupted() || stopped) {
            throw new InterruptedException("the export was cancelled");
        }
    }
}
