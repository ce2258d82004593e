package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.SourceUse.Trace;
import org.patchreel.api.Media;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.ScriptedVerifier;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.TestStores;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;

class VerifiedOriginsTest {

    private static final String MARK = "0123456789abcdef";
    private static final String ASSET = "20260701T120000000abcdef";
    private static final byte[] STORED = {1, 2, 3};
    private static final Path FILE = Path.of("copy.mp4");
    private static final WorkSource SOURCE =
            new WorkSource.Restyled(new Media.Upload("ab".repeat(32), "copy.mp4"), Optional.empty(), 0.5);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestRepository manifests;
    private FakeStore assets;
    private Watermarker marker;

    @SuppressWarnings("NullAway.Init") // open
    VerifiedOriginsTest() {}

    @BeforeEach
    void open() throws Exception {
        marker = new FakeProvenance().watermarker().orElseThrow();
        assets = new FakeStore(Files.createDirectory(folder.resolve("assets")));
        manifests = TestStores.in(Files.createDirectory(folder.resolve("manifests")));
        manifests.put(new StoredManifest(
                ASSET,
                HexFormat.of().parseHex(MARK),
                "urn:c2pa:1",
                STORED,
                new FingerprintingSink(new VideoFormat(64, 48, 1, 8), FrameSink.discarding()).fingerprint(),
                Instant.EPOCH));
    }

    private SourceOrigin read(ProvenanceReport report) throws Exception {
        try (ManifestRepository open = manifests) {
            return new VerifiedOrigins(
                            new ScriptedVerifier(file -> report), marker, open, new CurrentStore(assets, Duration.ZERO))
                    .read(SOURCE, FILE);
        }
    }

    private static ProvenanceReport report(Verdict verdict, Manifest manifest, boolean marked, Recovered... recovered) {
        TimeRange whole = new TimeRange(Duration.ZERO, Duration.ofSeconds(1));
        return new ProvenanceReport(
                verdict,
                "",
                manifest,
                new Watermark(marked ? List.of(new Mark(MARK, whole)) : List.of()),
                List.of(recovered));
    }

    private static Recovered clip(boolean carried) {
        return new Recovered(ASSET, "urn:c2pa:1", MARK, carried, true, List.of(), 1, List.of());
    }

    private static Manifest manifest(String label) {
        return new Manifest(ManifestState.VALID, List.of(), label, "", Optional.empty(), List.of(), List.of());
    }

    @Test
    void aCopyWithoutAManifestLeadsToItsAsset() throws Exception {
        SourceOrigin origin = read(report(Verdict.RECOVERED, Manifest.none(), true, clip(false)));
        assertEquals(new Trace(Optional.of(MARK), Optional.of(ASSET), Optional.empty()), origin.trace());
        assertArrayEquals(STORED, origin.recovered().orElseThrow().store());
        assertEquals(marker.algorithm(), origin.recovered().orElseThrow().algorithm());
    }

    @Test
    void aMarkWhosePicturesAreOthersLeadsToNoAsset() throws Exception {
        SourceOrigin origin = read(report(Verdict.POSSIBLE_COPY, Manifest.none(), true, clip(false)));
        assertEquals(new Trace(Optional.of(MARK), Optional.empty(), Optional.empty()), origin.trace());
        assertTrue(origin.recovered().isEmpty());
    }

    @Test
    void aManifestOfItsOwnCounts() throws Exception {
        SourceOrigin ours = read(report(Verdict.SIGNED, manifest("urn:c2pa:1"), true, clip(true)));
        assertEquals(new Trace(Optional.of(MARK), Optional.of(ASSET), Optional.of("urn:c2pa:1")), ours.trace());
        assertTrue(ours.recovered().isEmpty());
    }

    @Test
    void aLabelThatIsNoWordIsLeftOut() throws Exception {
        SourceOrigin foreign = read(report(Verdict.SIGNED, manifest("urn:c2pa:1; rm -rf\n"), false));
        assertEquals(Trace.NONE, foreign.trace());
    }
}
