package org.patchreel.impl.c2pa.validation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and validates the C2PA manifest of a video or picture (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html">C2PA 2.2</a>, claims of
 * version 1 too). A file may be hostile: what is wrong with it becomes a finding. May be called from any thread.
 */
@Component(
        service = {ManifestValidator.class, ComponentStatus.class},
        configurationPid = ManifestValidator.PID)
@Designate(ocd = ManifestValidator.Config.class)
public final class ManifestValidator implements ComponentStatus {
    static final String PID = "org.patchreel.c2pa.validation";

    private static final Logger LOG = LoggerFactory.getLogger(ManifestValidator.class);

    @ObjectClassDefinition(
            name = "Patchreel manifest validator",
            description = "Validates C2PA manifests: who is trusted to sign them")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Files of the authorities whose signers are trusted, for example the C2PA trust list: certificates"
                                + " in PEM, or lists of trusted entities in JSON (ETSI TS 119 602). Without any, a manifest"
                                + " can be valid, but is never trusted")
        String[] trust_anchors() default {};

        @AttributeDefinition(
                description =
                        "Files, as above, of the authorities whose timestamps are trusted, for example the C2PA TSA"
                                + " trust list; without any, those whose signers are trusted")
        String[] timestamp_anchors() default {};

        @AttributeDefinition(
                description =
                        "OIDs of extended key usages that make a certificate one for claims, as the trust list says;"
                                + " that for email protection always does. The C2PA trust list: 1.3.6.1.4.1.62558.2.1")
        String[] extended_key_usages() default {};
    }

    /** Of one that is in no bundle. */
    private static final String NO_VERSION = "0.0.0";

    private final Settings<TrustList> trust;
    private final Clock clock;
    private final String version;

    /**
     * Reads the trust list.
     *
     * @param config where it is
     * @param properties of the component
     * @param context of the bundle, whose version documents name
     */
    @Activate
    public ManifestValidator(Config config, Map<String, Object> properties, BundleContext context) {
        this(
                new Settings<>(PID, properties, values -> trustList(config)),
                Clock.systemUTC(),
                semantic(context.getBundle().getVersion()));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        trust.update(PID, properties, values -> trustList(config));
        warn();
    }

    private static TrustList trustList(Config config) throws IOException {
        return TrustList.read(
                files(config.trust_anchors()),
                files(config.timestamp_anchors()),
                Arrays.stream(config.extended_key_usages())
                        .filter(usage -> !usage.isBlank())
                        .collect(Collectors.toSet()));
    }

    private static List<Path> files(String[] names) {
        return Arrays.stream(names)
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .toList();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return trust.problem();
    }

    /**
     * Makes a validator.
     *
     * @param trustList whom to trust
     * @param clock tells the time that counts for a signature without a timestamp
     */
    public ManifestValidator(TrustList trustList, Clock clock) {
        this(new Settings<>(trustList), clock, NO_VERSION);
    }

    private ManifestValidator(Settings<TrustList> trust, Clock clock, String version) {
        this.trust = trust;
        this.clock = clock;
        this.version = version;
    }

    /** {@return a version of OSGi in the form of Semantic Versioning, where the qualifier stands after a hyphen} */
    static String semantic(Version version) {
        String numbers = version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
        return version.getQualifier().isEmpty()
                ? numbers
                : numbers + "-" + version.getQualifier().replace('_', '-');
    }

    /**
     * Validates the manifest that a file carries, and its binding to the file's bytes.
     *
     * @param file a local file of any kind
     * @return what was found; {@link ProvenanceReport.Manifest#none()} if it carries no manifest; one of the state {@link
     *     ManifestState#UNREAD} if manifests in its format are not read, or the manifest is elsewhere
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
        return ManifestFinder.find(
                file,
                found -> found instanceof ManifestFinder.Found.In in
                        ? examine(in.asset().stores(), Optional.of(in.asset())).manifest()
                        : ExaminedManifest.without(((ManifestFinder.Found.Without) found).report()));
    }

    /**
     * Does what {@link #validate} does, and gives all manifests with what was found.
     *
     * @param file a local file of any kind
     * @return the document
     * @throws IOException if the file cannot be read
     */
    public ContentCredentials contentCredentials(Path file) throws IOException {
        return ManifestFinder.find(file, found -> {
            if (found instanceof ManifestFinder.Found.In in) {
                Examination examination = examine(in.asset().stores(), Optional.of(in.asset()));
                if (examination.store().isPresent()) {
                    return CredentialsJson.of(
                            examination.store().get(), examination.entries(), clock.instant(), version);
                }
                return CredentialsJson.without(examination.manifest().report().codes(), clock.instant(), version);
            }
            return CredentialsJson.without(
                    ((ManifestFinder.Found.Without) found).report().codes(), clock.instant(), version);
        });
    }

    /**
     * Takes the manifest store out of a file.
     *
     * @return its bytes without padding; empty if the file carries none, or none that is well-formed
     * @throws IOException if the file cannot be read
     */
    public Optional<byte[]> manifestStore(Path file) throws IOException {
        return ManifestFinder.find(
                file,
                found -> found instanceof ManifestFinder.Found.In in
                        ? joined(in.asset().stores())
                        : Optional.empty());
    }

    /** One store with the manifests of all. */
    private static Optional<byte[]> joined(List<ByteBuffer> stores) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            for (ByteBuffer bytes : stores) {
                JumbfBox.Super store = ManifestStore.store(bytes);
                if (stores.size() == 1) {
                    return Optional.of(array(store.raw()));
                }
                if (content.size() == 0) {
                    content.writeBytes(array(store.payload()));
                } else {
                    store.superBoxes().forEach(manifest -> content.writeBytes(array(manifest.raw())));
                }
            }
        } catch (MalformedManifestException e) {
            return Optional.empty();
        }
        return Optional.of(ByteBuffer.allocate(Long.BYTES + content.size())
                .putInt(Long.BYTES + content.size())
                .put(new byte[] {'j', 'u', 'm', 'b'})
                .put(content.toByteArray())
                .array());
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
            return examine(List.of(ByteBuffer.wrap(store)), Optional.empty()).manifest();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * What was found.
     *
     * @param store empty if it is not well-formed
     * @param entries that count
     */
    private record Examination(
            Optional<ManifestStore> store, List<StatusLog.Entry> entries, ExaminedManifest manifest) {}

    private Examination examine(List<ByteBuffer> stores, Optional<Asset> asset) throws IOException {
        StatusLog log = new StatusLog();
        TrustList trustList = trustList();
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
        List<ParsedManifest> ofFile = List.of(store.active());
        ContentHashes hashes = new ContentHashes();
        IngredientRules ingredients = new IngredientRules(store, hashes, log);
        try {
            ingredients.follow();
            ofFile = ingredients.ofFile();
            ManifestRules rules =
                    new ManifestRules(store, ingredients.redactions(), trustList, clock.instant(), hashes, log);
            signedAt = rules.check(store.active());
            ingredients.check(rules);
            checkBinding(ofFile, asset, log);
        } catch (MalformedManifestException e) {
            log.about(Optional.empty());
            log.add(e.code(), e.url(), e.reason());
        } catch (RuntimeException | StackOverflowError e) {
            log.about(Optional.empty());
            log.add(StatusCode.GENERAL_ERROR, "", "the manifest cannot be validated: " + e);
        }
        Set<String> updated = ofFile.stream().skip(1).map(ParsedManifest::label).collect(Collectors.toSet());
        List<StatusLog.Entry> entries =
                Verdict.news(log.entries(), store.active().label(), updated, ingredients.known());
        return new Examination(
                Optional.of(store),
                entries,
                new ExaminedManifest(
                        report(store, ofFile, signedAt, entries),
                        store.active().box().raw()));
    }

    private TrustList trustList() throws IOException {
        try {
            return trust.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The binding is that of the first manifest that is no update. */
    private static void checkBinding(List<ParsedManifest> ofFile, Optional<Asset> asset, StatusLog log)
            throws IOException {
        ParsedManifest manifest = ofFile.get(ofFile.size() - 1);
        List<Assertion> bindings = manifest.isUpdate() ? List.of() : manifest.hardBindings();
        if (bindings.isEmpty()) {
            log.add(
                    StatusCode.CLAIM_HARD_BINDINGS_MISSING,
                    JumbfUri.manifest(ofFile.get(0).label()),
                    "the manifest is not bound to any file");
            return;
        }
        if (bindings.size() > 1) {
            log.add(
                    StatusCode.ASSERTION_MULTIPLE_HARD_BINDINGS,
                    JumbfUri.manifest(manifest.label()),
                    "the manifest is bound to " + bindings.size() + " files");
        }
        if (asset.isEmpty()) {
            return;
        }
        for (Assertion binding : bindings) {
            asset.get().check(binding, manifest, ofFile.size() > 1, log);
        }
    }

    private static Examination unreadable(StatusLog log) {
        ProvenanceReport.Manifest report = new ProvenanceReport.Manifest(
                ManifestState.INVALID,
                log.entries().stream().map(StatusLog.Entry::status).toList(),
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of());
        return new Examination(Optional.empty(), log.entries(), ExaminedManifest.without(report));
    }

    private static ProvenanceReport.Manifest report(
            ManifestStore store,
            List<ParsedManifest> ofFile,
            Optional<Instant> signedAt,
            List<StatusLog.Entry> entries) {
        ParsedManifest active = ofFile.get(0);
        return new ProvenanceReport.Manifest(
                Verdict.of(entries),
                entries.stream().map(StatusLog.Entry::status).toList(),
                PrintableText.of(active.label()),
                active.signer(),
                signedAt,
                Statements.of(ofFile),
                ofFile.stream()
                        .flatMap(manifest -> SoftBindings.of(manifest).stream())
                        .map(SoftBindings.Bound::binding)
                        .toList(),
                IngredientTree.of(ofFile, store));
    }
}
