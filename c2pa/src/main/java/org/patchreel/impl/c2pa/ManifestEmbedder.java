package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.Rights;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.c2pa.RevocationResponder.RevokedException;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a signed C2PA manifest into a clip or a picture. May be called from any thread. */
@Component(
        service = {ManifestEmbedder.class, ComponentStatus.class},
        configurationPid = ManifestEmbedder.PID)
@Designate(ocd = ManifestEmbedder.Config.class)
public final class ManifestEmbedder implements ComponentStatus {
    static final String PID = "org.patchreel.c2pa";

    private static final Logger LOG = LoggerFactory.getLogger(ManifestEmbedder.class);
    private static final int MAX_THUMBNAIL = 1 << 20;

    /** They stay in memory, and go into every clip that is made of them. */
    private static final int MAX_INGREDIENT_MANIFESTS = 16 << 20;

    private static final int SHA256 = 32;

    @ObjectClassDefinition(
            name = "Patchreel C2PA manifests",
            description = "Trusted timestamps (RFC 3161) of the manifests; with one, a claim stays valid after its"
                    + " signing certificate has expired. OCSP responses, which say that it was not revoked")
    @interface Config {
        @AttributeDefinition(description = "URL of the timestamp authority; empty means no timestamps")
        String timestamp_url() default "";

        @AttributeDefinition(description = "How long to wait for the authority, in seconds", min = "1", max = "300")
        int timestamp_timeout() default 10;

        @AttributeDefinition(
                description = "Whether a clip fails if the authority gives no timestamp; otherwise it is signed without"
                        + " one, and a warning is logged")
        boolean timestamp_required() default false;

        @AttributeDefinition(
                description = "Whether the responder that the signing certificate names is asked if the certificate is"
                        + " revoked (OCSP), and its answer goes into the manifest: off; if-available: without an answer a"
                        + " warning is logged; required: without one a clip fails. With a revoked certificate it fails"
                        + " in both cases",
                options = {
                    @Option(label = "Off", value = "off"),
                    @Option(label = "If available", value = "if-available"),
                    @Option(label = "Required", value = "required")
                })
        String ocsp() default "off";

        @AttributeDefinition(description = "How long to wait for the responder, in seconds", min = "1", max = "300")
        int ocsp_timeout() default 10;
    }

    private final IngredientReader ingredientReader;
    private final Settings<Authorities> settings;

    /** Whom to ask before and after a claim is signed. */
    private record Authorities(Timestamps timestamps, Optional<Revocation> revocation) {}

    /** Whom to ask whether the signing certificate is revoked, and whether there has to be an answer. */
    private record Revocation(RevocationResponder responder, boolean required) {}

    /** Whom to ask for timestamps, and whether there has to be one. */
    private record Timestamps(Optional<TimestampAuthority> authority, boolean required) {}

    /**
     * Makes an embedder.
     *
     * @param validator of the manifests that ingredients carry
     * @param config the timestamp authority
     * @param properties of the component
     */
    @Activate
    public ManifestEmbedder(@Reference ManifestValidator validator, Config config, Map<String, Object> properties) {
        this(validator, new Settings<>(PID, properties, values -> authorities(values, config)));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> authorities(values, config));
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /**
     * Makes an embedder that asks for no timestamps.
     *
     * @param validator of the manifests that ingredients carry
     */
    public ManifestEmbedder(ManifestValidator validator) {
        this(validator, Optional.empty(), false);
    }

    ManifestEmbedder(ManifestValidator validator, Optional<TimestampAuthority> authority, boolean timestampRequired) {
        this(
                validator,
                new Settings<>(new Authorities(new Timestamps(authority, timestampRequired), Optional.empty())));
    }

    ManifestEmbedder(ManifestValidator validator, RevocationResponder responder, boolean statusRequired) {
        this(
                validator,
                new Settings<>(new Authorities(
                        new Timestamps(Optional.empty(), false),
                        Optional.of(new Revocation(responder, statusRequired)))));
    }

    private ManifestEmbedder(ManifestValidator validator, Settings<Authorities> settings) {
        this.ingredientReader = new IngredientReader(validator);
        this.settings = settings;
    }

