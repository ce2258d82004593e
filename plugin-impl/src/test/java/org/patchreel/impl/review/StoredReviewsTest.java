package org.patchreel.impl.review;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.store.FileStores;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.Studio;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Decisions of people on clips: in the metadata, and of an approval in the file. */
class StoredReviewsTest {

    private static final String ID = "01JD3V7Q0P8W5N2M4K6H8F0D2B";
    private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
    private static final String VALIDATED = "The signer says that a person has looked at the result and approved it.";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path installation;

    private static @Nullable Studio shared;
    private static @Nullable StoredManifest made;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // as above
    private AssetStore store;

    @BeforeAll
    static void makeClip() throws Exception {
        shared = new Studio(installation);
        made = shared.make(ID, 3, installation.resolve("clip.mp4"));
    }

    @AfterAll
    static void closeStudio() {
        studio().close();
    }

    private static Studio studio() {
        return Objects.requireNonNull(shared);
    }

    @BeforeEach
    void storeClip() throws IOException {
        StoredManifest clip = Objects.requireNonNull(made);
        store = FileStores.in(folder.resolve("assets"));
        store(Optional.of(new AssetMetadata.SignedManifest(clip.manifestLabel(), "CN=Signer", false)));
    }

    private void store(Optional<AssetMetadata.SignedManifest> manifest) throws IOException {
        StoredManifest clip = Objects.requireNonNull(made);
        try (AssetDraft draft = store.open(ID, Destination.DEFAULT)) {
            Files.copy(installation.resolve("clip.mp4"), draft.directory().resolve("clip.mp4"));
            draft.commit(new AssetMetadata(
                    ID,
                    clip.created(),
                    Optional.of("Ball"),
                    "a scene",
                    "",
                    new AssetMetadata.Model(
                            "starter",
                            "Wan 2.1 text-to-video",
                            "cpu",
                            "fp32",
                            List.of(new AssetMetadata.WeightFile("a.safetensors", "ab".repeat(32)))),
                    new SamplingParameters(3, 20, 3),
                    Studio.FORMAT,
                    Studio.FORMAT,
                    FrameInterpolation.REPEAT,
                    "libopenh264",
                    Map.of(),
                    List.of(),
                    DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                    new AssetMetadata.Provenance(Optional.of(clip.watermarkHex()), manifest),
                    "0.1.0",
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty()));
        }
    }

    private StoredReviews reviews() {
        return reviews(store);
    }

    private StoredReviews reviews(AssetStore of) {
        return new StoredReviews(of, new Audit(true), signer(), folder.resolve("reviews"), InstantSource.fixed(NOW));
    }

    private static ClipSigner signer() {
        return new ClipSigner(
                new ManifestEmbedder(studio().validator),
                () -> studio().credential,
                studio().store,
                "0.1.0",
                () -> HumanOversight.PROMPT_GUIDED);
    }

    private StoredAsset stored() throws IOException {
        return store.find(ID).orElseThrow();
    }

    private Path clip() {
        return folder.resolve("assets").resolve(ID).resolve("clip.mp4");
    }

    private List<String> left() throws IOException {
        Path work = folder.resolve("reviews");
        if (!Files.exists(work)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(work)) {
            return all.map(Path::toString).toList();
        }
    }

    @Test
    void anApprovalStandsInTheMetadataAndIsSignedIntoTheClip() throws Exception {
        String before =
                stored().metadata().provenance().manifest().orElseThrow().label();
        AssetMetadata reviewed = reviews().approve(ID, "anna", Optional.of("looks right"));
        assertEquals(reviewed, stored().metadata());
        assertEquals(
                new Review(Review.Decision.APPROVED, "anna", NOW, Optional.of("looks right")),
                reviewed.review().orElseThrow());
        String label = reviewed.provenance().manifest().orElseThrow().label();
        assertNotEquals(before, label);

        ProvenanceReport report = studio().verifier().verify(clip());
        assertEquals(Verdict.SIGNED, report.verdict());
        assertEquals(Origin.THIS_INSTALLATION, report.origin());
        assertEquals(label, report.manifest().label());
        assertTrue(
                report.manifest().statements().contains(VALIDATED),
                report.manifest().toString());
        assertEquals(ID, report.recovered().get(0).assetId());
        String store = new String(Files.readAllBytes(clip()), StandardCharsets.ISO_8859_1);
        assertTrue(!store.contains("anna") && !store.contains("looks right"), "nothing private is in the manifest");
        assertEquals(List.of(), left());
    }

    @Test
    void aMasterInThePlaceOfItsClipIsNotApproved() throws Exception {
        byte[] before = Files.readAllBytes(clip());
        StoredManifest other = studio().make("OTHER", 5, folder.resolve("other.mp4"));
        Studio.encode(clip(), Studio.decoded(installation.resolve("clip.mp4")), 60);
        ClipSigner signer = signer();
        ClipSigner.Signed master = signer.sign(new ClipSigner.Unsigned(
                clip(),
                stored().metadata(),
                ID + "-master.mp4",
                NOW,
                Optional.empty(),
                Optional.empty(),
                other.fingerprint(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA),
                true));
        signer.record(master);
        byte[] swapped = Files.readAllBytes(clip());
        assertThrows(IOException.class, () -> reviews().approve(ID, "anna", Optional.empty()));
        assertArrayEquals(swapped, Files.readAllBytes(clip()));
        signer.forget(master);
        studio().store.remove("OTHER");
        Files.write(clip(), before);
        reviews().approve(ID, "anna", Optional.empty());
    }

