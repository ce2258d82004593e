package org.patchreel.impl.c2pa.validation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.bmff.BmffException;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.C2paBoxes;
import org.patchreel.impl.c2pa.bmff.HardBinding;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.status.PrintableText;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * Reads and validates the C2PA manifest of an MP4 or MOV file (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html">C2PA 2.2</a>, claims of
 * version 1 too). A file may be hostile: what is wrong with it becomes a finding. May be called from any thread.
 */
@Component(service = ManifestValidator.class, configurationPid = "org.patchreel.c2pa.validation")
@Designate(ocd = ManifestValidator.Config.class)
public final class ManifestValidator {

    @ObjectClassDefinition(
            name = "Patchreel manifest validator",
            description = "Validates C2PA manifests: who is trusted to sign them")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Files of certificates in PEM: the authorities whose signers and timestamps are trusted,"
                                + " for example the C2PA trust list. Without any, a manifest can be valid, but is never trusted")
        String[] trust_anchors() default {};

        @AttributeDefinition(
                description =
                        "OIDs of extended key usages that make a certificate one for claims, as the trust list says;"
                                + " that for email protection always does. The C2PA trust list: 1.3.6.1.4.1.62558.2.1")
        String[] extended_key_usages() default {};
    }

    private final TrustList trustList;
    private final Clock clock;

    /**
     * Reads the trust list.
     *
     * @throws IOException if one of its files cannot be read; the message names it
     */
    @Activate
    public ManifestValidator(Config config) throws IOException {
        this(
                TrustList.read(
                        Arrays.stream(config.trust_anchors())
                                .filter(name -> !name.isBlank())
                                .map(Path::of)
                                .toList(),
                        Arrays.stream(config.extended_key_usages())
                                .filter(usage -> !usage.isBlank())
                                .collect(Collectors.toSet())),
                Clock.systemUTC());
    }

    /**
     * Makes a validator.
     *
     * @param trustList whom to trust
     * @param clock tells the time that counts for a signature without a timestamp
     */
    public ManifestValidator(TrustList trustList, Clock clock) {
        this.trustList = trustList;
        this.clock = clock;
    }

    /**
     * Validates the manifest that a file carries, and its binding to the file's bytes.
     *
     * @param file a local file of any kind
     * @return what was found; {@link ProvenanceReport.Manifest#none()} if it carries no manifest
     * @throws IOException if the file cannot be read
     */
    public ProvenanceReport.Manifest validate(Path file) throws IOException {
        return examine(file).report();
    }

    /**
     * Does what {@link #validate} does, and hands over the bytes of the manifest that was validated.
     *
     * @param file a local file of any kind
     * @return what was found
     * @throws IOException if the file cannot be read
     */
    public ExaminedManifest examine(Path file) throws IOException {
        try (BmffFile boxes = BmffFile.open(file)) {
            return examine(boxes);
        }
    }

    private ExaminedManifest examine(BmffFile file) throws IOException {
        StatusLog log = new StatusLog();
        Optional<C2paBoxes> found;
        try {
            found = find(file);
        } catch (BmffException e) {
            log.add(StatusCode.GENERAL_ERROR, "", e.reason());
            return unreadable(log);
        }
        return found.isEmpty()
                ? ExaminedManifest.without(ProvenanceReport.Manifest.none())
                : examine(stores(found.get()), Optional.of(new Bound(file, found.get())), log);
    }

    /** The file that a store was found in, and what was found. */
    private record Bound(BmffFile file, C2paBoxes boxes) {}

    private static Optional<C2paBoxes> find(BmffFile file) throws BmffException, IOException {
        C2paBoxes boxes = C2paBoxes.of(file);
        if (boxes.manifest().isPresent() || boxes.original().isPresent()) {
            if (!file.hasFileType()) {
                throw new BmffException("there is a manifest, and the file does not begin with a box ftyp");
            }
            return Optional.of(boxes);
        }
        if (file.damage().isPresent() && C2paBoxes.traceIn(file)) {
            throw new BmffException(
                    "the manifest cannot be reached: " + file.damage().get());
        }
        return Optional.empty();
    }

    private static List<ByteBuffer> stores(C2paBoxes boxes) {
        return boxes.original().isPresent()
                ? List.of(boxes.original().get(), boxes.update().orElseThrow())
                : List.of(boxes.manifest().orElseThrow());
    }

    /**
     * Takes the manifest store out of a file.
     *
     * @return its bytes without padding; empty if the file carries none, or none that is well-formed
     * @throws IOException if the file cannot be read
     */
    public Optional<byte[]> manifestStore(Path file) throws IOException {
        try (BmffFile boxes = BmffFile.open(file)) {
            Optional<C2paBoxes> found = find(boxes);
            return found.isEmpty() ? Optional.empty() : Optional.of(joined(stores(found.get())));
        } catch (BmffException | MalformedManifestException e) {
            return Optional.empty();
        }
    }

    /** One store with the manifests of all. */
    private static byte[] joined(List<ByteBuffer> stores) throws MalformedManifestException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (ByteBuffer bytes : stores) {
            JumbfBox.Super store = ManifestStore.store(bytes);
            if (stores.size() == 1) {
                return array(store.raw());
            }
            if (content.size() == 0) {
                content.writeBytes(array(store.payload()));
            } else {
                store.superBoxes().forEach(manifest -> content.writeBytes(array(manifest.raw())));
            }
        }
        return ByteBuffer.allocate(Long.BYTES + content.size())
                .putInt(Long.BYTES + content.size())
                .put(new byte[] {'j', 'u', 'm', 'b'})
                .put(content.toByteArray())
                .array();
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    /**
     * Validates a manifest store by itself, without the file that it is of. Its binding to a file stays unproved, so that a
     * valid store says nothing about any file.
     *
     * @param store bytes of a manifest store
     * @return what was found
     */
    public ProvenanceReport.Manifest validateStore(byte[] store) {
        return examineStore(store).report();
    }

    /**
     * Does what {@link #validateStore} does, and hands over the bytes of the manifest that was validated.
     *
     * @param store bytes of a manifest store
     * @return what was found
     */
    public ExaminedManifest examineStore(byte[] store) {
        try {
            return examine(List.of(ByteBuffer.wrap(store)), Optional.empty(), new StatusLog());
        } catch (IOException e) {
            throw new IllegalStateException("no file was to be read", e);
        }
    }

    private ExaminedManifest examine(List<ByteBuffer> stores, Optional<Bound> bound, StatusLog log) throws IOException {
        ManifestStore store;
        try {
            store = ManifestStore.read(stores, log);
        } catch (MalformedManifestException e) {
            log.add(e.code(), e.url(), e.reason());
            return unreadable(log);
        } catch (RuntimeException | StackOverflowError e) {
            log.add(StatusCode.GENERAL_ERROR, "", "the manifest store cannot be read: " + e);
            return unreadable(log);
        }
        Optional<Instant> signedAt = Optional.empty();
        List<Manifest> ofFile = List.of(store.active());
        ContentHashes hashes = new ContentHashes();
        IngredientRules ingredients = new IngredientRules(store, hashes, log);
        try {
            ingredients.follow();
            ofFile = ingredients.ofFile();
            ManifestRules rules =
                    new ManifestRules(store, ingredients.redactions(), trustList, clock.instant(), hashes, log);
            signedAt = rules.check(store.active());
            ingredients.check(rules);
            checkBinding(ofFile, bound, log);
        } catch (MalformedManifestException e) {
            log.about(Optional.empty());
            log.add(e.code(), e.url(), e.reason());
        } catch (RuntimeException | StackOverflowError e) {
            log.about(Optional.empty());
            log.add(StatusCode.GENERAL_ERROR, "", "the manifest cannot be validated: " + e);
        }
        Set<String> updated = ofFile.stream().skip(1).map(Manifest::label).collect(Collectors.toSet());
        return new ExaminedManifest(
                report(
                        ofFile,
                        signedAt,
                        Verdict.news(log.entries(), store.active().label(), updated, ingredients.known())),
                store.active().box().raw());
    }

    /** The binding is that of the first manifest that is no update. */
    private static void checkBinding(List<Manifest> ofFile, Optional<Bound> bound, StatusLog log) throws IOException {
        Manifest manifest = ofFile.get(ofFile.size() - 1);
        List<Assertion> bindings = manifest.isUpdate() ? List.of() : manifest.hardBindings();
        if (bindings.isEmpty()) {
            log.add(
                    StatusCode.CLAIM_HARD_BINDINGS_MISSING,
                    JumbfUri.manifest(ofFile.get(0).label()),
                    "the manifest is bound to no file");
            return;
        }
        if (bindings.size() > 1) {
            log.add(
                    StatusCode.ASSERTION_MULTIPLE_HARD_BINDINGS,
                    JumbfUri.manifest(manifest.label()),
                    "the manifest is bound to " + bindings.size() + " files");
        }
        if (bound.isEmpty()) {
            return;
        }
        for (Assertion binding : bindings) {
            checkBinding(binding, manifest, bound.get(), log);
        }
    }

    private static void checkBinding(Assertion binding, Manifest manifest, Bound bound, StatusLog log)
            throws IOException {
        String url = JumbfUri.assertion(manifest.label(), binding.label());
        Optional<Dictionary> map = binding.map();
        if (!binding.kind().equals("c2pa.hash.bmff")) {
            log.add(StatusCode.ASSERTION_BMFF_HASH_MISMATCH, url, "a binding to a file of another kind");
            return;
        }
        if (map.isEmpty()) {
            log.add(StatusCode.ASSERTION_BMFF_HASH_MALFORMED, url, "the binding is no map");
            return;
        }
        if (HardBinding.excludesMore(map.get())) {
            log.add(
                    StatusCode.ASSERTION_BMFF_HASH_ADDITIONAL_EXCLUSIONS_PRESENT,
                    url,
                    "the binding leaves out more of the file than it must");
        }
        HardBinding.Outcome outcome = HardBinding.check(
                bound.file(),
                map.get(),
                binding.version(),
                bound.boxes().proofs(),
                manifest.claim().algorithm());
        StatusCode code = switch (outcome.verdict()) {
            case MATCH -> StatusCode.ASSERTION_BMFF_HASH_MATCH;
            case MISMATCH -> StatusCode.ASSERTION_BMFF_HASH_MISMATCH;
            case MALFORMED -> StatusCode.ASSERTION_BMFF_HASH_MALFORMED;
        };
        log.add(code, url, outcome.reason().isEmpty() ? "the file is the one that was signed" : outcome.reason());
    }

    private static ExaminedManifest unreadable(StatusLog log) {
        return ExaminedManifest.without(new ProvenanceReport.Manifest(
                ManifestState.INVALID,
                log.entries().stream().map(StatusLog.Entry::status).toList(),
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of()));
    }

    private static ProvenanceReport.Manifest report(
            List<Manifest> ofFile, Optional<Instant> signedAt, List<StatusLog.Entry> entries) {
        Manifest active = ofFile.get(0);
        String signer;
        try {
            signer = ClaimSignature.read(active.signature()).signer();
        } catch (CoseException e) {
            signer = "";
        }
        return new ProvenanceReport.Manifest(
                Verdict.of(entries),
                entries.stream().map(StatusLog.Entry::status).toList(),
                PrintableText.of(active.label()),
                PrintableText.of(signer),
                signedAt,
                Statements.of(ofFile),
                ofFile.stream()
                        .flatMap(manifest -> SoftBindings.of(manifest).stream())
                        .map(SoftBindings.Bound::binding)
                        .toList());
    }
}
