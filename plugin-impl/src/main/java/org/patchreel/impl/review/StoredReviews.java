package org.patchreel.impl.review;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.Requester;
import org.patchreel.api.Reviews;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.store.Tree;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction.Approved;
import org.patchreel.spi.AuditAction.Rejected;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.HomeFolder;

/** Reviews of what the asset store has. An approval is signed into a copy of the file, which then takes the file's place. */
@Component(service = Reviews.class)
public final class StoredReviews implements Reviews {

    /** No approval takes as long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final AssetStore store;
    private final Audit audit;
    private final @Nullable ClipSigner signer;
    private final Path work;
    private final InstantSource clock;

    /**
     * Finds its services. Those for signing are needed for approvals of assets that carry a manifest.
     *
     * @param context names the version, and tells where copies are made
     * @param store keeps the assets
     * @param audit keeps a record
     * @param embedder writes manifests
     * @param claimSigner has the key
     * @param manifests keeps the records
     */
    @Activate
    public StoredReviews(
            BundleContext context,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference Audit audit,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ManifestEmbedder embedder,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ClaimSigner claimSigner,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ManifestRepository manifests) {
        this(
                store,
                audit,
                embedder == null || claimSigner == null || manifests == null
                        ? null
                        : new ClipSigner(
                                embedder,
                                claimSigner,
                                manifests,
                                context.getBundle().getVersion().toString(),
                                () -> HumanOversight.HUMAN_VALIDATED),
                HomeFolder.of(context).resolve("reviews"),
                InstantSource.system());
    }

    /**
     * As above.
     *
     * @param store keeps the assets
     * @param audit keeps a record
     * @param signer null if something for signing is missing
     * @param work where copies of files are made
     * @param clock says when somebody decided
     */
    StoredReviews(AssetStore store, Audit audit, @Nullable ClipSigner signer, Path work, InstantSource clock) {
        this.store = store;
        this.audit = audit;
        this.signer = signer;
        this.work = work;
        this.clock = clock;
    }

    @Override
    public AssetMetadata approve(String id, String by, Optional<String> note) throws IOException {
        Instant now = clock.instant();
        Review review = new Review(Decision.APPROVED, by, now, note);
        StoredAsset asset = asset(id, Decision.APPROVED);
        Optional<SignedManifest> manifest = asset.metadata().provenance().manifest();
        if (manifest.isEmpty()) {
            return revise(asset.metadata().reviewed(review, Optional.empty()), Optional.empty());
        }
        ClipSigner usable = signer;
        if (usable == null) {
            throw new IOException(
                    "asset " + id + " carries a manifest, and nothing is there to sign its approval; see doctor");
        }
        Files.createDirectories(work);
        deleteAbandoned();
        Path folder = Files.createTempDirectory(work, id + "-");
        try {
            return approve(asset, review, usable, folder);
        } finally {
            Tree.delete(folder);
        }
    }

    private AssetMetadata approve(StoredAsset asset, Review review, ClipSigner usable, Path folder) throws IOException {
        AssetMetadata metadata = asset.metadata();
        AssetFile kind = metadata.kind().file();
        Path copy = folder.resolve(kind.fileName());
        try (InputStream in = Channels.newInputStream(asset.open(kind))) {
            Files.copy(in, copy);
        }
        ClipSigner.Signed signed;
        try {
            signed = usable.approve(copy, metadata, review.at());
        } catch (GeneralSecurityException e) {
            throw new IOException("the approval of asset " + metadata.id() + " cannot be signed: " + e.getMessage(), e);
        }
        usable.record(signed);
        boolean stored = false;
        try {
            AssetMetadata reviewed =
                    revise(metadata.reviewed(review, Optional.of(signed.manifest())), Optional.of(copy));
            stored = true;
            return reviewed;
        } finally {
            if (!stored) {
                usable.forget(signed);
            }
        }
    }

    /** What killed processes have left; another process may be at work. */
    private void deleteAbandoned() throws IOException {
        Instant latest = clock.instant().minus(ABANDONED);
        List<Path> left;
        try (Stream<Path> all = Files.list(work)) {
            left = all.toList();
        }
        for (Path folder : left) {
            try {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(latest)) {
                    Tree.delete(folder);
                }
            } catch (NoSuchFileException e) {
                // another process was faster
            }
        }
    }

    @Override
    public AssetMetadata reject(String id, String by, String reason) throws IOException {
        Review review = new Review(Decision.REJECTED, by, clock.instant(), Optional.of(reason));
        return revise(asset(id, Decision.REJECTED).metadata().reviewed(review, Optional.empty()), Optional.empty());
    }

    private StoredAsset asset(String id, Decision wanted) throws IOException {
        StoredAsset asset =
                store.find(AssetId.check(id)).orElseThrow(() -> new IllegalArgumentException("no such asset: " + id));
        asset.metadata().review().filter(review -> review.decision() == wanted).ifPresent(review -> {
            throw new IllegalArgumentException(
                    "asset " + id + " is " + wanted.label() + " already, by " + review.by() + " at " + review.at());
        });
        return asset;
    }

    private AssetMetadata revise(AssetMetadata metadata, Optional<Path> file) throws IOException {
        Review review = metadata.review().orElseThrow();
        String reason = review.reason().orElse("");
        audit.record(
                metadata.id(),
                Requester.of(review.by()),
                review.decision() == Decision.APPROVED ? new Approved(reason) : new Rejected(reason));
        store.revise(metadata.id(), file, metadata);
        return metadata;
    }
}