    @Test
    void aCopyFromBeforeTheApprovalIsStillKnown() throws Exception {
        Path copy = Files.copy(clip(), folder.resolve("copy.mp4"));
        reviews().approve(ID, "anna", Optional.empty());
        assertEquals(Origin.THIS_INSTALLATION, studio().verifier().verify(copy).origin());
    }

    @Test
    void aRejectionNeedsAReasonAndLeavesTheClipAsItIs() throws Exception {
        byte[] before = Files.readAllBytes(clip());
        AssetMetadata rejected = reviews().reject(ID, "anna", "a logo is wrong");
        assertEquals(rejected, stored().metadata());
        assertEquals(
                Optional.of("a logo is wrong"), rejected.review().orElseThrow().reason());
        assertArrayEquals(before, Files.readAllBytes(clip()));
        assertThrows(IllegalArgumentException.class, () -> reviews().reject(ID, "bert", " "));
        assertEquals(rejected, stored().metadata());
    }

    @Test
    void aDecisionMayBeChangedButNotRepeated() throws Exception {
        reviews().reject(ID, "anna", "too dark");
        AssetMetadata approved = reviews().approve(ID, "bert", Optional.empty());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> reviews().approve(ID, "carl", Optional.empty()));
        assertEquals("asset " + ID + " is approved already, by bert at " + NOW, e.getMessage());
        assertEquals(approved, stored().metadata());
        reviews().reject(ID, "anna", "no");
        assertEquals(
                Review.Decision.REJECTED,
                stored().metadata().review().orElseThrow().decision());
    }

    @Test
    void anApprovalAfterOneThatDidNotEndIsSignedOnceMore() throws Exception {
        AssetMetadata before = stored().metadata();
        reviews().approve(ID, "anna", Optional.empty());
        store.revise(ID, Optional.empty(), before); // as if the process had ended between file and metadata
        String label = reviews()
                .approve(ID, "anna", Optional.empty())
                .provenance()
                .manifest()
                .orElseThrow()
                .label();
        assertEquals(label, studio().validator.validate(clip()).label());
    }

    @Test
    void aClipThatIsNotTheOneThatWasSignedIsNotApproved() throws Exception {
        AssetMetadata before = stored().metadata();
        byte[] changed = Files.readAllBytes(clip());
        changed[changed.length - 1] ^= 1;
        Files.write(clip(), changed);
        assertThrows(IOException.class, () -> reviews().approve(ID, "anna", Optional.empty()));
        Path other = folder.resolve("other.mp4");
        try {
            studio().make("01JD3V7Q0P8W5N2M4K6H8F0D2C", 4, other);
            Files.copy(other, clip(), StandardCopyOption.REPLACE_EXISTING);
            IOException e = assertThrows(IOException.class, () -> reviews().approve(ID, "anna", Optional.empty()));
            assertTrue(
                    String.valueOf(e.getMessage()).contains("carries another manifest than was expected"),
                    e.getMessage());
        } finally {
            studio().store.remove("01JD3V7Q0P8W5N2M4K6H8F0D2C");
        }
        assertEquals(before, stored().metadata());
        assertEquals(List.of(), left());
    }

    @Test
    void aStoreThatFailsLeavesNoRecordOfTheApproval() throws Exception {
        int records = studio().store
                .findByWatermark(Objects.requireNonNull(made).watermarkId())
                .size();
        AssetStore full = new AssetStore() {
            @Override
            public AssetDraft open(String id, Destination destination) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<AssetReference> list() throws IOException {
                return store.list();
            }

            @Override
            public Optional<StoredAsset> find(String id) throws IOException {
                return store.find(id);
            }

            @Override
            public void revise(String id, Optional<Path> file, AssetMetadata metadata) throws IOException {
                throw new IOException("no space left");
            }
        };
        assertThrows(IOException.class, () -> reviews(full).approve(ID, "anna", Optional.empty()));
        assertEquals(
                records,
                studio().store
                        .findByWatermark(Objects.requireNonNull(made).watermarkId())
                        .size());
        assertTrue(stored().metadata().review().isEmpty());
        assertEquals(List.of(), left());
    }

    @Test
    void whatIsNotThereIsNamed() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> reviews().approve("01JD3V7Q0P8W5N2M4K6H8F0D2X", "anna", Optional.empty()));
        assertEquals("no such asset: 01JD3V7Q0P8W5N2M4K6H8F0D2X", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reviews().approve(ID, "two\nlines", Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> reviews().approve("../x", "anna", Optional.empty()));
    }

    @Test
    void aReaderOfTheClipMeanwhileReadsOneWholeFile() throws Exception {
        try (InputStream reader = Channels.newInputStream(stored().open(AssetFile.CLIP))) {
            byte[] start = reader.readNBytes(1000);
            reviews().approve(ID, "anna", Optional.empty());
            byte[] rest = reader.readAllBytes();
            assertEquals(Files.size(installation.resolve("clip.mp4")), start.length + rest.length);
        }
    }
}
