package org.patchreel.impl.provenance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestDescription.Intent;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.ManifestUpdate;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.ClaimSigner;

/**
 * Signs the files of clips, generated ones and mezzanines, and lets the manifest repository know them, by which copies without a
 * manifest are recognised.
 */
public final class ClipSigner {
    private static final String GENERATOR = "Patchreel";

    private final ManifestEmbedder embedder;
    private final ClaimSigner signer;
    private final ManifestRepository manifests;
    private final String version;
    private final Supplier<HumanOversight> oversight;

    /**
     * A file that is complete but for its manifest.
     *
     * @param path of the file, which is replaced by the signed one
     * @param clip how the clip was made; its provenance is not read
     * @param title what the manifest calls the file if the clip has no title
     * @param created when the file was made
     * @param watermark in its pictures
     * @param poster a JPEG file, if there is one
     * @param fingerprint of its pictures
     * @param ingredients that the file was made of
     * @param intent what was done
     * @param master whether it is the clip without its visible label, a further file of the asset
     */
    public record Unsigned(
            Path path,
            AssetMetadata clip,
            String title,
            Instant created,
            Optional<SoftBinding> watermark,
            Optional<Path> poster,
            Fingerprint fingerprint,
            List<Ingredient> ingredients,
            Intent intent,
            boolean master) {

        /** A file that is no master; see above. */
        public Unsigned(
                Path path,
                AssetMetadata clip,
                String title,
                Instant created,
                Optional<SoftBinding> watermark,
                Optional<Path> poster,
                Fingerprint fingerprint,
                List<Ingredient> ingredients,
                Intent intent) {
            this(path, clip, title, created, watermark, poster, fingerprint, ingredients, intent, false);
        }
    }

    /**
     * What was signed, not yet recorded.
     *
     * @param manifest for the asset's metadata
     * @param record for the manifest repository
     */
    public record Signed(SignedManifest manifest, StoredManifest record) {}

    /**
     * Creates a signer.
     *
     * @param embedder writes manifests
     * @param signer has the key
     * @param manifests keeps the records
     * @param version of Patchreel
     * @param oversight over what nobody has approved
     */
    public ClipSigner(
            ManifestEmbedder embedder,
            ClaimSigner signer,
            ManifestRepository manifests,
            String version,
            Supplier<HumanOversight> oversight) {
        this.embedder = embedder;
        this.signer = signer;
        this.manifests = manifests;
        this.version = version;
        this.oversight = oversight;
    }

    /**
     * Finds out before the work whether there is a key that may be used now.
     *
     * @throws GeneralSecurityException if there is none
     */
    public void checkCredential() throws GeneralSecurityException {
        signer.credential();
    }

    /**
     * Signs a file. Nothing may touch its bytes after this.
     *
     * @param file what to sign
     * @return the manifest, and the record for {@link #record}
     * @throws IOException if the file cannot be read or written, or no trusted timestamp could be had
     * @throws GeneralSecurityException if there is no key that may be used now, or signing fails
     */
    public Signed sign(Unsigned file) throws IOException, GeneralSecurityException {
        // The prompt is not in it: the manifest is public.
        ManifestDescription description = new ManifestDescription(
                file.clip().title().orElse(file.title()),
                file.created(),
                GENERATOR,
                version,
                disclosure(file.clip(), isApproved(file.clip()) ? HumanOversight.HUMAN_VALIDATED : oversight.get()),
                file.watermark(),
                Duration.ofNanos(Math.round(file.clip().format().seconds() * 1e9)),
                file.poster(),
                file.ingredients(),
                file.intent(),
                file.clip().label().filter(label -> !file.master()).map(AssetMetadata.Label::text),
                file.clip().model().adapters(),
                file.clip().provider(),
                file.clip().rights());
        EmbeddedManifest embedded = embedder.embed(file.path(), description, signer.credential());
        String id = file.clip().id();
        return new Signed(
                manifest(embedded),
                new StoredManifest(
                        file.master() || file.intent() instanceof ManifestDescription.Transcoded
                                ? StoredManifest.furtherId(id, embedded.label())
                                : id,
                        file.watermark()
                                .map(mark -> HexFormat.of().parseHex(mark.id()))
                                .orElseGet(() -> new byte[0]),
                        embedded.label(),
                        embedded.store(),
                        file.fingerprint(),
                        file.created()));
    }

