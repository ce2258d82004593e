package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.ManifestDescription.Continued;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding.Span;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.Mezzanine;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.spi.ClaimSigner;

class IngredientsTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClaimSigner.Credential CREDENTIAL =
            CERTIFICATES.issue("P-256").credential();
    private static final ClaimSigner.Credential OTHER_CREDENTIAL =
            CERTIFICATES.issue("P-384").credential();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestValidator validator() throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        return new ManifestValidator(TrustList.read(List.of(root), Set.of()), Clock.systemUTC());
    }

    private ManifestEmbedder embedder() throws IOException {
        return new ManifestEmbedder(validator(), Optional.empty(), false);
    }

    private EmbeddedManifest sign(Path clip, Ingredient... ingredients) throws IOException, GeneralSecurityException {
        return embedder().embed(clip, TestClips.description(List.of(ingredients)), CREDENTIAL);
    }

    private Path clip(String name) throws IOException {
        return TestClips.encode(folder.resolve(name));
    }

    private static Ingredient ingredient(Path file, String mediaType) {
        return new Ingredient(String.valueOf(file.getFileName()), mediaType, file);
    }

    private static List<String> manifests(EmbeddedManifest embedded) throws JumbfException {
        return JumbfReader.read(ByteBuffer.wrap(embedded.store())).superBoxes().stream()
                .map(JumbfBox.Super::label)
                .toList();
    }

    private ProvenanceReport.Manifest assertTrusted(Path clip) throws IOException {
        ProvenanceReport.Manifest report = validator().validate(clip);
        assertEquals(ManifestState.TRUSTED, report.state(), () -> report.codes().toString());
        return report;
    }

    private static boolean says(ProvenanceReport.Manifest report, String code) {
        return report.codes().stream().map(Status::code).anyMatch(code::equals);
    }

    @Test
    void namesAPictureWithoutManifest() throws IOException, GeneralSecurityException, JumbfException {
        Path picture = Files.write(folder.resolve("first.jpg"), PictureFormat.encoded("jpeg"));
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(picture, "image/jpeg"));
        assertEquals(List.of(embedded.label()), manifests(embedded));
        assertFalse(says(assertTrusted(clip), "ingredient.manifest.validated"));
    }

    @Test
    void takesOverTheManifestOfAClip() throws IOException, GeneralSecurityException, JumbfException {
        Path source = clip("source.mp4");
        EmbeddedManifest first = embedder().embed(source, TestClips.description(List.of()), OTHER_CREDENTIAL);
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(source, "video/mp4"));
        assertEquals(List.of(first.label(), embedded.label()), manifests(embedded));
        assertTrue(says(assertTrusted(clip), "ingredient.manifest.validated"));
    }

    @Test
    void theReportHasTheIngredientsOfIngredients() throws Exception {
        Path picture = Files.write(folder.resolve("first.jpg"), PictureFormat.encoded("jpeg"));
        Path source = clip("source.mp4");
        EmbeddedManifest first = embedder()
                .embed(source, TestClips.description(List.of(ingredient(picture, "image/jpeg"))), OTHER_CREDENTIAL);
        Path clip = clip("clip.mp4");
        sign(clip, ingredient(source, "video/mp4"), ingredient(picture, "image/jpeg"));
        ProvenanceReport.Ingredient plain = new ProvenanceReport.Ingredient(
                Relationship.INPUT_TO, "first.jpg", "image/jpeg", "", "", List.of(), List.of());
        assertEquals(
                List.of(
                        new ProvenanceReport.Ingredient(
                                Relationship.INPUT_TO,
                                "source.mp4",
                                "video/mp4",
                                first.label(),
                                validator().validate(source).signer(),
                                List.of(),
                                List.of(plain)),
                        plain),
                assertTrusted(clip).ingredients());
    }

    @Test
    void aTreeOfIngredientsThatShareTheirsIsCutOff() throws Exception {
        Path below = clip("0.mp4");
        sign(below);
        for (int i = 1; i <= 9; i++) {
            Path clip = clip(i + ".mp4");
            sign(clip, ingredient(below, "video/mp4"), ingredient(below, "video/mp4"));
            below = clip;
        }
        List<ProvenanceReport.Ingredient> tree = assertTrusted(below).ingredients();
        assertEquals(200, count(tree));
        int depth = 0;
        for (List<ProvenanceReport.Ingredient> each = tree;
                !each.isEmpty();
                each = each.get(0).ingredients()) {
            depth++;
        }
        assertEquals(8, depth);
    }

    private static int count(List<ProvenanceReport.Ingredient> tree) {
        return tree.size()
                + tree.stream().mapToInt(each -> count(each.ingredients())).sum();
    }

    @Test
    void takesOverTheManifestThatAWatermarkLeadsTo() throws Exception {
        Path source = clip("source.mp4");
        EmbeddedManifest first = embedder().embed(source, TestClips.description(List.of()), OTHER_CREDENTIAL);
        Path stripped = clip("stripped.mp4");
        Ingredient.Recovered recovered = new Ingredient.Recovered(first.store(), "org.patchreel.test");
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(
                clip,
                new Ingredient("stripped.mp4", "video/mp4", stripped, Relationship.INPUT_TO, Optional.of(recovered)));
        assertEquals(List.of(first.label(), embedded.label()), manifests(embedded));
        assertTrue(says(assertTrusted(clip), "ingredient.manifest.validated"));
        String store = new String(embedded.store(), StandardCharsets.ISO_8859_1);
        assertTrue(store.contains("softBindingsMatched"), store);
        assertTrue(store.contains("softBindingAlgorithmsMatched"), store);

        Path other = clip("other.mp4");
        EmbeddedManifest carried = sign(
                other,
                new Ingredient("source.mp4", "video/mp4", source, Relationship.INPUT_TO, Optional.of(recovered)));
        assertFalse(
                new String(carried.store(), StandardCharsets.ISO_8859_1).contains("softBindingsMatched"),
                "a manifest of its own counts");
    }

    @Test
    void aContinuedClipNamesItsParentAndWhatStandsBehindIt() throws Exception {
        Path parent = clip("parent.mp4");
        EmbeddedManifest first = embedder().embed(parent, TestClips.description(List.of()), OTHER_CREDENTIAL);
        Path behind = clip("behind.mp4");
        Path picture = Files.write(folder.resolve("key.jpg"), PictureFormat.encoded("jpeg"));
        Path clip = clip("clip.mp4");
        ManifestDescription description = new ManifestDescription(
                "longer",
                Instant.parse("2026-05-01T12:00:00Z"),
                "Patchreel",
                "0.1.0",
                new AiDisclosure("starter"),
                Optional.of(new SoftBinding("org.patchreel.test", "0123456789abcdef", Optional.of(new Span(40, 160)))),
                Duration.ofMillis(208),
                Optional.empty(),
                List.of(
                        new Ingredient("parent.mp4", "video/mp4", parent, Relationship.PARENT_OF),
                        new Ingredient("key.jpg", "image/jpeg", picture, Relationship.INPUT_TO),
                        new Ingredient("behind.mp4", "video/mp4", behind, Relationship.COMPONENT_OF)),
                new Continued(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA));
        EmbeddedManifest embedded = embedder().embed(clip, description, CREDENTIAL);
        assertEquals(List.of(first.label(), embedded.label()), manifests(embedded));
        ProvenanceReport.Manifest report = assertTrusted(clip);
        String said = String.join("\n", report.statements());
        assertTrue(said.contains("another file was opened to make this one"), said);
        assertTrue(said.contains("the pictures were edited, and come in part from a trained model"), said);
        assertTrue(said.contains("another file was put into this one"), said);
        assertTrue(said.contains("from 0.040 to 0.160 s"), said);
        assertTrue(said.contains("was made from \u201cparent.mp4"), said);
        assertTrue(said.contains("\u201ckey.jpg\u201d (\u201cimage/jpeg\u201d) was given to the model"), said);
        assertTrue(said.contains("\u201cbehind.mp4\u201d (\u201cvideo/mp4\u201d) is a part of the file"), said);
    }

    @Test
    void aContinuedClipHasOneParent() {
        Ingredient picture = ingredient(Path.of("key.jpg"), "image/jpeg");
        Continued continued = new Continued(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
        assertThrows(IllegalArgumentException.class, () -> continued.check(List.of(picture)));
        Ingredient parent = new Ingredient("a", "video/mp4", Path.of("a.mp4"), Relationship.PARENT_OF);
        assertThrows(IllegalArgumentException.class, () -> continued.check(List.of(parent, parent)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)
                        .check(List.of(parent)));
    }

    @Test
    void aTranscodedMovieNamesItsParent() throws Exception {
        Path source = clip("source.mp4");
        EmbeddedManifest first = embedder().embed(source, TestClips.description(List.of()), OTHER_CREDENTIAL);
        Path movie = folder.resolve("movie.mov");
        new Mezzanine(MezzanineCodec.PRORES, TestClips.FORMAT, 1, "01:00:00:00", "REEL")
                .write(source, movie, done -> {});
        long frames = ClipReader.probe(movie).frameCount();
        EmbeddedManifest embedded =
                sign(movie, new Ingredient("source.mp4", "video/mp4", source, Relationship.PARENT_OF));
        assertEquals(List.of(first.label(), embedded.label()), manifests(embedded));
        ProvenanceReport.Manifest report = assertTrusted(movie);
        assertTrue(says(report, "ingredient.manifest.validated"));
        assertTrue(
                report.statements().stream().anyMatch(said -> said.contains("was made from \u201csource.mp4\u201d")),
                report.statements().toString());
        assertTrue(
                report.statements().stream().anyMatch(said -> said.contains("coded anew")),
                report.statements().toString());
        assertEquals("01:00:00:00", ClipReader.probe(movie).timecode());
        int decoded = 0;
        try (ClipReader reader = ClipReader.open(movie)) {
            while (reader.next().isPresent()) {
                decoded++;
            }
        }
        assertEquals(frames, decoded);

        byte[] bytes = Files.readAllBytes(movie);
        bytes[bytes.length - 1] ^= 1;
        Files.write(movie, bytes);
        assertEquals(ManifestState.INVALID, validator().validate(movie).state());
    }

    @Test
    void aParentIsTheOnlyIngredient() throws IOException {
        Path source = clip("source.mp4");
        Ingredient parent = new Ingredient("source.mp4", "video/mp4", source, Relationship.PARENT_OF);
        assertThrows(
                IllegalArgumentException.class,
                () -> TestClips.description(List.of(parent, ingredient(source, "video/mp4"))));
    }

    /** What was done is said by the intent, and follows from no ingredient: footage that a model goes on with is a parent, too. */
    @Test
    void aParentContradictsAClipThatWasCreated() throws IOException {
        Ingredient parent = new Ingredient("source.mp4", "video/mp4", clip("source.mp4"), Relationship.PARENT_OF);
        ManifestDescription.Created created =
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
        assertThrows(IllegalArgumentException.class, () -> created.check(List.of(parent)));
        assertThrows(IllegalArgumentException.class, () -> new ManifestDescription.Transcoded().check(List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void takesOverTheManifestOfAPicture(PictureFormat format) throws Exception {
        byte[] signed = SignedPicture.sign(format, CREDENTIAL).bytes();
        Path picture = Files.write(folder.resolve("first." + format.fileExtension()), signed);
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(picture, "image/" + format.fileExtension()));
        assertEquals(2, manifests(embedded).size());
        assertTrue(says(assertTrusted(clip), "ingredient.manifest.validated"));
        assertTrue(new String(embedded.store(), StandardCharsets.ISO_8859_1).contains("Hash.match"));
    }

    @Test
    void takesOverChainsAndWhatIngredientsHaveInCommonOnce()
            throws IOException, GeneralSecurityException, JumbfException {
        Path grandparent = clip("grandparent.mp4");
        EmbeddedManifest first = sign(grandparent);
        Path left = clip("left.mp4");
        EmbeddedManifest second = sign(left, ingredient(grandparent, "video/mp4"));
        Path right = clip("right.mp4");
        EmbeddedManifest third = sign(right, ingredient(grandparent, "video/mp4"));
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(left, "video/mp4"), ingredient(right, "video/mp4"));
        assertEquals(List.of(first.label(), second.label(), third.label(), embedded.label()), manifests(embedded));
        assertTrusted(clip);
    }

    /** What was wrong with an ingredient already is no fault of the clip; the manifest says what was found. */
    @Test
    void recordsThatAnIngredientWasTamperedWith() throws IOException, GeneralSecurityException {
        byte[] signed = SignedPicture.sign(PictureFormat.PNG, CREDENTIAL).bytes();
        signed[signed.length - 18] ^= 1; // in the last chunk of pixels, ahead of the one that ends the file
        Path picture = Files.write(folder.resolve("first.png"), signed);
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(picture, "image/png"));
        List<String> statements = assertTrusted(clip).statements();
        assertTrue(
                statements.stream()
                        .anyMatch(said ->
                                said.contains("which carries a manifest of its own that was found not to be valid"
                                        + " when it was used (assertion.dataHash.mismatch)")),
                statements.toString());
        assertTrue(new String(embedded.store(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("assertion.dataHash.mismatch"));
    }

    /** Whoever changes an ingredient's manifest later cannot write into it, or beside it, that this was known. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyWhoeverUsedAnIngredientSaysWhatWasKnownOfIt(boolean beside) throws Exception {
        Path first = clip("first.mp4");
        EmbeddedManifest oldest = sign(first);
        Path second = clip("second.mp4");
        EmbeddedManifest middle = sign(second, ingredient(first, "video/mp4"));
        Path clip = clip("clip.mp4");
        EmbeddedManifest embedded = sign(clip, ingredient(second, "video/mp4"));
        assertTrusted(clip);

        List<Status> known = new ArrayList<>();
        known.add(failure("ingredient.manifest.missing", oldest.label()));
        known.add(failure("ingredient.manifest.mismatch", "self#jumbf=/c2pa/" + middle.label()));
        for (String changed : List.of("c2pa.ai-disclosure", "c2pa.ingredient.v3")) {
            known.add(failure("assertion.hashedURI.mismatch", UpdatedClip.uri(middle.label(), changed)));
        }
        List<byte[]> manifests = JumbfReader.read(ByteBuffer.wrap(embedded.store())).superBoxes().stream()
                .map(manifest -> UpdatedClip.bytes(manifest.raw()))
                .toList();
        SuperBox witness = UpdatedClip.ingredient(0, Relationship.INPUT_TO, UpdatedClip.store(manifests.get(0)), known);
        byte[] changed = UpdatedClip.replace(
                UpdatedClip.store(manifests.get(1)),
                "c2pa.ai-disclosure",
                Assertions.aiDisclosure(new AiDisclosure("another")).bytes());
        byte[] store;
        if (beside) {
            byte[] liar = new UpdatedClip.Update().with(witness).sign(CREDENTIAL);
            store = UpdatedClip.store(liar, manifest(changed), manifests.get(2));
        } else {
            byte[] liar = UpdatedClip.replace(changed, "c2pa.ingredient.v3", witness.bytes());
            store = UpdatedClip.store(manifests.get(0), manifest(liar), manifests.get(2));
        }
        byte[] box = UpdatedClip.box("manifest", Arrays.copyOf(store, embedded.store().length));
        Files.write(clip, UpdatedClip.exchange(Files.readAllBytes(clip), embedded.store(), box));
        ProvenanceReport.Manifest report = validator().validate(clip);
        assertEquals(ManifestState.INVALID, report.state());
        assertTrue(says(report, "ingredient.manifest.mismatch"), report.codes().toString());
        assertTrue(says(report, "assertion.hashedURI.mismatch"), report.codes().toString());
    }

    private static Status failure(String code, String url) {
        return new Status(code, Status.Outcome.FAILURE, url, "");
    }

    private static byte[] manifest(byte[] store) throws JumbfException {
        return UpdatedClip.bytes(
                JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().get(0).raw());
    }

    @Test
    void refusesTwoManifestsOfOneName() throws IOException, GeneralSecurityException {
        byte[] signed = SignedPicture.sign(PictureFormat.PNG, CREDENTIAL).bytes();
        Path one = Files.write(folder.resolve("one.png"), signed);
        byte[] altered = signed.clone();
        int thumbnail = new String(signed, StandardCharsets.ISO_8859_1).indexOf("bidb") + 10;
        altered[thumbnail]++;
        Path two = Files.write(folder.resolve("two.png"), altered);
        Path clip = clip("clip.mp4");
        byte[] before = Files.readAllBytes(clip);
        IOException failure = assertThrows(
                IOException.class, () -> sign(clip, ingredient(one, "image/png"), ingredient(two, "image/png")));
        assertTrue(String.valueOf(failure.getMessage()).startsWith(two + ": its manifest urn:c2pa:"));
        assertTrue(Arrays.equals(before, Files.readAllBytes(clip)));
    }

    @Test
    void namesTheMissingFile() throws IOException {
        Path clip = clip("clip.mp4");
        Path missing = folder.resolve("missing.png");
        IOException failure = assertThrows(IOException.class, () -> sign(clip, ingredient(missing, "image/png")));
        assertTrue(String.valueOf(failure.getMessage()).contains("missing.png"));
    }
}
