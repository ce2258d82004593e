package org.patchreel.impl.signing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentKeystoreTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path home;

    private Path secrets() {
        return home.resolve("secrets");
    }

    private DevelopmentKeystore at(Instant time) {
        return new DevelopmentKeystore(secrets(), Clock.fixed(time, ZoneOffset.UTC));
    }

    private X509Certificate leaf(Instant time) throws IOException, GeneralSecurityException {
        return at(time).load().certificateChain().get(0);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(secrets())) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void isMadeOnceAndKept() throws IOException, GeneralSecurityException {
        X509Certificate first = leaf(NOW);
        assertEquals(first, leaf(NOW.plus(Duration.ofDays(100))));
        assertEquals(List.of("development-ca.pem", "development.lock", "development.p12"), names());
    }

    @Test
    void saysWhatItIsAndEndsAfterAYear() throws IOException, GeneralSecurityException {
        X509Certificate leaf = leaf(NOW);
        assertTrue(leaf.getSubjectX500Principal().toString().contains("development, not trusted"));
        assertTrue(leaf.getIssuerX500Principal().toString().contains("development, not trusted"));
        Duration validity = Duration.between(
                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        assertEquals(Duration.ofDays(365), validity);
    }

    @Test
    void refusesAKeyThatSomebodyElseMayHavePlanted() throws IOException, GeneralSecurityException {
        leaf(NOW);
        Path file = secrets().resolve("development.p12");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        IOException refusal = assertThrows(IOException.class, () -> at(NOW).load());
        assertTrue(refusal.toString().contains("development.p12: may be written by everybody"), refusal.toString());
    }

    @Test
    void leavesOnlyTheOwnerAtTheKey() throws IOException, GeneralSecurityException {
        leaf(NOW);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets())));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(secrets().resolve(DevelopmentKeystore.KEYSTORE))));
    }

    @Test
    void keepsTheAuthorityForTrustLists() throws IOException, GeneralSecurityException {
        X509Certificate leaf = leaf(NOW);
        byte[] pem = Files.readAllBytes(secrets().resolve(DevelopmentKeystore.AUTHORITY));
        X509Certificate authority = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        leaf.verify(authority.getPublicKey());
        assertEquals(List.of(leaf), at(NOW).load().certificateChain());
    }

    @Test
    void isMadeAnewWhenItHasExpiredAndTheOldOneIsKept() throws IOException, GeneralSecurityException {
        X509Certificate first = leaf(NOW);
        byte[] old = Files.readAllBytes(secrets().resolve(DevelopmentKeystore.KEYSTORE));
        X509Certificate second = leaf(NOW.plus(Duration.ofDays(366)));
        assertNotEquals(first, second);
        assertArrayEquals(old, Files.readAllBytes(secrets().resolve("development-until-2027-05-01.p12")));
        assertEquals(second, leaf(NOW.plus(Duration.ofDays(400))));
    }

    @Test
    void isMadeAnewWhenTheClockWasAheadOfTimeAndTheOldOneIsKept() throws IOException, GeneralSecurityException {
        leaf(NOW.plus(Duration.ofDays(900)));
        byte[] early = Files.readAllBytes(secrets().resolve(DevelopmentKeystore.KEYSTORE));
        X509Certificate second = leaf(NOW);
        assertTrue(second.getNotBefore().toInstant().isBefore(NOW));
        assertArrayEquals(early, Files.readAllBytes(secrets().resolve("development-until-2029-10-17.p12")));
        assertEquals(second, leaf(NOW));
    }

    @Test
    void doesNotReplaceADamagedOne() throws IOException, GeneralSecurityException {
        leaf(NOW);
        Files.writeString(secrets().resolve(DevelopmentKeystore.KEYSTORE), "damaged");
        IOException failure = assertThrows(IOException.class, () -> leaf(NOW));
        assertTrue(String.valueOf(failure.getMessage()).contains(DevelopmentKeystore.KEYSTORE));
        assertEquals("damaged", Files.readString(secrets().resolve(DevelopmentKeystore.KEYSTORE)));
    }

    @Test
    void processesThatStartAtOnceAgree() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            DevelopmentProcess.class.getName(),
                            secrets().toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        List<String> serials = new ArrayList<>();
        for (Process process : processes) {
            serials.add(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }
        assertEquals(1, serials.stream().distinct().count(), () -> "serial numbers " + serials);
        assertTrue(serials.get(0).length() > 20, serials.get(0));
    }
}