    private static Authorities authorities(ConfigurationValues values, Config config) {
        int seconds = values.integer("ocsp.timeout", config::ocsp_timeout, 1, 300);
        Optional<Boolean> required = values.option(
                "ocsp",
                () -> config.ocsp().strip().toLowerCase(Locale.ROOT),
                List.of(
                        Map.entry("off", Optional.empty()),
                        Map.entry("if-available", Optional.of(false)),
                        Map.entry("required", Optional.of(true))));
        return new Authorities(
                timestamps(values, config),
                required.map(each -> new Revocation(
                        new RevocationResponder(Duration.ofSeconds(seconds), InstantSource.system()), each)));
    }

    private static Timestamps timestamps(ConfigurationValues values, Config config) {
        int seconds = values.integer("timestamp.timeout", config::timestamp_timeout, 1, 300);
        boolean required = values.flag("timestamp.required", config::timestamp_required);
        if (config.timestamp_url().isBlank()) {
            return new Timestamps(Optional.empty(), required);
        }
        try {
            return new Timestamps(
                    Optional.of(new TimestampAuthority(
                            URI.create(config.timestamp_url().strip()), Duration.ofSeconds(seconds))),
                    required);
        } catch (IllegalArgumentException e) {
            throw values.refused("timestamp.url", "expected the URL of a timestamp authority: " + e.getMessage());
        }
    }

