package org.patchreel.impl.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.FrameSize;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.validation.ExaminedManifest;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.impl.media.LumaFrame;
import org.patchreel.impl.media.LumaListener;
import org.patchreel.impl.media.LumaSize;
import org.patchreel.impl.media.MediaException;
import org.patchreel.impl.watermark.MarkReader;
import org.patchreel.impl.watermark.SharingWatermarker;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;

/** The rules, on made-up marks, manifests and pictures. */
class RecoveringVerifierTest {

    private static final VideoFormat FORMAT = new VideoFormat(96, 64, 73, 24);
    private static final String FIRST = "00000000000000f1";
    private static final String SECOND = "00000000000000f2";
    private static final String NOT_STORED = "00000000000000f9";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path file;
    private ManifestRepository store;
    private final List<Mark> marks = new ArrayList<>();
    private final List<Mark> weak = new ArrayList<>();
    private Manifest embedded = Manifest.none();

    /** The mark of the clip whose stored manifest the file carries, see {@link MadeUpManifests}. */
    private String carried = "";

    private List<Status> storedFindings = List.of();
    private List<FilePictures> pictures = List.of();

    @BeforeEach
    void rememberTwoClips() throws IOException {
        file = Files.writeString(folder.resolve("file.mp4"), "its content is made up below");
        store = new ManifestRepository(folder.resolve("manifests.db"), null);
        store.put(clip("one", FIRST, new Scene(1)));
        store.put(clip("two", SECOND, new Scene(2)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static StoredManifest clip(String asset, String mark, Scene scene) {
        return new StoredManifest(
                asset,
                HexFormat.of().parseHex(mark),
                "urn:c2pa:" + asset,
                mark.getBytes(UTF_8),
                scene.fingerprint(FORMAT),
                Instant.EPOCH);
    }

    @Test
    void nothingIsKnownOfOtherFootage() throws Exception {
        shows(new Scene(50), 3);
        ProvenanceReport report = verify(Verdict.UNKNOWN);
        assertEquals(List.of(), report.recovered());
        assertEquals("none", report.watermark().state());
        assertEquals(
                "The file carries no C2PA manifest, no watermark of this installation was found in it, and its pictures"
                        + " are of no clip that is remembered here; its origin is unknown, and nothing follows from that"
                        + " about how it was made.",
                report.sentence());
    }

    @Test
    void saysThatAManifestWasNotReadInsteadOfThatThereIsNone() throws Exception {
        embedded = unread("manifests in PDF files are not read");
        ProvenanceReport report = verify(Verdict.UNKNOWN);
        assertEquals(
                "Manifests in PDF files are not read, and the file cannot be read as a video or a picture (no pictures); its"
                        + " origin is unknown, and nothing follows from that about how it was made.",
                report.sentence());
        embedded = unread("the manifest of the file is said to be at https://example.org/m, which is not fetched");
        shows(new Scene(50), 3);
        report = verify(Verdict.UNKNOWN);
        assertTrue(
                report.sentence()
                        .startsWith(
                                "The manifest of the file is said to be at https://example.org/m, which is not fetched, no"
                                        + " watermark of this installation was found in the file, and"),
                report.sentence());
    }

    private static Manifest unread(String reason) {
        return new Manifest(
                ManifestState.UNREAD,
                List.of(new Status("code", Outcome.INFORMATIONAL, "", reason)),
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of());
    }

    @Test
    void aFileThatIsNoVideoIsUnknown() throws Exception {
        ProvenanceReport report = verify(Verdict.UNKNOWN);
        assertTrue(
                report.sentence().contains("cannot be read as a video or a picture (no pictures)"), report.sentence());
        assertFalse(report.sentence().contains(file.toString()), report.sentence());
    }

    @Test
    void aFileThatCannotBeReadIsAnError() {
        assertThrows(IOException.class, () -> verifier().verify(folder));
        assertThrows(IOException.class, () -> verifier().verify(folder.resolve("missing.mp4")));
        String device =
                String.valueOf(assertThrows(IOException.class, () -> verifier().verify(Path.of("/dev/null")))
                        .getMessage());
        assertEquals("/dev/null: is not a regular file", device);
    }

    @Test
    @SuppressWarnings("NullAway") // it is what is tested
    void refusesNullByTheArgumentsName() {
        assertEquals(
                "file",
                assertThrows(NullPointerException.class, () -> verifier().verify(null))
                        .getMessage());
    }

    @Test
    void markAndPicturesTogetherAreRecoveredProvenance() throws Exception {
        shows(new Scene(1), 2);
        reads(FIRST, 0, 2);
        ProvenanceReport report = verify(Verdict.RECOVERED);
        ProvenanceReport.Recovered clip = report.recovered().get(0);
        assertEquals("one", clip.assetId());
        assertEquals("urn:c2pa:one", clip.manifestLabel());
        assertEquals(FIRST, clip.watermarkId());
        assertTrue(clip.markFound());
        assertEquals(List.of("says " + FIRST), clip.statements());
        MatchedRange range = clip.ranges().get(0);
        assertTrue(range.file().start().toMillis() <= 100, range.toString());
        assertTrue(Math.abs(range.file().end().toMillis() - 2000) <= 100, range.toString());
        assertTrue(report.sentence().contains("seconds 0.0 to 2.0 show asset one"), report.sentence());
    }

    @Test
    void theSentenceIsToldInPartsForOtherLanguages() throws Exception {
        shows(new Scene(1), 2);
        reads(FIRST, 0, 2);
        ProvenanceReport report = verify(Verdict.RECOVERED);
        List<ProvenanceReport.Clause> clauses = report.conclusion().clauses();
        assertEquals(
                List.of("no-manifest", "leads-to-clip", "shows-seconds", "created", "signature-holds"),
                clauses.stream().map(ProvenanceReport.Clause::name).toList());
        assertEquals(
                Map.of("seconds", "0.0 to 2.0", "asset", "one"), clauses.get(2).values());
        String said = clauses.stream()
                .map(clause -> Phrase.valueOf(
                                clause.name().toUpperCase(Locale.ROOT).replace('-', '_'))
                        .with(clause.values()))
                .collect(Collectors.joining());
        assertEquals(report.sentence(), said + ".");
    }

    @Test
    void aMarkTooWeakToBeReadIsSeenWhereThePicturesLeadToIt() throws Exception {
        weak.add(new Mark(FIRST, new TimeRange(Duration.ZERO, Duration.ofSeconds(2))));
        shows(new Scene(1), 2);
        ProvenanceReport report = verify(Verdict.RECOVERED);
        assertEquals("one", report.recovered().get(0).assetId());
        assertTrue(report.recovered().get(0).markFound());
    }

    @Test
    void aClipWithinBarsIsKnownByWhatTheBarsLeave() throws Exception {
        weak.add(new Mark(FIRST, new TimeRange(Duration.ZERO, Duration.ofSeconds(2))));
        Scene scene = new Scene(1);
        Scene.View barred = (x, y, seconds) -> y < 0.2 || y > 0.6 ? 235 : scene.luma(x, (y - 0.2) / 0.4, seconds);
        FilePictures whole = Scene.film(barred, 2, DoubleUnaryOperator.identity());
        pictures = List.of(whole);
        verify(Verdict.UNKNOWN);
        pictures = List.of(whole, Scene.film(scene::luma, 2, DoubleUnaryOperator.identity()));
        assertEquals("one", verify(Verdict.RECOVERED).recovered().get(0).assetId());
    }

    @Test
    void aMarkTooWeakToBeReadIsNotSeenInOtherPictures() throws Exception {
        weak.add(new Mark(FIRST, new TimeRange(Duration.ZERO, Duration.ofSeconds(2))));
        shows(new Scene(2), 2);
        ProvenanceReport report = verify(Verdict.POSSIBLE_COPY);
        assertEquals("two", report.recovered().get(0).assetId());
        assertFalse(report.recovered().get(0).markFound());
        shows(new Scene(50), 2);
        verify(Verdict.UNKNOWN);
    }

    @Test
    void theMarkAloneIsAPossibleCopy() throws Exception {
        shows(new Scene(50), 3);
        reads(FIRST, 0, 3);
        ProvenanceReport report = verify(Verdict.POSSIBLE_COPY);
        assertEquals(List.of(), report.recovered().get(0).ranges());
        assertTrue(report.sentence().contains("a watermark can be carried over to other pictures"), report.sentence());
        assertEquals("ours", report.watermark().state());
    }

    @Test
    void aMarkThatNoClipIsRememberedOfIsAPossibleCopy() throws Exception {
        shows(new Scene(50), 3);
        reads(NOT_STORED, 0, 3);
        ProvenanceReport report = verify(Verdict.POSSIBLE_COPY);
        assertEquals(List.of(), report.recovered());
        assertTrue(report.sentence().contains("no clip with it is remembered here"), report.sentence());
    }

    @Test
    void thePicturesAloneAreAPossibleCopy() throws Exception {
        shows(new Scene(2), 3);
        ProvenanceReport report = verify(Verdict.POSSIBLE_COPY);
        assertEquals("two", report.recovered().get(0).assetId());
        assertFalse(report.recovered().get(0).markFound());
        assertTrue(report.sentence().contains("its watermark was not found there"), report.sentence());
    }

    @Test
    void theMarkOfOneClipOnThePicturesOfAnotherIsAPossibleCopy() throws Exception {
        shows(new Scene(2), 3);
        reads(FIRST, 0, 3);
        ProvenanceReport report = verify(Verdict.POSSIBLE_COPY);
        assertEquals(
                List.of("two", "one"),
                report.recovered().stream()
                        .map(ProvenanceReport.Recovered::assetId)
                        .toList());
    }

    @Test
    void aMarkInOtherSecondsThanThePicturesDoesNotCount() throws Exception {
        Scene ours = new Scene(1);
        Scene other = new Scene(50);
        pictures = List.of(Scene.film(
                (x, y, t) -> (t < 3 ? other : ours).luma(x, y, t < 3 ? t : t - 3), 5, DoubleUnaryOperator.identity()));
        reads(FIRST, 0, 2.5);
        verify(Verdict.POSSIBLE_COPY);
        marks.clear();
        reads(FIRST, 3.5, 5);
        verify(Verdict.RECOVERED);
    }

    @Test
    void saysWhichSecondsOfAFileShowWhichClip() throws Exception {
        pictures = List.of(Scene.film(
                (x, y, t) -> new Scene(t < 2 ? 1 : t < 4 ? 2 : 50).luma(x, y, t % 2),
                6,
                DoubleUnaryOperator.identity()));
        reads(FIRST, 0, 2);
        reads(SECOND, 2, 4);
        ProvenanceReport report = verify(Verdict.RECOVERED);
        assertEquals(2, report.recovered().size());
        assertTrue(
                report.sentence().contains("seconds 0.0 to 2.0 show asset one")
                        && report.sentence().contains("seconds 2.0 to 4.0 show asset two"),
                report.sentence());
    }

    @Test
    void aStoredManifestThatDoesNotHoldProvesNothing() throws Exception {
        shows(new Scene(1), 3);
        reads(FIRST, 0, 3);
        storedFindings = List.of(failure("claimSignature.mismatch"));
        assertTrue(verify(Verdict.POSSIBLE_COPY).sentence().contains("the stored manifest of that clip does not hold"));
        storedFindings = List.of(failure("signingCredential.expired"));
        verify(Verdict.RECOVERED);
    }

    @Test
    void aValidManifestIsSigned() throws Exception {
        shows(new Scene(1), 3);
        reads(FIRST, 0, 3);
        embedded = manifest(ManifestState.VALID, "urn:c2pa:one", List.of());
        carried = FIRST;
        ProvenanceReport report = verify(Verdict.SIGNED);
        assertEquals(
                "The file carries a C2PA manifest signed by \u201cCN=Somebody\u201d (a name that no trust list of this"
                        + " installation vouches for) and its content has not been changed since; what the manifest says"
                        + " of its origin is the signer's statement; it is the manifest that this installation stored"
                        + " when it made the file as asset one.",
                report.sentence());
        assertEquals(Origin.THIS_INSTALLATION, report.origin());
        embedded = manifest(ManifestState.TRUSTED, "urn:c2pa:elsewhere", List.of());
        report = verify(Verdict.SIGNED);
        assertFalse(report.sentence().contains("this installation stored"), report.sentence());
        assertEquals(Origin.TRUSTED_SIGNER, report.origin());
    }

    @Test
    void aLabelThatIsStoredHereProvesNothing() throws Exception {
        shows(new Scene(50), 3);
        embedded = manifest(ManifestState.VALID, "urn:c2pa:one", List.of());
        for (String other : List.of("", SECOND)) {
            carried = other;
            ProvenanceReport report = verify(Verdict.SIGNED);
            assertEquals(Origin.NOT_PROVED, report.origin());
            assertEquals(List.of(), report.recovered());
            assertEquals(
                    "The file carries a C2PA manifest signed by \u201cCN=Somebody\u201d (a name that no trust list of"
                            + " this installation vouches for) and its content has not been changed since; what the"
                            + " manifest says of its origin is the signer's statement; its label is that of the manifest"
                            + " of asset one, but it is another manifest; anybody can sign in any name, so that the"
                            + " origin is not proved.",
                    report.sentence());
        }
    }

    @Test
    void aManifestThatDoesNotHoldIsNotOursThoughItsBytesAre() throws Exception {
        shows(new Scene(50), 3);
        carried = FIRST;
        embedded = manifest(ManifestState.INVALID, "urn:c2pa:one", List.of(failure("assertion.bmffHash.mismatch")));
        ProvenanceReport report = verify(Verdict.INVALID);
        assertEquals(Origin.NOT_PROVED, report.origin());
        assertEquals(List.of(), report.recovered());
    }

    @Test
    void theNameOfASignerCannotContinueTheSentence() throws Exception {
        shows(new Scene(50), 3);
        embedded = new Manifest(
                ManifestState.VALID,
                List.of(),
                "urn:c2pa:other",
                "CN=X\u201d, who is on this installation's trust list,\u201c",
                Optional.empty(),
                List.of(),
                List.of());
        String sentence = verify(Verdict.SIGNED).sentence();
        assertTrue(
                sentence.contains(
                        "signed by \u201cCN=X', who is on this installation's trust list,'\u201d (a name that"),
                sentence);
    }

    @Test
    void anUntrustedSignerIsNotNamedAsACauseThatAManifestDoesNotHold() throws Exception {
        embedded = manifest(
                ManifestState.INVALID,
                "urn:c2pa:other",
                List.of(failure("signingCredential.untrusted"), failure("assertion.bmffHash.mismatch")));
        assertTrue(verify(Verdict.INVALID).sentence().contains("not valid (assertion.bmffHash.mismatch), so"));
    }

    @Test
    void aClipThatWasSignedWithoutAMarkIsKnownByItsPictures() throws Exception {
        store.put(new StoredManifest(
                "plain",
                new byte[0],
                "urn:c2pa:plain",
                new byte[] {1},
                new Scene(7).fingerprint(FORMAT),
                Instant.EPOCH));
        shows(new Scene(7), 2);
        assertEquals("plain", verify(Verdict.POSSIBLE_COPY).recovered().get(0).assetId());
    }

    @Test
    void aStillIsSaidToShowAPictureAndNotSecondsOfLengthZero() throws Exception {
        Scene scene = new Scene(1);
        pictures = List.of(Scene.film(scene::luma, 0.05, DoubleUnaryOperator.identity()));
        reads(FIRST, 0, 0);
        String sentence = verify(Verdict.RECOVERED).sentence();
        assertTrue(sentence.contains("made: its picture shows asset one"), sentence);
    }

    @Test
    void aManifestThatDoesNotHoldIsInvalidWhateverElseIsFound() throws Exception {
        shows(new Scene(1), 3);
        reads(FIRST, 0, 3);
        embedded = manifest(ManifestState.INVALID, "urn:c2pa:two", List.of(failure("assertion.bmffHash.mismatch")));
        ProvenanceReport report = verify(Verdict.INVALID);
        assertEquals("one", report.recovered().get(0).assetId());
        assertTrue(report.sentence().contains("(assertion.bmffHash.mismatch)"), report.sentence());
        assertTrue(report.sentence().contains("show asset one"), report.sentence());
    }

    @Test
    void aStoreThatCannotBeReadIsAnErrorRatherThanUnknown() throws Exception {
        shows(new Scene(1), 3);
        store.close();
        Files.writeString(store.file(), "no database".repeat(1000));
        String message = String.valueOf(
                assertThrows(IOException.class, () -> verifier().verify(file)).getMessage());
        assertTrue(message.contains("manifests.db"), message);
    }

    private void shows(Scene scene, double seconds) {
        pictures = List.of(Scene.film(scene::luma, seconds, DoubleUnaryOperator.identity()));
    }

    private void reads(String mark, double from, double to) {
        marks.add(new Mark(
                mark, new TimeRange(Duration.ofMillis((long) (1000 * from)), Duration.ofMillis((long) (1000 * to)))));
    }

    private ProvenanceReport verify(Verdict expected) throws IOException {
        ProvenanceReport report = verifier().verify(file);
        assertEquals(expected, report.verdict(), report.sentence());
        assertFalse(report.sentence().contains("not AI"), report.sentence());
        return report;
    }

    private RecoveringVerifier verifier() {
        return new RecoveringVerifier(
                new ReadMarks(),
                new MadeUpManifests(),
                (path, others) -> {
                    if (pictures.isEmpty()) {
                        throw new MediaException(path, "no pictures");
                    }
                    return pictures;
                },
                store);
    }

    private static Status failure(String code) {
        return new Status(code, Status.Outcome.FAILURE, "", "");
    }

    private static Manifest manifest(ManifestState state, String label, List<Status> findings) {
        return new Manifest(state, findings, label, "CN=Somebody", Optional.empty(), List.of("says"), List.of());
    }

    /** Decoding is what a verification costs: the marks are looked for in the frames that the pictures are made of. */
    @Test
    void looksForMarksInTheFramesThatWereDecodedForThePictures() throws Exception {
        shows(new Scene(1), 3);
        MarkReader marksOfTheSameFrames = new MarkReader() {
            @Override
            public List<Mark> marks(Path path, Collection<String> expected) {
                assertEquals(List.of(FIRST), List.copyOf(expected));
                return List.of(new Mark(FIRST, new TimeRange(Duration.ZERO, Duration.ofSeconds(3))));
            }

            @Override
            public LumaSize wanted() {
                return new LumaSize(1, 1);
            }

            @Override
            public void begin(FrameSize nativeSize, FrameSize size) {
                throw new AssertionError("nothing is decoded here");
            }

            @Override
            public void accept(LumaFrame frame) {
                throw new AssertionError("nothing is decoded here");
            }
        };
        class Sharing extends ReadMarks implements SharingWatermarker {
            @Override
            public MarkReader reader() {
                return marksOfTheSameFrames;
            }

            @Override
            public List<Mark> detect(Path clip, Collection<String> expected) {
                throw new AssertionError("the file is decoded again");
            }
        }
        List<LumaListener> read = new ArrayList<>();
        ProvenanceReport report = new RecoveringVerifier(
                        new Sharing(),
                        new MadeUpManifests(),
                        (path, others) -> {
                            read.addAll(others);
                            return pictures;
                        },
                        store)
                .verify(file);
        assertEquals(List.of(marksOfTheSameFrames), read);
        assertEquals(Verdict.RECOVERED, report.verdict(), report.sentence());
    }

    private class ReadMarks implements Watermarker {
        @Override
        public String algorithm() {
            return "test";
        }

        @Override
        public MarkingSink mark(VideoFormat format, FrameSink next) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Mark> detect(Path clip) {
            return marks;
        }

        @Override
        public List<Mark> detect(Path clip, Collection<String> expected) {
            assertTrue(expected.stream().allMatch(id -> id.length() == 16), expected.toString());
            List<Mark> found = new ArrayList<>(marks);
            weak.stream().filter(mark -> expected.contains(mark.id())).forEach(found::add);
            return found;
        }
    }

    /** Stored manifests are the mark's ID as text. */
    private final class MadeUpManifests implements ManifestExaminer {
        @Override
        public ExaminedManifest examine(Path path) {
            return new ExaminedManifest(embedded, ByteBuffer.wrap(carried.getBytes(UTF_8)));
        }

        @Override
        public ContentCredentials contentCredentials(Path path) {
            return new ContentCredentials(Map.of("file", String.valueOf(path.getFileName())));
        }

        @Override
        public ExaminedManifest examineStore(byte[] bytes) {
            String mark = new String(bytes, UTF_8);
            Manifest report = new Manifest(
                    storedFindings.isEmpty() ? ManifestState.VALID : ManifestState.INVALID,
                    storedFindings,
                    "urn:c2pa:some",
                    "CN=Patchreel",
                    Optional.empty(),
                    List.of("says " + mark),
                    List.of(new SoftBinding("test", mark)));
            return new ExaminedManifest(report, ByteBuffer.wrap(bytes));
        }
    }
}