    /**
     * Signs an approval into a clip or still that was signed: its pictures stay as they are.
     *
     * @param file a copy of the asset's file, which is replaced by the signed one
     * @param clip what is known of the asset
     * @param at when it was approved
     * @return the manifest, and the record for {@link #record}
     * @throws IOException if the file is not the one that was signed, nothing is remembered of the asset, or no trusted timestamp could
     *     be had
     * @throws GeneralSecurityException if there is no key that may be used now, or signing fails
     */
    public Signed approve(Path file, AssetMetadata clip, Instant at) throws IOException, GeneralSecurityException {
        StoredManifest original = manifests
                .find(clip.id())
                .orElseThrow(() -> new IOException("the manifest repository has no record of asset " + clip.id()));
        EmbeddedManifest embedded = embedder.update(
                file,
                label -> isOf(clip, original, label),
                new ManifestUpdate(
                        clip.title().orElse(clip.id() + clip.kind().file().extension()),
                        clip.kind().file().mediaType(),
                        at,
                        GENERATOR,
                        version,
                        disclosure(clip, HumanOversight.HUMAN_VALIDATED),
                        clip.provider()),
                signer.credential());
        return new Signed(
                manifest(embedded),
                new StoredManifest(
                        StoredManifest.furtherId(clip.id(), embedded.label()),
                        original.watermarkId(),
                        embedded.label(),
                        embedded.store(),
                        original.fingerprint(),
                        at));
    }

    /**
     * {@return whether a manifest is the one that the metadata name, or an approval whose metadata did not get written, which has the
     * same pictures: a master has not}
     */
    private boolean isOf(AssetMetadata clip, StoredManifest original, String label) throws IOException {
        return clip.provenance()
                        .manifest()
                        .filter(known -> known.label().equals(label))
                        .isPresent()
                || manifests
                        .find(StoredManifest.furtherId(clip.id(), label))
                        .filter(further -> Arrays.equals(
                                further.fingerprint().toBytes(),
                                original.fingerprint().toBytes()))
                        .isPresent();
    }

    private static SignedManifest manifest(EmbeddedManifest embedded) {
        return new SignedManifest(
                embedded.label(), embedded.signer(), embedded.timestamp() instanceof EmbeddedManifest.Timestamped);
    }

    /** A mezzanine has the pictures of a clip that may have been approved. */
    private static boolean isApproved(AssetMetadata clip) {
        return clip.review()
                .filter(review -> review.decision() == Decision.APPROVED)
                .isPresent();
    }

    private static AiDisclosure disclosure(AssetMetadata clip, HumanOversight oversight) {
        return new AiDisclosure(clip.model().name(), identifier(clip.model()), oversight);
    }

    /** {@return a digest over the digests of the weights; empty if they are not known} */
    private static Optional<String> identifier(AssetMetadata.Model model) {
        if (model.weights().isEmpty()) {
            return Optional.empty();
        }
        MessageDigest digest = sha256();
        model.weights().stream()
                .map(file -> file.sha256() + "  " + file.path() + "\n")
                .sorted()
                .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
        return Optional.of("sha256:" + HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * The fingerprint of a clip that was recorded.
     *
     * @param assetId the clip's
     * @return the fingerprint; empty if there is no record
     * @throws IOException if the manifest repository cannot be read
     */
    public Optional<Fingerprint> fingerprint(String assetId) throws IOException {
        return manifests.find(assetId).map(StoredManifest::fingerprint);
    }

    /**
     * Records what was signed.
     *
     * @param signed from {@link #sign}
     * @throws IOException if the manifest repository cannot be written
     */
    public void record(Signed signed) throws IOException {
        manifests.put(signed.record());
    }

    /**
     * Takes a record back.
     *
     * @param signed from {@link #sign}
     * @throws IOException if the manifest repository cannot be written
     */
    public void forget(Signed signed) throws IOException {
        manifests.remove(signed.record().recordId());
    }
}
