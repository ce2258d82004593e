package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ContentCredentials;
import org.patchreel.impl.c2pa.TestAuthority.Behaviour;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Content Credentials JSON. What c2pa-rs writes of the same files was compared by hand, see {@code CredentialsJson}. */
class CredentialsJsonTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClaimSigner.Credential CREDENTIAL =
            CERTIFICATES.issue("P-256").credential();
    private final Instant now = Instant.now();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // prepare() sets it
    private ManifestValidator validator;

    @BeforeEach
    void prepare() throws Exception {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        validator = new ManifestValidator(TrustList.read(List.of(root)), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path signed(String name, ManifestDescription.Ingredient... ingredients) throws Exception {
        Path clip = TestClips.encode(folder.resolve(name));
        new ManifestEmbedder(validator).embed(clip, TestClips.description(List.of(ingredients)), CREDENTIAL);
        return clip;
    }

    private static JsonNode json(ContentCredentials credentials) {
        return new ObjectMapper().valueToTree(credentials.values());
    }

    private static List<String> codes(JsonNode statuses) {
        return statuses.findValuesAsText("code");
    }

    /** The schema of crJSON 2.4 allows no other fields in these places. */
    private static void assertFields(Set<String> required, Set<String> optional, JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        assertTrue(names.containsAll(required), names::toString);
        names.removeAll(required);
        assertTrue(optional.containsAll(names), names::toString);
    }

    private static void assertConforms(JsonNode document) {
        assertFields(Set.of("@context", "manifests", "jsonGenerator"), Set.of("extras:validationResults"), document);
        assertFields(Set.of("name", "version"), Set.of(), document.get("jsonGenerator"));
        for (JsonNode manifest : document.get("manifests")) {
            String claim = manifest.has("claim") ? "claim" : "claim.v2";
            assertFields(
                    Set.of("label", "assertions", claim, "signature", "validationResults"),
                    Set.of("ingredientDeltas"),
                    manifest);
            assertFields(
                    Set.of("success", "informational", "failure", "specVersion", "validationTime"),
                    Set.of(),
                    manifest.get("validationResults"));
            assertFields(Set.of("algorithm", "certificateInfo"), Set.of("timeStampInfo"), manifest.get("signature"));
            assertFields(
                    Set.of("serialNumber", "issuer", "subject", "validity"),
                    Set.of(),
                    manifest.get("signature").get("certificateInfo"));
            assertTrue(manifest.get(claim).get("redacted_assertions").isArray());
        }
    }

    @Test
    void hasClaimAssertionsSignatureAndFindingsOfAClip() throws Exception {
        Path clip = TestClips.encode(folder.resolve("clip.mp4"));
        JsonNode document;
        try (TestAuthority authority = new TestAuthority(Behaviour.GOOD, CERTIFICATES)) {
            new ManifestEmbedder(validator, Optional.of(authority.client()), true)
                    .embed(clip, TestClips.description(List.of()), CREDENTIAL);
            ContentCredentials credentials = validator.contentCredentials(clip);
            assertTrue(credentials.isTrusted());
            document = json(credentials);
            assertEquals(
                    authority.time.toString(),
                    document.at("/manifests/0/signature/timeStampInfo/timestamp")
                            .asText());
        }
        assertConforms(document);
        JsonNode manifest = document.at("/manifests/0");
        assertEquals(validator.validate(clip).label(), manifest.get("label").asText());
        assertEquals("A red ball", manifest.at("/claim.v2/dc:title").asText());
        assertEquals(
                "2.4", manifest.at("/claim.v2/claim_generator_info/specVersion").asText());
        assertTrue(manifest.at("/claim.v2/gathered_assertions").isArray());
        assertTrue(
                manifest.at("/claim.v2/created_assertions/0/hash").asText().matches("b64'[A-Za-z0-9+/]{43}='"),
                manifest::toString);
        JsonNode created = manifest.get("assertions").get("c2pa.actions.v2").at("/actions/0");
        assertEquals("c2pa.created", created.get("action").asText());
        assertEquals("2026-05-01T12:00:00Z", created.get("when").asText());
        assertEquals(
                "b64'ASNFZ4mrze8='",
                manifest.get("assertions")
                        .get("c2pa.soft-binding")
                        .at("/blocks/0/value")
                        .asText());
        assertEquals("ES256", manifest.at("/signature/algorithm").asText());
        assertEquals(
                "Example signer",
                manifest.at("/signature/certificateInfo/subject/CN").asText());
        assertEquals(
                "Example timestamps",
                manifest.at("/signature/timeStampInfo/certificateInfo/subject/CN")
                        .asText());
        List<String> success = codes(manifest.at("/validationResults/success"));
        assertTrue(
                success.containsAll(List.of(
                        "claimSignature.validated",
                        "signingCredential.trusted",
                        "timeStamp.validated",
                        "timeStamp.trusted",
                        "assertion.bmffHash.match")),
                success::toString);
        assertEquals(List.of(), codes(manifest.at("/validationResults/failure")));
        assertEquals(
                now.toEpochMilli(),
                Instant.parse(manifest.at("/validationResults/validationTime").asText())
                        .toEpochMilli());
    }

    @Test
    void namesTheActiveManifestFirstAndWhatItsIngredientsChange() throws Exception {
        Path source = signed("source.mp4");
        Path clip = signed("clip.mp4", new ManifestDescription.Ingredient("source.mp4", "video/mp4", source));
        ContentCredentials credentials = validator.contentCredentials(clip);
        JsonNode document = json(credentials);
        assertConforms(document);
        assertEquals(2, document.get("manifests").size());
        assertEquals(
                List.of(
                        validator.validate(clip).label(),
                        validator.validate(source).label()),
                List.of(
                        document.at("/manifests/0/label").asText(),
                        document.at("/manifests/1/label").asText()));
        JsonNode delta = document.at("/manifests/0/ingredientDeltas/0");
        assertTrue(delta.get("ingredientAssertionURI").asText().endsWith("/c2pa.assertions/c2pa.ingredient.v3"));
        assertTrue(codes(delta.at("/validationDeltas/success")).contains("ingredient.manifest.validated"));
        assertEquals(delta.at("/validationDeltas/success"), document.at("/manifests/1/validationResults/success"));
        assertFalse(document.at("/manifests/1").has("ingredientDeltas"));
        assertTrue(credentials.isTrusted());
    }

    @Test
    void listsWhatDoesNotHold() throws Exception {
        Path clip = signed("clip.mp4");
        byte[] bytes = Files.readAllBytes(clip);
        bytes[bytes.length - 1] ^= 1;
        Files.write(clip, bytes);
        ContentCredentials credentials = validator.contentCredentials(clip);
        assertFalse(credentials.isTrusted());
        assertEquals(
                List.of("assertion.bmffHash.mismatch"),
                codes(json(credentials).at("/manifests/0/validationResults/failure")));
        ContentCredentials untrusted =
                new ManifestValidator(TrustList.EMPTY, Clock.systemUTC()).contentCredentials(signed("other.mp4"));
        assertFalse(untrusted.isTrusted());
    }

    @Test
    void aFileWithoutAManifestHasADocumentWithoutManifests() throws Exception {
        ContentCredentials none = validator.contentCredentials(TestClips.encode(folder.resolve("none.mp4")));
        assertConforms(json(none));
        assertEquals(0, json(none).get("manifests").size());
        assertFalse(none.isTrusted());
        Path damaged = signed("damaged.mp4");
        Forger.replace(damaged, "c2pa.assertions\0", "c2pa.assertionz\0");
        Forger.replace(damaged, "c2pa.claim.v2\0", "c2pa.claim.v9\0");
        JsonNode document = json(validator.contentCredentials(damaged));
        assertConforms(document);
        assertEquals(List.of("claim.malformed"), codes(document.at("/extras:validationResults/failure")));
    }

    /** A store of one manifest, which needs not hold. */
    private static byte[] store(List<byte[]> assertions, List<Object> references) throws Exception {
        byte[] claim = CborWriter.write(Map.of(
                "instanceID", "x",
                "claim_generator_info", Map.of("name", "hostile"),
                "signature", "self#jumbf=c2pa.signature",
                "created_assertions", references,
                "alg", "sha256"));
        CoseSign1Writer cose = new CoseSign1Writer(CREDENTIAL.algorithm(), CREDENTIAL.certificateChain(), 0);
        byte[] signature = cose.write(CREDENTIAL.sign(cose.toBeSigned(claim)), Optional.empty());
        SuperBox manifest = SuperBox.of(
                "c2ma",
                "urn:c2pa:0c6595d4-c920-42f8-b942-5102e5ba3216",
                SuperBox.of("c2as", "c2pa.assertions", assertions.toArray(byte[][]::new))
                        .bytes(),
                SuperBox.ofCbor("c2cl", "c2pa.claim.v2", claim).bytes(),
                SuperBox.ofCbor("c2cs", "c2pa.signature", signature).bytes());
        return SuperBox.of("c2pa", "c2pa", manifest.bytes()).bytes();
    }

    private ContentCredentials credentialsOf(byte[] store) throws Exception {
        Path clip = signed("hostile" + store.length + ".mp4");
        byte[] file = Files.readAllBytes(clip);
        // the manifest's box stands right behind the box ftyp; what follows need not fit
        int ftyp = ByteBuffer.wrap(file).getInt();
        int old = ByteBuffer.wrap(file).getInt(ftyp);
        int head = Integer.BYTES + 4 + 16 + 4 + "manifest\0".length() + Long.BYTES;
        ByteBuffer changed = ByteBuffer.allocate(file.length - old + head + store.length);
        changed.put(file, 0, ftyp)
                .putInt(head + store.length)
                .put(file, ftyp + Integer.BYTES, head - Integer.BYTES)
                .put(store)
                .put(file, ftyp + old, file.length - ftyp - old);
        return validator.contentCredentials(Files.write(clip, changed.array()));
    }

    private static byte[] nested(int depth) {
        ByteBuffer bytes = ByteBuffer.allocate(depth + 1);
        for (int i = 0; i < depth; i++) {
            bytes.put((byte) 0x81);
        }
        return bytes.put((byte) 0).array();
    }

    private static byte[] jsonAssertion(String label, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        byte[] box = ByteBuffer.allocate(2 * Integer.BYTES + bytes.length)
                .putInt(2 * Integer.BYTES + bytes.length)
                .put("json".getBytes(StandardCharsets.US_ASCII))
                .put(bytes)
                .array();
        return SuperBox.of("json", label, box).bytes();
    }

    @Test
    void anAssertionThatCannotBeShownIsEmpty() throws Exception {
        JsonNode assertions = json(credentialsOf(store(
                        List.of(
                                SuperBox.ofCbor("cbor", "org.example.deep", nested(5000))
                                        .bytes(),
                                jsonAssertion("org.example.deepJson", "[".repeat(500) + "]".repeat(500)),
                                jsonAssertion("org.example.brokenJson", "{\"a\": [1, 2"),
                                jsonAssertion("org.example.json", "{\"a\": [1, 2.5, null, true, {}]}"),
                                SuperBox.ofCbor("cbor", "org.example.large", CborWriter.write(new byte[9 << 20]))
                                        .bytes(),
                                SuperBox.ofCbor("cbor", "org.example.number", new byte[] {(byte) 0xf9, 0x7c, 0})
                                        .bytes(),
                                SuperBox.ofCbor("cbor", "org.example.small", CborWriter.write("\u001b[31m"))
                                        .bytes()),
                        List.of())))
                .at("/manifests/0/assertions");
        for (String label : List.of("deep", "deepJson", "brokenJson", "large")) {
            assertEquals("{}", assertions.get("org.example." + label).toString());
        }
        assertEquals(
                "{\"a\":[1,2.5,null,true,{}]}",
                assertions.get("org.example.json").toString());
        assertEquals("null", assertions.get("org.example.number").toString());
        assertEquals("\u001b[31m", assertions.get("org.example.small").asText());
    }

    @Test
    void aDocumentThatWouldBeTooLargeIsNotWritten() throws Exception {
        List<Object> references = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            references.add(Map.of("url", "self#jumbf=c2pa.assertions/" + "x".repeat(1000), "hash", new byte[32]));
        }
        ContentCredentials credentials = credentialsOf(store(List.of(), references));
        assertFalse(credentials.isTrusted());
        JsonNode document = json(credentials);
        assertEquals(0, document.get("manifests").size());
        assertEquals(List.of("general.error"), codes(document.at("/extras:validationResults/failure")));
    }
}
