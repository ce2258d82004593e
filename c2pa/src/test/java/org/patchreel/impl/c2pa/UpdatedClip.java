package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** A signed clip that other tools add update manifests to, good ones and bad ones. */
public final class UpdatedClip {
    private static final String ASSERTIONS = "c2pa.assertions";

    /** C2PA's UUID for what was redacted. */
    private static final byte[] MARK = HexFormat.of().parseHex("caa98eee9d4df80e86ad4dffca263973");

    /** The signed clip, and its manifest as it was put in. */
    public final byte[] signed;

    public final EmbeddedManifest original;
    private final ManifestValidator validator;
    private final List<Status> findings;

    private UpdatedClip(byte[] signed, EmbeddedManifest original, ManifestValidator validator, List<Status> findings) {
        this.validator = validator;
        this.signed = signed;
        this.original = original;
        this.findings = List.copyOf(findings);
    }

    /** How an assertion is redacted. */
    public enum Way {
        REMOVED,
        /** Its content is replaced by a box with C2PA's UUID for it, and zeros. */
        MARKED,
        /** Its content is replaced by zeros. */
        ZEROED
    }

    /** What an update manifest is like; has the assertions that are added, and no others. */
    public static final class Update {
        public final String label = "urn:c2pa:" + UUID.randomUUID();
        final List<SuperBox> assertions = new ArrayList<>();
        final List<String> redacted = new ArrayList<>();
        public String type = "c2um";

        public Update with(SuperBox... added) {
            assertions.addAll(List.of(added));
            return this;
        }

        public Update redacting(String... uris) {
            redacted.addAll(List.of(uris));
            return this;
        }

        /** {@return the manifest's box} */
        public byte[] sign(ClaimSigner.Credential credential) throws GeneralSecurityException {
            Map<String, Object> claim = new HashMap<>(Map.of(
                    "instanceID",
                    "xmp:iid:" + label,
                    "claim_generator_info",
                    Map.of("name", "Archive"),
                    "signature",
                    "self#jumbf=/c2pa/" + label + "/c2pa.signature",
                    "created_assertions",
                    assertions.stream().map(Assertions::hashedUri).toList(),
                    "alg",
                    "sha256"));
            if (!redacted.isEmpty()) {
                claim.put("redacted_assertions", redacted);
            }
            byte[] bytes = CborWriter.write(claim);
            CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
            byte[] signature = cose.write(credential.sign(cose.toBeSigned(bytes)), Optional.empty());
            return SuperBox.of(
                            type,
                            label,
                            SuperBox.of(
                                            "c2as",
                                            ASSERTIONS,
                                            assertions.stream()
                                                    .map(SuperBox::bytes)
                                                    .toArray(byte[][]::new))
                                    .bytes(),
                            SuperBox.ofCbor("c2cl", "c2pa.claim.v2", bytes).bytes(),
                            SuperBox.ofCbor("c2cs", "c2pa.signature", signature).bytes())
                    .bytes();
        }
    }

    public static UpdatedClip sign(
            Path clip, ManifestDescription description, ClaimSigner.Credential credential, ManifestValidator validator)
            throws IOException, GeneralSecurityException {
        EmbeddedManifest original = new ManifestEmbedder(validator).embed(clip, description, credential);
        return new UpdatedClip(
                Files.readAllBytes(clip),
                original,
                validator,
                validator.validate(clip).codes());
    }

    /** The ingredient assertion that names the clip as parent, with what a validation found. */
    public SuperBox parent() {
        return ingredient(0, Relationship.PARENT_OF, original.store(), findings);
    }

    /** The ingredient assertion that names an updated clip as parent. */
    public SuperBox parent(Path updated) throws IOException {
        return ingredient(
                0,
                Relationship.PARENT_OF,
                validator.manifestStore(updated).orElseThrow(),
                validator.validate(updated).codes());
    }