    /**
     * Signs a clip or a picture and puts the manifest in. The file is replaced at once when all is done: another reader sees
     * the old file or the new one. After a failure the old one is there, unchanged.
     *
     * @param file an MP4 file, not fragmented, without a manifest, whose other outermost boxes stay as they are; or a JPEG or
     *     PNG file, in which the manifest takes the place of one that is there. The content tells which, not the name
     * @param description what the manifest is to say; the duration, and the span of the watermark, of a clip alone
     * @param credential to sign with
     * @return the manifest
     * @throws IOException if the file, the thumbnail or an ingredient cannot be read, is no file that can be signed, the
     *     signed file cannot be written, a required timestamp or revocation status is not given, or the certificate is
     *     revoked; the message names what and the reason
     * @throws GeneralSecurityException if the key refuses to sign
     */
    public EmbeddedManifest embed(Path file, ManifestDescription description, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        Authorities authorities = usable();
        Timestamps timestamps = authorities.timestamps();
        Path target = file.toRealPath();
        CoseSign1Writer cose = new CoseSign1Writer(
                credential.algorithm(),
                credential.certificateChain(),
                timestamps.authority().isPresent() ? TimestampAuthority.MAX_TOKEN : 0,
                revocationStatus(authorities.revocation(), credential.certificateChain()));
        try (FileChannel source = FileChannel.open(target, StandardOpenOption.READ)) {
            SignedCopy copy = SignedCopy.of(source, target);
            ManifestDraft manifest = manifest(description, copy.isTimed());
            Path draft = Files.createTempFile(target.getParent(), ".signing-", ".tmp");
            try {
                EmbeddedManifest embedded;
                try (FileChannel signed = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    embedded = sign(copy, signed, draft, manifest, cose, credential, timestamps);
                    signed.force(true);
                }
                Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(target));
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
                return embedded;
            } finally {
                Files.deleteIfExists(draft);
            }
        }
    }

    /** Which manifest a file must carry to be updated. */
    @FunctionalInterface
    public interface Expected {

        /**
         * Looks at a label.
         *
         * @param label of the active manifest
         * @return whether it is the one
         * @throws IOException if that cannot be found out
         */
        boolean test(String label) throws IOException;
    }

    /**
     * Adds an update manifest to the manifest that a file carries; its content stays as it is. The file is replaced at once when all is
     * done. After a failure the old one is there, unchanged.
     *
     * @param file an MP4, JPEG or PNG file with a manifest
     * @param expected says whether the file's active manifest, of this label, is one that may be updated
     * @param update what is to be added
     * @param credential to sign with
     * @return the update manifest, with the manifest store of the whole file
     * @throws IOException if the file cannot be read, carries no manifest that holds, the new file cannot be written, a required
     *     timestamp or revocation status is not given, or the certificate is revoked; the message names what and the reason
     * @throws GeneralSecurityException if the key refuses to sign
     */
    public EmbeddedManifest update(
            Path file, Expected expected, ManifestUpdate update, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        Authorities authorities = usable();
        Timestamps timestamps = authorities.timestamps();
        Path target = file.toRealPath();
        ManifestDescription.Ingredient before =
                new ManifestDescription.Ingredient(update.title(), update.mediaType(), target, Relationship.PARENT_OF);
        IngredientManifest own = ingredientReader
                .readValid(before)
                .orElseThrow(() -> new IOException(file + ": carries no manifest that could be updated"));
        String label = own.activeLabel();
        if (!expected.test(label)) {
            throw new IOException(file + ": carries another manifest than was expected: " + label);
        }
        SuperBox parent = Assertions.ingredient(before, 0, Optional.of(own));
        ManifestDraft manifest = new ManifestDraft(
                update,
                List.of(parent, Assertions.opened(update, parent), Assertions.aiDisclosure(update.disclosure())));
        CoseSign1Writer cose = new CoseSign1Writer(
                credential.algorithm(),
                credential.certificateChain(),
                timestamps.authority().isPresent() ? TimestampAuthority.MAX_TOKEN : 0,
                revocationStatus(authorities.revocation(), credential.certificateChain()));
        byte[] claim = manifest.updateClaim();
        Signed signed = sign(claim, manifest.label(), cose, credential, timestamps);
        byte[] box = manifest.update(claim, signed.cose());
        Path draft = Files.createTempFile(target.getParent(), ".signing-", ".tmp");
        try {
            try (FileChannel source = FileChannel.open(target, StandardOpenOption.READ);
                    FileChannel updated = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                UpdatedCopy.write(source, target, own.manifests().values(), box, updated, draft);
                updated.force(true);
            }
            Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(target));
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        return new EmbeddedManifest(
                manifest.label(),
                UpdatedCopy.store(own.manifests().values(), box),
                signer(signed.cose()),
                signed.timestamp());
    }

    private static Optional<byte[]> revocationStatus(Optional<Revocation> revocation, List<X509Certificate> chain)
            throws IOException {
        if (revocation.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(revocation.get().responder().response(chain));
        } catch (RevokedException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (revocation.get().required()) {
                throw e;
            }
            LOG.warn(
                    "the next manifest says nothing about the revocation of its certificate: {}",
                    PrintableText.of(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private Authorities usable() throws IOException {
        try {
            return settings.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private EmbeddedManifest sign(
            SignedCopy copy,
            FileChannel target,
            Path draft,
            ManifestDraft manifest,
            CoseSign1Writer cose,
            ClaimSigner.Credential credential,
            Timestamps timestamps)
            throws IOException, GeneralSecurityException {
        SuperBox blank = copy.hardBinding(new byte[SHA256], 0);
        int size = copy.wrap(manifest.store(blank, manifest.claim(blank), cose.placeholder())).length;
        byte[] hash;
        try (SequentialOutput output =
                copy.isLarge() ? SequentialOutput.uncached(target, draft) : SequentialOutput.cached(target)) {
            hash = copy.write(output, size);
        }
        SuperBox hardBinding = copy.hardBinding(hash, size);
        byte[] claim = manifest.claim(hardBinding);
        Signed signed = sign(claim, manifest.label(), cose, credential, timestamps);
        byte[] store = manifest.store(hardBinding, claim, signed.cose());
        target.position(copy.manifestPosition());
        writeFully(target, ByteBuffer.wrap(copy.wrap(store)));
        return new EmbeddedManifest(manifest.label(), store, signer(signed.cose()), signed.timestamp());
    }

    /**
     * A signature as it stands in a manifest.
     *
     * @param cose a COSE_Sign1 structure
     * @param timestamp what became of the trusted timestamp
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Signed(byte[] cose, EmbeddedManifest.Timestamp timestamp) {}

    private static Signed sign(
            byte[] claim, String label, CoseSign1Writer cose, ClaimSigner.Credential credential, Timestamps timestamps)
            throws IOException, GeneralSecurityException {
        byte[] signature = credential.sign(cose.toBeSigned(claim));
        Optional<byte[]> token = Optional.empty();
        EmbeddedManifest.Timestamp timestamp = new EmbeddedManifest.NoTimestamp();
        if (timestamps.authority().isPresent()) {
            try {
                TimestampAuthority.Token given = timestamps.authority().get().stamp(cose.toBeTimestamped(signature));
                token = Optional.of(given.token());
                timestamp = new EmbeddedManifest.Timestamped(given.time());
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (timestamps.required()) {
                    throw e;
                }
                LOG.warn(
                        "{} is signed without a timestamp: {}",
                        label,
                        PrintableText.of(String.valueOf(e.getMessage())));
                timestamp = new EmbeddedManifest.MissingTimestamp(String.valueOf(e.getMessage()));
            }
        }
        return new Signed(cose.write(signature, token), timestamp);
    }

    private static void writeFully(FileChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }

    private static String signer(byte[] signature) throws GeneralSecurityException {
        try {
            return ClaimSignature.read(ByteBuffer.wrap(signature)).signer();
        } catch (CoseException e) {
            throw new SignatureException("the signature cannot be read back", e);
        }
    }

    private ManifestDraft manifest(ManifestDescription description, boolean timed) throws IOException {
        List<SuperBox> ingredients = new ArrayList<>();
        Map<String, byte[]> ingredientManifests = new LinkedHashMap<>();
        for (ManifestDescription.Ingredient ingredient : description.ingredients()) {
            Optional<IngredientManifest> own = ingredientReader.read(ingredient);
            if (own.isPresent()) {
                takeOver(own.get().manifests(), ingredientManifests, ingredient.file());
            }
            ingredients.add(Assertions.ingredient(ingredient, ingredients.size(), own));
        }
        List<SuperBox> assertions = new ArrayList<>(ingredients);
        assertions.add(Assertions.actions(description, ingredients));
        description
                .softBinding()
                .ifPresent(binding -> assertions.add(Assertions.softBinding(
                        binding, timed ? Optional.of(span(binding, description)) : Optional.empty())));
        assertions.add(Assertions.aiDisclosure(description.disclosure()));
        if (!description.adapters().isEmpty()) {
            assertions.add(Assertions.adapters(description.adapters()));
        }
        if (description.thumbnail().isPresent()) {
            assertions.add(
                    Assertions.thumbnail(readThumbnail(description.thumbnail().get())));
        }
        List<SuperBox> gathered = description.rights().equals(Rights.NONE)
                ? List.of()
                : List.of(Assertions.metadata(description.rights()));
        return new ManifestDraft(description, assertions, gathered, List.copyOf(ingredientManifests.values()));
    }

    private static SoftBinding.Span span(SoftBinding binding, ManifestDescription description) {
        return binding.span()
                .orElse(new SoftBinding.Span(0, description.duration().toMillis()));
    }

    /** Two ingredients may have one in common. */
    private static void takeOver(Map<String, byte[]> manifests, Map<String, byte[]> all, Path file) throws IOException {
        for (Map.Entry<String, byte[]> manifest : manifests.entrySet()) {
            byte[] known = all.putIfAbsent(manifest.getKey(), manifest.getValue());
            if (known != null && !Arrays.equals(known, manifest.getValue())) {
                throw new IOException(file + ": its manifest " + manifest.getKey()
                        + " is another than that of the same name which another ingredient carries");
            }
        }
        int total = all.values().stream().mapToInt(bytes -> bytes.length).sum();
        if (total > MAX_INGREDIENT_MANIFESTS) {
            throw new IOException(file + ": with its manifests the ingredients carry " + total + " bytes, more than "
                    + MAX_INGREDIENT_MANIFESTS);
        }
    }

    private static byte[] readThumbnail(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] jpeg = in.readNBytes(MAX_THUMBNAIL + 1);
            if (jpeg.length > MAX_THUMBNAIL) {
                throw new IOException(file + ": a thumbnail of more than " + MAX_THUMBNAIL + " bytes");
            }
            return jpeg;
        }
    }
}
