package org.patchreel.impl.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.impl.media.StillImage;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.Studio;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Watermarker;

/** A mezzanine keeps the watermark, is signed with the clip as its parent, and {@code verify} knows it. */
class SignedExportTest {
    private static final String ID = "01JD3V7Q0P8W5N2M4K6H8F0D2B";
    private static final String STILL_ID = "01JD3V7Q0P8W5N2M4K6H8F0D2C";
    private static final ExportProgress SILENT = (id, clip, clips, done, total) -> {};

    @TempDir
    private static Path installation;

    private static Studio studio;
    private static StoredManifest clip;
    private static StoredAsset asset;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeAll
    static void makeClip() throws IOException, GeneralSecurityException {
        studio = new Studio(installation);
        Path folder = Files.createDirectory(installation.resolve(ID));
        clip = studio.make(ID, 3, folder.resolve("clip.mp4"));
        AssetMetadata metadata = new AssetMetadata(
                ID,
                clip.created(),
                Optional.of("Rot"),
                "a scene",
                "",
                new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                new SamplingParameters(3, 20, 3),
                Studio.FORMAT,
                new VideoFormat(640, 384, 17, 8),
                FrameInterpolation.REPEAT,
                "libopenh264",
                Map.of(),
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of(clip.watermarkHex()),
                        Optional.of(new AssetMetadata.SignedManifest(clip.manifestLabel(), "CN=Signer", false))),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        asset = new SampleClips.Stored(folder, metadata);
    }

    @AfterAll
    static void closeStudio() {
        studio.close();
    }

    @BeforeEach
    void rememberTheClipAlone() throws IOException {
        studio.store.put(clip);
        for (StoredManifest each : studio.store.findByWatermark(clip.watermarkId())) {
            if (each.isFurther()) {
                studio.store.remove(each.recordId());
            }
        }
    }

    private Exporter exporter(ClaimSigner signer) {
        return new Exporter(
                () -> true,
                new MezzanineSigner(
                        new ClipSigner(
                                new ManifestEmbedder(studio.validator),
                                signer,
                                studio.store,
                                "0.1.0",
                                () -> HumanOversight.PROMPT_GUIDED),
                        studio.watermarker.algorithm(),
                        InstantSource.system()),
                new SignedOriginals(studio.validator),
                new Settings<>(false));
    }

    private ExportResult write(String name, MezzanineCodec codec) throws IOException, InterruptedException {
        return exporter(() -> studio.credential)
                .write(
                        new ExportRequest(List.of(asset), directory.resolve(name), Set.of(), Optional.of(codec)),
                        SILENT);
    }