    /** The codes of all failures that a validation of the file finds; the state must fit them. */
    public Set<String> failures(Path file) throws IOException {
        ProvenanceReport.Manifest report = validator.validate(file);
        Set<String> failures = report.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                failures.isEmpty() ? ManifestState.TRUSTED : ManifestState.INVALID,
                report.state(),
                () -> report.codes().toString());
        return failures;
    }

    /** An actions assertion with one action. */
    public static SuperBox actions(Map<String, Object> action, Map<String, Object> parameters) {
        Map<String, Object> fields = new HashMap<>(action);
        if (!parameters.isEmpty()) {
            fields.put("parameters", parameters);
        }
        return SuperBox.ofCbor("cbor", "c2pa.actions.v2", CborWriter.write(Map.of("actions", List.of(fields))));
    }

    public static SuperBox ingredient(int number, Relationship relationship, byte[] store, List<Status> findings) {
        return Assertions.ingredient(
                new ManifestDescription.Ingredient("clip.mp4", "video/mp4", Path.of("clip.mp4"), relationship),
                number,
                IngredientManifest.of(store, findings));
    }

    /** The URI of an assertion of the original manifest. */
    public String uri(String assertion) {
        return uri(original.label(), assertion);
    }

    public static String uri(String manifest, String assertion) {
        return "self#jumbf=/c2pa/" + manifest + '/' + ASSERTIONS + '/' + assertion;
    }

    /** A store of manifests. */
    static byte[] store(byte[]... manifests) {
        return SuperBox.of("c2pa", "c2pa", manifests).bytes();
    }

    /**
     * Writes the clip with update manifests, which come to its end (C2PA 2.2, A.5.3).
     *
     * @param store takes the place of the original's; of its length
     */
    public Path write(Path file, byte[] store, byte[]... updates) throws IOException {
        byte[] changed = exchange(signed, original.store(), box("original", store));
        return Files.write(file, TestMovie.concatenate(changed, box("update", store(updates))));
    }

    /** Puts another box in the place of that with the manifest store of a clip. */
    static byte[] exchange(byte[] clip, byte[] store, byte[] box) {
        byte[] old = ManifestBox.of(store);
        if (box.length != old.length) {
            throw new IllegalArgumentException("the boxes behind it would move");
        }
        int start = 0;
        while (!Arrays.equals(clip, start, start + old.length, old, 0, old.length)) {
            start++;
        }
        return TestMovie.concatenate(
                Arrays.copyOf(clip, start), box, Arrays.copyOfRange(clip, start + old.length, clip.length));
    }

    static byte[] box(String purpose, byte[] store) {
        return TestMovie.box(
                "uuid",
                ManifestBox.extendedType(),
                new byte[4],
                (purpose + '\0').getBytes(US_ASCII),
                new byte[8],
                store);
    }

    /** The box of an assertion. */
    static JumbfBox.Super assertion(byte[] store, String label) throws JumbfException {
        return JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().stream()
                .flatMap(manifest -> manifest.superBoxes().stream())
                .filter(part -> part.type().equals(ContentType.ASSERTION_STORE))
                .flatMap(assertions -> assertions.superBoxes().stream())
                .filter(assertion -> assertion.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Puts another box in the place of an assertion's, and zeros behind the store as long as it was.
     *
     * @param store with one manifest
     * @param boxes none to remove it
     */
    static byte[] replace(byte[] store, String label, byte[]... boxes) throws JumbfException {
        JumbfBox.Super manifest =
                JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().get(0);
        List<byte[]> parts = new ArrayList<>();
        for (JumbfBox.Super part : manifest.superBoxes()) {
            if (!part.type().equals(ContentType.ASSERTION_STORE)) {
                parts.add(bytes(part.raw()));
                continue;
            }
            List<byte[]> assertions = new ArrayList<>();
            for (JumbfBox.Super assertion : part.superBoxes()) {
                assertions.addAll(assertion.label().equals(label) ? List.of(boxes) : List.of(bytes(assertion.raw())));
            }
            parts.add(SuperBox.of("c2as", ASSERTIONS, assertions.toArray(byte[][]::new))
                    .bytes());
        }
        String type = manifest.type().equals(ContentType.UPDATE_MANIFEST) ? "c2um" : "c2ma";
        byte[] changed = store(SuperBox.of(type, manifest.label(), parts.toArray(byte[][]::new))
                .bytes());
        if (changed.length > store.length) {
            throw new IllegalArgumentException("a larger box than that of " + label);
        }
        return Arrays.copyOf(changed, store.length);
    }

    /** Redacts an assertion, and puts zeros behind the store as long as it was. */
    public static byte[] redact(byte[] store, String label, Way way) throws JumbfException {
        JumbfBox.Super assertion = assertion(store, label);
        JumbfBox.Content content = (JumbfBox.Content) assertion.boxes().get(0);
        int length = content.payload().remaining();
        return switch (way) {
            case REMOVED -> replace(store, label);
            case MARKED -> replace(store, label, marked(label, new byte[Math.max(0, length - MARK.length)]));
            case ZEROED ->
                replace(
                        store,
                        label,
                        SuperBox.of(content.type(), label, TestMovie.box(content.type(), new byte[length]))
                                .bytes());
        };
    }

    /** The box of an assertion that is marked as redacted, with what comes behind the mark. */
    static byte[] marked(String label, byte[] rest) {
        return SuperBox.of("uuid", label, TestMovie.box("uuid", MARK, rest)).bytes();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
