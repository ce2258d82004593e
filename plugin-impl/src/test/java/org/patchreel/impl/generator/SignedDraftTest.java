package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStoreException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.PlainEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.signing.DevelopmentSigner;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.TestStores;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.FrameSink;

/** Keys are rotated and services are replaced while a clip is made. */
class SignedDraftTest {

    private static final VideoFormat FORMAT = new VideoFormat(64, 48, 9, 8);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestEmbedder embedder;
    private Path clip;
    private ClaimSigner signer;
    private ManifestRepository manifests;

    @SuppressWarnings("NullAway.Init") // start
    SignedDraftTest() {}

    @BeforeEach
    void start() throws Exception {
        embedder = PlainEmbedder.with(new ManifestValidator(TrustList.read(List.of(), Set.of()), Clock.systemUTC()));
        clip = Files.createDirectory(folder.resolve("clip")).resolve(AssetFile.CLIP.fileName());
        manifests = TestStores.in(Files.createDirectory(folder.resolve("a")));
        ClaimSigner.Credential credential = DevelopmentSigner.in(folder.resolve("old"));
        signer = () -> credential;
    }

    @AfterEach
    void close() {
        manifests.close();
    }

    @Test
    void signsWithTheKeyThatIsConfiguredWhenTheClipIsSigned() throws Exception {
        ClaimSigner.Credential rotated = DevelopmentSigner.in(folder.resolve("new"));
        try (ClipProvenance.Draft draft = SignedDraft.begin(FORMAT, null, this::services)) {
            make(draft);
            signer = () -> rotated;
            Provenance signed = sign(draft);
            draft.keep();
            assertTrue(signed.manifest().isPresent());
        }
        assertEquals(ManifestState.TRUSTED, trusting("new").validate(clip).state());
        assertEquals(ManifestState.VALID, trusting("old").validate(clip).state());
    }

    /** A validator that trusts the authority of the key in a folder. */
    private ManifestValidator trusting(String key) throws IOException {
        Path authority = folder.resolve(key).resolve("development-ca.pem");
        return new ManifestValidator(TrustList.read(List.of(authority), Set.of()), Clock.systemUTC());
    }

    @Test
    void failsWithTheReasonIfTheKeyIsGoneWhenTheClipIsSigned() throws Exception {
        try (ClipProvenance.Draft draft = SignedDraft.begin(FORMAT, null, this::services)) {
            make(draft);
            byte[] unsigned = Files.readAllBytes(clip);
            signer = () -> {
                throw new KeyStoreException("/keys/claims.p12: no such keystore");
            };
            GenerationException failure = assertThrows(GenerationException.class, () -> sign(draft));
            assertEquals(Reason.PROVENANCE, failure.reason());
            assertEquals("the clip cannot be signed: /keys/claims.p12: no such keystore", failure.getMessage());
            assertEquals(unsigned.length, Files.size(clip));
        }
        assertEquals(0, manifests.count());
    }

    @Test
    void recordsInTheManifestRepositoryThatIsThereWhenTheClipIsSigned() throws Exception {
        ManifestRepository first = manifests;
        try (ManifestRepository second = TestStores.in(Files.createDirectory(folder.resolve("b")))) {
            try (ClipProvenance.Draft draft = SignedDraft.begin(FORMAT, null, this::services)) {
                make(draft);
                first.close();
                manifests = second;
                sign(draft);
                assertTrue(second.find("ID1").isPresent());
                manifests = first;
            }
            assertFalse(second.find("ID1").isPresent(), "the clip was not kept, and its record goes where it is");
            assertFalse(first.find("ID1").isPresent());
        }
    }

    private ClipSigner services() {
        return new ClipSigner(embedder, signer, manifests, "1.2.3");
    }

    private void make(ClipProvenance.Draft draft) throws IOException {
        try (FrameSink sink = draft.mark(TestEncoders.h264().open(clip, FORMAT))) {
            for (int i = 0; i < FORMAT.frameCount(); i++) {
                sink.accept(TestFrames.moving(FORMAT.width(), FORMAT.height(), i));
            }
        }
        Files.write(clip.resolveSibling(AssetFile.POSTER.fileName()), new byte[] {1, 2, 3});
    }

    private Provenance sign(ClipProvenance.Draft draft) throws GenerationException {
        return draft.sign(
                clip.resolveSibling(""),
                new AssetMetadata(
                        "ID1",
                        Instant.now(),
                        Optional.empty(),
                        "a red ball",
                        "",
                        new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                        new SamplingParameters(3, 20, 3),
                        FORMAT,
                        FORMAT,
                        FrameInterpolation.REPEAT,
                        "libopenh264",
                        Map.of(),
                        List.of(),
                        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                        FakeProvenance.SIGNED,
                        "1.2.3"));
    }
}
