package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.EmbeddedManifest.MissingTimestamp;
import org.patchreel.impl.c2pa.EmbeddedManifest.Timestamped;
import org.patchreel.impl.c2pa.TestAuthority.Behaviour;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

class TimestampedClipTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path clip() throws IOException {
        return TestClips.encode(folder.resolve("clip.mp4"));
    }

    private ManifestValidator validator() throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        return new ManifestValidator(TrustList.read(List.of(root), Set.of()), Clock.systemUTC());
    }

    private EmbeddedManifest embed(Path clip, TestAuthority authority, boolean required, String key)
            throws IOException, GeneralSecurityException {
        return new ManifestEmbedder(validator(), Optional.of(authority.client()), required)
                .embed(
                        clip,
                        TestClips.description(List.of()),
                        CERTIFICATES.issue(key).credential());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "RSA-2048", "RSA-3072", "Ed25519"})
    void isTrustedWithEveryAlgorithmAndATimestamp(String key) throws IOException, GeneralSecurityException {
        Path clip = clip();
        try (TestAuthority authority = new TestAuthority(Behaviour.GOOD, CERTIFICATES)) {
            EmbeddedManifest embedded = embed(clip, authority, true, key);
            assertEquals(new Timestamped(authority.time), embedded.timestamp());
            ProvenanceReport.Manifest report = validator().validate(clip);
            assertEquals(
                    ManifestState.TRUSTED, report.state(), () -> report.codes().toString());
            assertEquals(Optional.of(authority.time), report.signedAt());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "GARBAGE", "OTHER_NONCE", "OVERSIZED"})
    void isSignedWithoutATimestampIfNoneIsRequired(Behaviour behaviour) throws IOException, GeneralSecurityException {
        Path clip = clip();
        try (TestAuthority authority = new TestAuthority(behaviour, CERTIFICATES)) {
            EmbeddedManifest embedded = embed(clip, authority, false, "P-256");
            MissingTimestamp missing = assertInstanceOf(MissingTimestamp.class, embedded.timestamp());
            assertTrue(missing.reason().contains(authority.url().toString()), missing.reason());
            ProvenanceReport.Manifest report = validator().validate(clip);
            assertEquals(ManifestState.TRUSTED, report.state());
            assertEquals(Optional.empty(), report.signedAt());
        }
    }

    @Test
    void staysAsItWasIfARequiredTimestampIsMissing() throws IOException {
        Path clip = clip();
        byte[] before = Files.readAllBytes(clip);
        try (TestAuthority authority = new TestAuthority(Behaviour.REFUSES, CERTIFICATES)) {
            IOException failure = assertThrows(IOException.class, () -> embed(clip, authority, true, "P-256"));
            assertTrue(String.valueOf(failure.getMessage()).contains("not today"));
        }
        assertArrayEquals(before, Files.readAllBytes(clip));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("clip.mp4", "root.pem"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }
}