    @Test
    void aJpegFileOfAStillIsSignedWithTheStillAsItsParent() throws Exception {
        VideoFormat format = new VideoFormat(640, 384, 1, 24);
        Path folder = Files.createDirectories(directory.resolve("still"));
        FingerprintingSink fingerprinting = new FingerprintingSink(
                format, new StillImage(folder.resolve("still.png"), folder.resolve("poster.jpg")));
        Watermarker.MarkingSink marking = studio.watermarker.mark(format, fingerprinting);
        try (marking) {
            marking.accept(
                    Studio.decoded(installation.resolve(ID).resolve("clip.mp4")).get(0));
        }
        String mark = HexFormat.of().formatHex(marking.id());
        AssetMetadata known = asset.metadata();
        AssetMetadata unsigned =
                still(known, format, new AssetMetadata.Provenance(Optional.of(mark), Optional.empty()));
        ClipSigner signer = new ClipSigner(
                new ManifestEmbedder(studio.validator),
                () -> studio.credential,
                studio.store,
                "0.1.0",
                () -> HumanOversight.PROMPT_GUIDED);
        ClipSigner.Signed signed = signer.sign(new ClipSigner.Unsigned(
                folder.resolve("still.png"),
                unsigned,
                STILL_ID + ".png",
                known.created(),
                Optional.of(new ManifestDescription.SoftBinding(studio.watermarker.algorithm(), mark)),
                Optional.of(folder.resolve("poster.jpg")),
                fingerprinting.fingerprint(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)));
        signer.record(signed);
        StoredAsset still = new SampleClips.Stored(
                folder,
                still(known, format, new AssetMetadata.Provenance(Optional.of(mark), Optional.of(signed.manifest()))));
        Path jpeg = directory.resolve("ball.jpg");
        exporter(() -> studio.credential).writeJpeg(still, jpeg);
        ProvenanceReport report = studio.verifier().verify(jpeg);
        assertEquals(Verdict.SIGNED, report.verdict(), report.toString());
        assertEquals(Origin.THIS_INSTALLATION, report.origin());
        assertEquals(STILL_ID, report.recovered().get(0).assetId());
        assertTrue(report.manifest().statements().stream().anyMatch(said -> said.contains("was made from")));
        try (Stream<Path> files = Files.list(directory)) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith(".")));
        }

        byte[] damaged = Files.readAllBytes(folder.resolve("still.png"));
        damaged[damaged.length - 30] ^= 1;
        Files.write(folder.resolve("still.png"), damaged);
        IOException refusal = assertThrows(
                IOException.class, () -> exporter(() -> studio.credential).writeJpeg(still, jpeg));
        assertTrue(String.valueOf(refusal.getMessage()).contains("assertion.dataHash.mismatch"));
        assertEquals(Verdict.SIGNED, studio.verifier().verify(jpeg).verdict());
        IllegalArgumentException noClip = assertThrows(
                IllegalArgumentException.class,
                () -> exporter(() -> studio.credential)
                        .write(
                                new ExportRequest(
                                        List.of(still),
                                        directory.resolve("cut"),
                                        Set.of(),
                                        Optional.of(MezzanineCodec.PRORES)),
                                SILENT));
        assertEquals("asset " + STILL_ID + " is a still; clips alone are exported", noClip.getMessage());
    }

    private static AssetMetadata still(AssetMetadata clip, VideoFormat format, AssetMetadata.Provenance provenance) {
        return new AssetMetadata(
                STILL_ID,
                clip.created(),
                Optional.empty(),
                clip.prompt(),
                clip.negativePrompt(),
                clip.model(),
                clip.sampling(),
                format,
                clip.generated(),
                clip.frameInterpolation(),
                AssetMetadata.STILL_CODEC,
                clip.timings(),
                clip.notes(),
                clip.sourceType(),
                provenance,
                clip.version(),
                clip.expandedPrompt(),
                clip.sources(),
                clip.shots(),
                Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(MezzanineCodec.class)
    void verifyKnowsAMezzanine(MezzanineCodec codec) throws Exception {
        ExportResult result = write("cut", codec);
        Path movie = result.folder().resolve(result.clips().get(0).file());
        ProvenanceReport report = studio.verifier().verify(movie);
        assertEquals(Verdict.SIGNED, report.verdict(), report.sentence());
        assertEquals(ManifestState.VALID, report.manifest().state());
        assertEquals(
                result.clips().get(0).manifest().orElseThrow().label(),
                report.manifest().label());
        assertEquals(
                List.of(clip.watermarkHex()),
                report.watermark().marks().stream().map(Mark::id).distinct().toList());
        assertEquals(Origin.THIS_INSTALLATION, report.origin());
        assertTrue(
                report.sentence().contains("this installation stored when it made the file from asset " + ID + "."),
                report.sentence());
        assertTrue(
                report.manifest().statements().stream()
                        .anyMatch(said -> said.contains("was made from \u201cRot\u201d")
                                && said.contains("a manifest of its own")),
                report.manifest().statements().toString());
        assertEquals(1, report.recovered().size());
        assertEquals(ID, report.recovered().get(0).assetId());
        assertTrue(report.recovered().get(0).markFound());
    }

    @Test
    void aCopyOfAMezzanineLeadsToTheClipOnce() throws Exception {
        ExportResult result = write("cut", MezzanineCodec.PRORES);
        Path movie = result.folder().resolve(result.clips().get(0).file());
        Path copy = Studio.encode(directory.resolve("copy.mp4"), Studio.decoded(movie), 60);
        ProvenanceReport report = studio.verifier().verify(copy);
        assertEquals(Verdict.RECOVERED, report.verdict(), report.sentence());
        assertEquals(
                List.of(ID),
                report.recovered().stream()
                        .map(ProvenanceReport.Recovered::assetId)
                        .toList());
        assertEquals(clip.manifestLabel(), report.recovered().get(0).manifestLabel());
    }

    @Test
    void anEarlierMezzanineIsOursStillWhenALaterOneIsMade() throws Exception {
        for (ExportResult result :
                List.of(write("cut1", MezzanineCodec.PRORES), write("cut2", MezzanineCodec.PRORES))) {
            Path movie = result.folder().resolve(result.clips().get(0).file());
            assertEquals(
                    Origin.THIS_INSTALLATION, studio.verifier().verify(movie).origin());
        }
        assertEquals(3, studio.store.count());
    }

    @Test
    void aMezzanineOfAClipThatIsNotRecordedIsKnownByItsOwnPictures() throws Exception {
        studio.store.remove(ID);
        ExportResult result = write("cut", MezzanineCodec.PRORES);
        Path movie = result.folder().resolve(result.clips().get(0).file());
        Path copy = Studio.encode(directory.resolve("copy.mp4"), Studio.decoded(movie), 60);
        ProvenanceReport report = studio.verifier().verify(copy);
        assertEquals(Verdict.RECOVERED, report.verdict(), report.sentence());
        assertEquals(ID, report.recovered().get(0).assetId());
    }

    @Test
    void handsNoClipOnThatIsNotAsItWasSigned() throws Exception {
        Path damaged = Files.createDirectories(directory.resolve("damaged"));
        Path file = damaged.resolve("clip.mp4");
        byte[] bytes = Files.readAllBytes(installation.resolve(ID).resolve("clip.mp4"));
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        assertRefused(
                damaged, "asset " + ID + ": the stored clip is not as it was signed: assertion.bmffHash.mismatch");
        Studio.encode(file, Studio.decoded(installation.resolve(ID).resolve("clip.mp4")), 60);
        assertRefused(damaged, "asset " + ID + ": the stored clip is not as it was signed: it carries no manifest");
        studio.make("another", 33, file);
        studio.store.remove("another");
        assertRefused(damaged, "asset " + ID + ": the stored clip is another one: its manifest is");
    }

    private void assertRefused(Path damaged, String message) {
        StoredAsset stored = new SampleClips.Stored(damaged, asset.metadata());
        for (Optional<MezzanineCodec> codec :
                List.of(Optional.<MezzanineCodec>empty(), Optional.of(MezzanineCodec.PRORES))) {
            Path cut = directory.resolve("refused");
            ExportRequest request = new ExportRequest(List.of(stored), cut, Set.of(ExportFormat.EDL), codec);
            String said = String.valueOf(assertThrows(
                            IOException.class,
                            () -> exporter(() -> studio.credential).write(request, SILENT))
                    .getMessage());
            assertTrue(said.startsWith(message), said);
            assertTrue(Files.notExists(cut));
        }
    }

    @Test
    void withoutAKeyNothingIsWrittenAndNothingRecorded() throws Exception {
        Exporter without = exporter(() -> {
            throw new GeneralSecurityException("the certificate has expired");
        });
        ExportRequest request = new ExportRequest(
                List.of(asset), directory.resolve("cut"), Set.of(), Optional.of(MezzanineCodec.PRORES));
        assertEquals(
                "no mezzanine can be signed: the certificate has expired",
                assertThrows(IOException.class, () -> without.write(request, SILENT))
                        .getMessage());
        assertTrue(Files.notExists(directory.resolve("cut")));
        assertEquals(1, studio.store.count());
    }

    @Test
    void onlyWhatIsApprovedIsHandedOverWhereTheOperatorWantsThat() throws Exception {
        Exporter strict = new Exporter(() -> false, null, new SignedOriginals(studio.validator), new Settings<>(true));
        ExportRequest request = new ExportRequest(
                List.of(asset), directory.resolve("strict"), Set.of(ExportFormat.EDL), Optional.empty());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> strict.write(request, SILENT));
        assertEquals(
                "asset " + ID + " is not approved, and only what is approved is handed over: approve " + ID,
                e.getMessage());
        assertFalse(Files.exists(directory.resolve("strict")));
        Review review = new Review(Review.Decision.APPROVED, "anna", clip.created(), Optional.empty());
        StoredAsset approved = new SampleClips.Stored(
                installation.resolve(ID), asset.metadata().reviewed(review, Optional.empty()));
        strict.write(
                new ExportRequest(
                        List.of(approved), directory.resolve("strict"), Set.of(ExportFormat.EDL), Optional.empty()),
                SILENT);
        assertTrue(Files.exists(directory.resolve("strict")));
    }

    /** An asset with a master that is signed for itself. */
    private StoredAsset mastered(Path pictures, String mark) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("mastered"));
        Files.copy(
                installation.resolve(ID).resolve("clip.mp4"),
                folder.resolve("clip.mp4"),
                StandardCopyOption.REPLACE_EXISTING);
        Path master = Studio.encode(folder.resolve("master.mp4"), Studio.decoded(pictures), 80);
        ClipSigner signer = new ClipSigner(
                new ManifestEmbedder(studio.validator),
                () -> studio.credential,
                studio.store,
                "0.1.0",
                () -> HumanOversight.PROMPT_GUIDED);
        ClipSigner.Signed signed = signer.sign(new ClipSigner.Unsigned(
                master,
                asset.metadata(),
                ID + "-master.mp4",
                clip.created(),
                Optional.of(new ManifestDescription.SoftBinding(studio.watermarker.algorithm(), mark)),
                Optional.empty(),
                clip.fingerprint(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA),
                true));
        if (mark.equals(clip.watermarkHex())) {
            signer.record(signed);
        }
        return new SampleClips.Stored(folder, asset.metadata());
    }

    private ExportResult writeMaster(StoredAsset stored, Optional<MezzanineCodec> codec) throws Exception {
        return exporter(() -> studio.credential)
                .write(
                        new ExportRequest(
                                List.of(stored), directory.resolve("cut"), Set.of(ExportFormat.OTIO), codec, true),
                        SILENT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mastersAndTheirMezzaninesAreKnownAsFilesOfTheirAsset(boolean transcoded) throws Exception {
        StoredAsset stored = mastered(installation.resolve(ID).resolve("clip.mp4"), clip.watermarkHex());
        ExportResult result = writeMaster(stored, transcoded ? Optional.of(MezzanineCodec.PRORES) : Optional.empty());
        ExportResult.Clip medium = result.clips().get(0);
        assertEquals(Path.of("media", ID + "-master" + (transcoded ? ".mov" : ".mp4")), medium.file());
        ProvenanceReport report = studio.verifier().verify(result.folder().resolve(medium.file()));
        assertEquals(Verdict.SIGNED, report.verdict(), report.sentence());
        assertEquals(Origin.THIS_INSTALLATION, report.origin());
        assertEquals(ID, report.recovered().get(0).assetId());
        String label = medium.manifest().orElseThrow().label();
        assertEquals(report.manifest().label(), label);
        assertNotEquals(clip.manifestLabel(), label);
    }

    @Test
    void aMasterThatIsNotAsItWasSignedOrOfAnotherClipIsNotHandedOut() throws Exception {
        StoredAsset other = mastered(installation.resolve(ID).resolve("clip.mp4"), "0123456789abcdef");
        assertEquals(
                "asset " + ID + ": the stored master is another one: its manifest names the marks [0123456789abcdef]",
                assertThrows(IOException.class, () -> writeMaster(other, Optional.empty()))
                        .getMessage());
        Path master = directory.resolve("mastered/master.mp4");
        Studio.encode(master, Studio.decoded(installation.resolve(ID).resolve("clip.mp4")), 60);
        assertEquals(
                "asset " + ID + ": the stored master is not as it was signed: it carries no manifest",
                assertThrows(IOException.class, () -> writeMaster(other, Optional.empty()))
                        .getMessage());
        assertFalse(Files.exists(directory.resolve("cut")));
    }

    @Test
    void aMezzanineOfAnApprovedClipSaysSo() throws Exception {
        Review review = new Review(Review.Decision.APPROVED, "anna", clip.created(), Optional.empty());
        StoredAsset approved = new SampleClips.Stored(
                installation.resolve(ID), asset.metadata().reviewed(review, Optional.empty()));
        ExportResult result = exporter(() -> studio.credential)
                .write(
                        new ExportRequest(
                                List.of(approved),
                                directory.resolve("approved"),
                                Set.of(),
                                Optional.of(MezzanineCodec.DNXHR)),
                        SILENT);
        Path movie;
        try (Stream<Path> files = Files.walk(result.folder())) {
            movie = files.filter(file -> file.toString().endsWith(".mov"))
                    .findFirst()
                    .orElseThrow();
        }
        assertTrue(studio.validator
                .validate(movie)
                .statements()
                .contains("The signer says that a person has looked at the result and approved it."));
    }
}
