package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.c2pa.UpdatedClip.Update;
import org.patchreel.impl.c2pa.UpdatedClip.Way;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Assertions that a later manifest took out of an earlier one (C2PA 2.2, 6.8 and 15.11.3.3.1). */
class RedactionTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClaimSigner.Credential CREDENTIAL =
            CERTIFICATES.issue("P-256").credential();

    private static final String DISCLOSURE = "c2pa.ai-disclosure";
    private static final String SOFT_BINDING = "c2pa.soft-binding";
    private static final String INGREDIENT = "c2pa.ingredient.v3";
    private static final String THUMBNAIL = "c2pa.thumbnail.claim";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // as below
    private static ManifestValidator validator;

    @SuppressWarnings("NullAway.Init")
    private static UpdatedClip clip;

    @BeforeAll
    static void signClip() throws IOException, GeneralSecurityException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        validator = new ManifestValidator(TrustList.read(List.of(root), Set.of()), Clock.systemUTC());
        Path picture = Files.write(folder.resolve("first.jpg"), PictureFormat.encoded("jpeg"));
        ManifestDescription plain =
                TestClips.description(List.of(new ManifestDescription.Ingredient("first.jpg", "image/jpeg", picture)));
        ManifestDescription description = new ManifestDescription(
                plain.title(),
                plain.created(),
                plain.generatorName(),
                plain.generatorVersion(),
                plain.disclosure(),
                plain.softBinding(),
                plain.duration(),
                Optional.of(picture),
                plain.ingredients(),
                plain.intent());
        Path file = TestClips.encode(folder.resolve("clip.mp4"));
        clip = UpdatedClip.sign(file, description, CREDENTIAL, validator);
    }

    private static Path write(byte[] original, Update... updates) throws IOException, GeneralSecurityException {
        byte[][] signed = new byte[updates.length][];
        for (int i = 0; i < updates.length; i++) {
            signed[i] = updates[i].sign(CREDENTIAL);
        }
        return clip.write(folder.resolve("updated.mp4"), original, signed);
    }

    private static Set<String> failures(Path file) throws IOException {
        return clip.failures(file);
    }

    private static SuperBox redaction(Map<String, Object> parameters) {
        return UpdatedClip.actions(Map.of("action", "c2pa.redacted", "reason", "c2pa.PII.present"), parameters);
    }

    static Stream<Arguments> everyWay() {
        return Stream.of(DISCLOSURE, SOFT_BINDING, INGREDIENT, THUMBNAIL)
                .flatMap(label -> Arrays.stream(Way.values())
                        .filter(way -> way != Way.ZEROED || !label.equals(THUMBNAIL)) // its media type would stay
                        .map(way -> Arguments.of(label, way)));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void aRedactedAssertionIsNotMissed(String label, Way way) throws Exception {
        Update update = new Update()
                .with(clip.parent(), redaction(Map.of("redacted", clip.uri(label))))
                .redacting(clip.uri(label));
        Path file = write(UpdatedClip.redact(clip.original.store(), label, way), update);
        assertEquals(Set.of(), failures(file));
        assertTrue(validator.validate(file).codes().stream()
                .anyMatch(status -> status.code().equals("ingredient.claimSignature.validated")));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatAnEarlierUpdateAddedCanBeRedacted(Way way) throws Exception {
        SuperBox json = SuperBox.of("json", "org.example.note", TestMovie.box("json", "{\"a\": 1}".getBytes(US_ASCII)));
        SuperBox cloud = SuperBox.ofCbor("cbor", "c2pa.cloud-data", CborWriter.write(Map.of("label", "a", "size", 1)));
        Update first = new Update().with(clip.parent(), json, cloud);
        byte[] manifest = first.sign(CREDENTIAL);
        Path once = clip.write(folder.resolve("once.mp4"), clip.original.store(), manifest);
        assertEquals(Set.of(), failures(once));
        Update second = new Update()
                .with(clip.parent(once))
                .redacting(UpdatedClip.uri(first.label, json.label()), UpdatedClip.uri(first.label, cloud.label()));
        byte[] redacted = TestMovie.concatenate(UpdatedClip.store(manifest), new byte[100]);
        for (SuperBox assertion : List.of(json, cloud)) {
            redacted = UpdatedClip.redact(redacted, assertion.label(), way);
        }
        byte[] rest = UpdatedClip.bytes(
                JumbfReader.read(ByteBuffer.wrap(redacted)).superBoxes().get(0).raw());
        Path twice = clip.write(folder.resolve("twice.mp4"), clip.original.store(), rest, second.sign(CREDENTIAL));
        assertEquals(Set.of(), failures(twice));
    }

    /** An update on top of the one that redacts has nothing to declare. */
    @Test
    void aRedactionHoldsForLaterManifests() throws Exception {
        byte[] original = UpdatedClip.redact(clip.original.store(), DISCLOSURE, Way.MARKED);
        byte[] first =
                new Update().with(clip.parent()).redacting(clip.uri(DISCLOSURE)).sign(CREDENTIAL);
        Path once = clip.write(folder.resolve("once.mp4"), original, first);
        Update second = new Update().with(clip.parent(once));
        Path twice = clip.write(folder.resolve("twice.mp4"), original, first, second.sign(CREDENTIAL));
        assertEquals(Set.of(), failures(twice));
    }

    @ParameterizedTest
    @CsvSource({
        "REMOVED, assertion.missing",
        "MARKED, assertion.hashedURI.mismatch",
        "ZEROED, assertion.hashedURI.mismatch"
    })
    void whatNoClaimDeclaresIsTampering(Way way, String code) throws Exception {
        Path file = write(UpdatedClip.redact(clip.original.store(), DISCLOSURE, way), new Update().with(clip.parent()));
        assertEquals(Set.of(code, "ingredient.manifest.mismatch"), failures(file));
    }

    @Test
    void whatIsDeclaredMustBeGone() throws Exception {
        Update update = new Update().with(clip.parent()).redacting(clip.uri(DISCLOSURE));
        assertEquals(Set.of("assertion.notRedacted"), failures(write(clip.original.store(), update)));
        byte[] changed = UpdatedClip.replace(
                clip.original.store(),
                DISCLOSURE,
                Assertions.aiDisclosure(new AiDisclosure("another")).bytes());
        assertEquals(Set.of("assertion.notRedacted"), failures(write(changed, update)));
        byte[] last = new byte[4];
        last[3] = 1;
        byte[] marked = UpdatedClip.replace(clip.original.store(), DISCLOSURE, UpdatedClip.marked(DISCLOSURE, last));
        assertEquals(Set.of("assertion.notRedacted"), failures(write(marked, update)));
    }

    @Test
    void aRedactionHidesNoOtherChange() throws Exception {
        byte[] changed = UpdatedClip.replace(
                UpdatedClip.redact(clip.original.store(), SOFT_BINDING, Way.MARKED),
                DISCLOSURE,
                Assertions.aiDisclosure(new AiDisclosure("another")).bytes());
        Update update = new Update().with(clip.parent()).redacting(clip.uri(SOFT_BINDING));
        assertEquals(Set.of("assertion.hashedURI.mismatch"), failures(write(changed, update)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aManifestMayNotRedactAnAssertionOfItsOwn(boolean absolute) throws Exception {
        Update update = new Update().with(clip.parent(), Assertions.aiDisclosure(new AiDisclosure("starter")));
        update.redacting(
                absolute ? UpdatedClip.uri(update.label, DISCLOSURE) : "self#jumbf=c2pa.assertions/" + DISCLOSURE);
        Set<String> failures = failures(write(clip.original.store(), update));
        assertTrue(failures.contains("assertion.selfRedacted"), failures.toString());
    }

    /** Neither what was done nor what the file is: declared, and declared and done. */
    @ParameterizedTest
    @CsvSource({"c2pa.actions.v2, assertion.action.redacted", "c2pa.hash.bmff.v3, assertion.dataHash.redacted"})
    void actionsAndHardBindingsMayNotBeRedacted(String label, String code) throws Exception {
        Update update = new Update().with(clip.parent()).redacting(clip.uri(label));
        assertEquals(Set.of(code), failures(write(clip.original.store(), update)));
        for (Way way : Way.values()) {
            Set<String> failures = failures(write(UpdatedClip.redact(clip.original.store(), label, way), update));
            assertTrue(failures.contains(code), failures.toString());
            assertTrue(
                    failures.contains(way == Way.REMOVED ? "assertion.missing" : "assertion.hashedURI.mismatch"),
                    failures.toString());
        }
    }

    @Test
    void theActionNamesWhatWasRedacted() throws Exception {
        assertEquals(
                Set.of("assertion.action.redactionMismatch"),
                failures(write(clip.original.store(), new Update().with(clip.parent(), redaction(Map.of())))));
        String elsewhere = UpdatedClip.uri("urn:c2pa:00000000-0000-4000-8000-000000000000", DISCLOSURE);
        assertEquals(
                Set.of("assertion.action.redactionMismatch"),
                failures(write(
                        clip.original.store(),
                        new Update().with(clip.parent(), redaction(Map.of("redacted", elsewhere))))));
        for (String never : List.of("c2pa.metadata", "c2pa.ai")) { // the latter being a part of a label
            assertEquals(
                    Set.of("assertion.notRedacted"),
                    failures(write(
                            clip.original.store(),
                            new Update().with(clip.parent(), redaction(Map.of("redacted", clip.uri(never)))))));
        }
    }

    /** The hash of the manifest does not hold any more; that of its signature must. */
    @Test
    void theSignatureTellsTheManifestAfterARedaction() throws Exception {
        byte[] original = UpdatedClip.redact(clip.original.store(), DISCLOSURE, Way.MARKED);
        IngredientManifest own =
                IngredientManifest.of(clip.original.store(), List.of()).orElseThrow();
        Map<String, Object> fields = new HashMap<>(Map.of(
                "relationship",
                "parentOf",
                "activeManifest",
                own.activeManifest(),
                "validationResults",
                own.validationResults()));
        assertEquals(Set.of("ingredient.claimSignature.missing"), failures(write(original, redactingParent(fields))));
        Map<String, Object> signature = new HashMap<>(own.claimSignature());
        signature.put("hash", new byte[32]);
        fields.put("claimSignature", signature);
        assertEquals(Set.of("ingredient.claimSignature.mismatch"), failures(write(original, redactingParent(fields))));
        fields.put("claimSignature", own.claimSignature());
        assertEquals(Set.of(), failures(write(original, redactingParent(fields))));
    }

    private static Update redactingParent(Map<String, Object> ingredient) {
        return new Update()
                .with(SuperBox.ofCbor("cbor", INGREDIENT, CborWriter.write(ingredient)))
                .redacting(clip.uri(DISCLOSURE));
    }
}
