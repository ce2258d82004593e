package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.UpdatedClip.Update;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Manifests that add to another without a change to the file (C2PA 2.2, 11.2.3 and 15.10.1.3). */
class UpdateManifestTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClaimSigner.Credential CREDENTIAL =
            CERTIFICATES.issue("P-256").credential();
    private static final ClaimSigner.Credential ARCHIVE =
            CERTIFICATES.issue("P-256").credential();

    /** Allowed of those that an update could want to say. */
    private static final SuperBox DISCLOSURE = Assertions.aiDisclosure(new AiDisclosure("starter"));

    private static final String BINDING = Assertions.HARD_BINDING;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // as below
    private static ManifestValidator validator;

    @SuppressWarnings("NullAway.Init")
    private static byte[] plain;

    @SuppressWarnings("NullAway.Init")
    private static UpdatedClip clip;

    @BeforeAll
    static void signClip() throws IOException, GeneralSecurityException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        validator = new ManifestValidator(TrustList.read(List.of(root), Set.of()), Clock.systemUTC());
        Path file = TestClips.encode(folder.resolve("clip.mp4"));
        plain = Files.readAllBytes(file);
        clip = UpdatedClip.sign(file, TestClips.description(List.of()), CREDENTIAL, validator);
    }

    private static Path write(Update update) throws IOException, GeneralSecurityException {
        return clip.write(folder.resolve("updated.mp4"), clip.original.store(), update.sign(ARCHIVE));
    }

    private static Set<String> failures(Path file) throws IOException {
        return clip.failures(file);
    }

    private static SuperBox actions(String name, Map<String, Object> parameters) {
        return UpdatedClip.actions(Map.of("action", name), parameters);
    }

    private static Path flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        return Files.write(file, bytes);
    }

    /** The last byte of the signed clip: it is of the pictures. */
    private static int lastPicture() {
        return clip.signed.length - 1;
    }

    @Test
    void anUpdatedClipIsTrustedAndStillSaysWhatItSaid() throws IOException, GeneralSecurityException {
        Update update = new Update().with(clip.parent());
        Path file = write(update);
        assertEquals(Set.of(), failures(file));
        ProvenanceReport.Manifest report = validator.validate(file);
        assertEquals(update.label, report.label());
        assertTrue(
                report.codes().stream().anyMatch(status -> status.code().equals("assertion.bmffHash.match")),
                report.codes().toString());
        assertTrue(
                report.codes().stream().anyMatch(status -> status.code().equals("ingredient.manifest.validated")),
                report.codes().toString());
        assertTrue(
                report.statements()
                        .contains("The signer says that the content is still that of “clip.mp4” (“video/mp4”), which"
                                + " carries a manifest of its own."),
                report.statements().toString());
        assertTrue(
                report.statements().stream()
                        .anyMatch(said -> said.startsWith("The signer before the update says that the file was created"
                                + " by a trained model (generative AI)")),
                report.statements().toString());
        assertEquals(
                List.of("0123456789abcdef"),
                report.softBindings().stream()
                        .map(ProvenanceReport.SoftBinding::value)
                        .toList());
    }

    @Test
    void updatesOfUpdatesAreFollowedToTheFirstManifest() throws IOException, GeneralSecurityException {
        byte[] first = new Update().with(clip.parent()).sign(ARCHIVE);
        Path once = clip.write(folder.resolve("once.mp4"), clip.original.store(), first);
        Update second = new Update().with(clip.parent(once));
        Path twice = clip.write(folder.resolve("twice.mp4"), clip.original.store(), first, second.sign(CREDENTIAL));
        assertEquals(Set.of(), failures(twice));
        assertEquals(second.label, validator.validate(twice).label());
        assertEquals(Set.of("assertion.bmffHash.mismatch"), failures(flip(twice, lastPicture())));
    }

    @Test
    void anUpdatedClipIsTakenOverAsIngredient() throws Exception {
        Update update = new Update().with(clip.parent());
        Path source = write(update);
        Path derived = TestClips.encode(folder.resolve("derived.mp4"));
        EmbeddedManifest embedded = new ManifestEmbedder(validator)
                .embed(
                        derived,
                        TestClips.description(
                                List.of(new ManifestDescription.Ingredient("updated.mp4", "video/mp4", source))),
                        CREDENTIAL);
        assertEquals(
                List.of(clip.original.label(), update.label, embedded.label()),
                JumbfReader.read(ByteBuffer.wrap(embedded.store())).superBoxes().stream()
                        .map(JumbfBox.Super::label)
                        .toList());
        assertEquals(Set.of(), failures(derived));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2pa.edited.metadata", "c2pa.opened", "c2pa.published"})
    void actionsThatLeaveTheContentAsItIsAreAllowed(String name) throws IOException, GeneralSecurityException {
        SuperBox parent = clip.parent();
        SuperBox actions = actions(name, Map.of("ingredients", List.of(Assertions.hashedUri(parent))));
        assertEquals(Set.of(), failures(write(new Update().with(parent, actions))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2pa.edited", "c2pa.transcoded", "c2pa.cropped", "org.example.painted"})
    void actionsThatChangeTheContentAreNot(String name) throws IOException, GeneralSecurityException {
        Update update = new Update().with(clip.parent(), actions(name, Map.of()));
        assertEquals(Set.of("manifest.update.invalid"), failures(write(update)));
    }

    @Test
    void anUpdateMayNotHaveAThumbnail() throws IOException, GeneralSecurityException {
        Update update = new Update().with(clip.parent(), Assertions.thumbnail(new byte[100]));
        assertEquals(Set.of("manifest.update.invalid"), failures(write(update)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c2pa.hash.data", "c2pa.hash.bmff.v3", "c2pa.hash.collection.data", "c2pa.hash.multi-asset"})
    void anUpdateMayNotBeBoundToAFile(String label) throws IOException, GeneralSecurityException {
        SuperBox binding = SuperBox.ofCbor("cbor", label, CborWriter.write(Map.of("alg", "sha256")));
        assertEquals(Set.of("manifest.update.invalid"), failures(write(new Update().with(clip.parent(), binding))));
    }

    /** Nor may one that another update came to. */
    @Test
    void anEarlierUpdateMayNotBeBoundToAFileEither() throws IOException, GeneralSecurityException {
        byte[] first = new Update()
                .with(clip.parent(), Assertions.hardBinding(new byte[32]))
                .sign(ARCHIVE);
        Path once = clip.write(folder.resolve("once.mp4"), clip.original.store(), first);
        Update second = new Update().with(clip.parent(once));
        assertEquals(
                Set.of("manifest.update.invalid"),
                failures(clip.write(folder.resolve("twice.mp4"), clip.original.store(), first, second.sign(ARCHIVE))));
    }

    @Test
    void anUpdateWithoutParentIsOfNothing() throws IOException, GeneralSecurityException {
        assertEquals(
                Set.of("manifest.update.wrongParents", "claim.hardBindings.missing"),
                failures(write(new Update().with(DISCLOSURE))));
    }

    @ParameterizedTest
    @EnumSource(Relationship.class)
    void aParentIsTheOnlyIngredientOfAnUpdate(Relationship other) throws IOException, GeneralSecurityException {
        SuperBox second = UpdatedClip.ingredient(1, other, clip.original.store(), List.of());
        assertEquals(Set.of("manifest.update.wrongParents"), failures(write(new Update().with(clip.parent(), second))));
    }

    @Test
    void anIngredientThatIsNoParentIsNotEnough() throws IOException, GeneralSecurityException {
        SuperBox input = UpdatedClip.ingredient(0, Relationship.INPUT_TO, clip.original.store(), List.of());
        assertEquals(
                Set.of("manifest.update.wrongParents", "claim.hardBindings.missing"),
                failures(write(new Update().with(input))));
    }

    /** Only an update may leave the binding to its parent. */
    @Test
    void aStandardManifestIsBoundByItself() throws IOException, GeneralSecurityException {
        SuperBox parent = clip.parent();
        Update standard = new Update()
                .with(parent, actions("c2pa.opened", Map.of("ingredients", List.of(Assertions.hashedUri(parent)))));
        standard.type = "c2ma";
        assertEquals(Set.of("claim.hardBindings.missing"), failures(write(standard)));
    }

    @Test
    void aChangedPictureIsFoundUnderAnUpdate() throws IOException, GeneralSecurityException {
        Path file = write(new Update().with(clip.parent()));
        assertEquals(Set.of("assertion.bmffHash.mismatch"), failures(flip(file, lastPicture())));
    }

    /** As an update of a clip that was changed before says, honestly or not. */
    @Test
    void aChangedPictureIsFoundThoughTheUpdateSaysThatItWasKnown() throws IOException, GeneralSecurityException {
        Update update = new Update()
                .with(UpdatedClip.ingredient(
                        0,
                        Relationship.PARENT_OF,
                        clip.original.store(),
                        List.of(failure("assertion.bmffHash.mismatch", clip.uri(BINDING)))));
        assertEquals(Set.of("assertion.bmffHash.mismatch"), failures(flip(write(update), lastPicture())));
    }

    private static Status failure(String code, String url) {
        return new Status(code, Outcome.FAILURE, url, "");
    }

    @Test
    void aChangedManifestIsFoundUnderAnUpdate() throws Exception {
        byte[] disclosure = UpdatedClip.bytes(
                UpdatedClip.assertion(clip.original.store(), DISCLOSURE.label()).raw());
        assertArrayEquals(
                clip.original.store(), UpdatedClip.replace(clip.original.store(), DISCLOSURE.label(), disclosure));
        disclosure[disclosure.length - 1] ^= 1;
        byte[] changed = UpdatedClip.replace(clip.original.store(), DISCLOSURE.label(), disclosure);
        Path file = clip.write(
                folder.resolve("updated.mp4"),
                changed,
                new Update().with(clip.parent()).sign(ARCHIVE));
        assertEquals(Set.of("assertion.hashedURI.mismatch", "ingredient.manifest.mismatch"), failures(file));
    }

    /**
     * Other pictures under the manifest of a signer who never saw them: the forger puts their hash into it, and an update on
     * top that says that the fault was known, or that the hash was redacted.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpdateDoesNotBindOtherPicturesToAManifest(boolean redacts) throws Exception {
        byte[] otherPictures = plain.clone();
        otherPictures[otherPictures.length - 1] ^= 1;
        UpdatedClip other = UpdatedClip.sign(
                Files.write(folder.resolve("other.mp4"), otherPictures),
                TestClips.description(List.of()),
                CREDENTIAL,
                validator);
        byte[] otherBinding = UpdatedClip.bytes(
                UpdatedClip.assertion(other.original.store(), BINDING).raw());
        byte[] forged = UpdatedClip.replace(clip.original.store(), BINDING, otherBinding);
        List<Status> known = new ArrayList<>();
        for (String code : List.of(
                "assertion.hashedURI.mismatch",
                "assertion.dataHash.redacted",
                "assertion.notRedacted",
                "assertion.missing")) {
            known.add(failure(code, clip.uri(BINDING)));
        }
        Update update = new Update().with(UpdatedClip.ingredient(0, Relationship.PARENT_OF, forged, known));
        if (redacts) {
            update.redacting(clip.uri(BINDING));
        }
        Path file = other.write(folder.resolve("forged.mp4"), forged, update.sign(ARCHIVE));
        assertEquals(
                redacts
                        ? Set.of("assertion.hashedURI.mismatch", "assertion.dataHash.redacted")
                        : Set.of("assertion.hashedURI.mismatch"),
                failures(file));
    }

    @Test
    void originalAndUpdateComeTogether() throws IOException, GeneralSecurityException {
        byte[] store = UpdatedClip.store(new Update().with(clip.parent()).sign(ARCHIVE));
        Path file = folder.resolve("boxes.mp4");
        byte[] update = UpdatedClip.box("update", store);
        Files.write(file, TestMovie.concatenate(plain, update));
        assertEquals(Set.of("general.error"), failures(file));
        Files.write(file, TestMovie.concatenate(plain, UpdatedClip.box("original", clip.original.store())));
        assertEquals(Set.of("general.error"), failures(file));
        Files.write(file, TestMovie.concatenate(clip.signed, update));
        assertEquals(Set.of("general.error"), failures(file));
        Path updated = write(new Update().with(clip.parent()));
        Files.write(file, TestMovie.concatenate(Files.readAllBytes(updated), update));
        assertEquals(Set.of("general.error"), failures(file));
    }
}
