package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.Rights;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** What a requester states of the rights, in files that we sign; the judges put them before c2pa-rs. */
class StatedRightsTest {
    private static final ManifestValidator VALIDATOR = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private static final ManifestEmbedder EMBEDDER = new ManifestEmbedder(VALIDATOR);
    private static final ClaimSigner.Credential CREDENTIAL =
            new TestCertificates().issue("P-256").credential();
    private static final Rights RIGHTS = new Rights(
            Optional.of("Anna Größe"), Optional.of("© 2026 東京 AG"), Optional.of(Instant.parse("2027-06-30T00:00:00Z")));
    private static final String STATEMENT =
            "that these rights were stated: creator “Anna Größe”, copyright “© 2026 東京 AG”,"
                    + " expires “2027-06-30T00:00:00Z”.";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path signed(String format, Rights rights) throws Exception {
        Path file = format.equals("mp4")
                ? TestClips.encode(folder.resolve("clip.mp4"))
                : Files.write(folder.resolve("picture." + format), PictureFormat.encoded(format));
        EMBEDDER.embed(file, ChangedDescription.stating(TestClips.description(List.of()), rights), CREDENTIAL);
        return file;
    }

    private static Manifest valid(Path file) throws IOException {
        Manifest report = VALIDATOR.validate(file);
        assertEquals(ManifestState.VALID, report.state(), report.codes().toString());
        return report;
    }

    private static JsonNode manifest(Path file) throws IOException {
        return new JsonMapper()
                .<JsonNode>valueToTree(VALIDATOR.contentCredentials(file).values())
                .at("/manifests/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void areInTheManifestAsTheClaimGathersThem(String format) throws Exception {
        Path file = signed(format, RIGHTS);
        assertTrue(valid(file).statements().contains("The signer says " + STATEMENT), valid(file)::toString);
        JsonNode manifest = manifest(file);
        assertEquals(
                new JsonMapper().readTree("""
                        {"@context": {"dc": "http://purl.org/dc/elements/1.1/",
                            "prism": "http://prismstandard.org/namespaces/basic/2.1/"},
                         "dc:creator": ["Anna Größe"], "dc:rights": "© 2026 東京 AG",
                         "prism:expirationDate": "2027-06-30T00:00:00Z"}
                        """), manifest.at("/assertions/cawg.metadata"), manifest.toPrettyString());
        assertEquals(
                List.of("self#jumbf=c2pa.assertions/cawg.metadata"),
                manifest.at("/claim.v2/gathered_assertions").findValuesAsText("url"));
        assertFalse(manifest.at("/claim.v2/created_assertions").findValuesAsText("url").stream()
                .anyMatch(url -> url.contains("metadata")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void areNotThereIfNothingWasStated(String format) throws Exception {
        Path file = signed(format, Rights.NONE);
        valid(file);
        assertFalse(Files.readString(file, ISO_8859_1).contains("cawg.metadata"));
        assertFalse(Files.readString(file, ISO_8859_1).contains("gathered_assertions"));
    }

    @Test
    void haveTheContextOfWhatWasStatedAlone() throws Exception {
        Path file = signed("png", new Rights(Optional.empty(), Optional.empty(), RIGHTS.expires()));
        assertTrue(valid(file)
                .statements()
                .contains("The signer says that these rights were stated: expires “2027-06-30T00:00:00Z”."));
        JsonNode metadata = manifest(file).at("/assertions/cawg.metadata");
        assertEquals(1, metadata.path("@context").size());
        assertEquals(2, metadata.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void cannotBeChangedAfterwards(String format) throws Exception {
        Path file = signed(format, RIGHTS);
        Forger.replace(file, "2027-06-30", "2099-06-30");
        Manifest report = VALIDATOR.validate(file);
        assertEquals(ManifestState.INVALID, report.state());
        assertTrue(report.codes().stream().map(Status::code).anyMatch("assertion.hashedURI.mismatch"::equals));
    }

    @Test
    void staySaidAfterAnApproval() throws Exception {
        Path file = signed("png", RIGHTS);
        EMBEDDER.update(file, label -> true, ManifestUpdatingTest.APPROVAL, CREDENTIAL);
        assertTrue(valid(file).statements().contains("The signer before the update says " + STATEMENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`dc:creator`: [`A`, `B`, 7, null]}|creator “A, B”",
                "{`dc:creator`: `A`, `dc:rights`: {`x`: 1}}|creator “A”",
                "{`dc:rights`: `a\\u0000\\u001b[31m`}|copyright “a [31m”",
                "{`dc:creator`: [[`A`]], `dc:rights`: ` `, `prism:expirationDate`: 5}|",
                "[`dc:creator`]|",
                "{`dc:creator`: `A`|",
                "null|"
            })
    void ofOthersAreReadWhereTheyHaveTheUsualForm(String json, String expected) throws Exception {
        List<String> statements = statements(json.replace('`', '"').getBytes(UTF_8));
        List<String> rights = statements.stream()
                .filter(text -> text.contains("rights were stated"))
                .toList();
        assertEquals(
                expected == null
                        ? List.of()
                        : List.of("The signer says that these rights were stated: " + expected + "."),
                rights);
    }

    @Test
    void ofOthersAreCutOrPassedOverWhereTheyAreLong() throws Exception {
        List<String> cut = statements(("{\"dc:creator\": \"" + "x".repeat(5000) + "\"}").getBytes(UTF_8));
        assertTrue(cut.stream().allMatch(text -> text.length() < 300), cut::toString);
        byte[] deep = ("{\"dc:creator\": " + "[".repeat(900) + "]".repeat(900) + "}").getBytes(UTF_8);
        byte[] large = ("{\"dc:creator\": \"" + "x".repeat(200_000) + "\"}").getBytes(UTF_8);
        for (byte[] json : List.of(deep, large)) {
            assertFalse(statements(json).stream().anyMatch(text -> text.contains("rights")));
        }
    }

    /** Of a store that somebody else has made. */
    private static List<String> statements(byte[] json) throws Exception {
        ManifestDescription description = TestClips.description(List.of());
        ManifestDraft manifest = new ManifestDraft(
                description,
                List.of(Assertions.actions(description, List.of())),
                List.of(SuperBox.ofJson("cawg.metadata", json)),
                List.of());
        SuperBox binding = Assertions.hardBinding(new byte[32]);
        byte[] claim = manifest.claim(binding);
        CoseSign1Writer cose = new CoseSign1Writer(CREDENTIAL.algorithm(), CREDENTIAL.certificateChain(), 0);
        byte[] signature = cose.write(CREDENTIAL.sign(cose.toBeSigned(claim)), Optional.empty());
        return VALIDATOR
                .validateStore(manifest.store(binding, claim, signature))
                .statements();
    }
}
