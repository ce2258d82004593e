package org.patchreel.impl.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.c2pa.cose.TestCertificates;

/** With SoftHSM, in a process of its own: a PKCS#11 library reads its configuration once, from the environment. */
class Pkcs11TokenTest {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/libsofthsm2.so"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static Path library() {
        Optional<Path> library = LIBRARIES.stream().filter(Files::isRegularFile).findFirst();
        assumeTrue(library.isPresent(), "SoftHSM is not installed");
        return library.get();
    }

    private String run(List<String> command, String pin) throws IOException, InterruptedException {
        Path configuration = folder.resolve("softhsm2.conf");
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        builder.environment().put("PIN", pin);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        return output;
    }

    private String sign(Path library, String slot, String alias, String pin) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TokenProcess.class.getName(),
                library.toString(),
                slot,
                alias));
        command.addAll(List.of(
                folder.resolve("P-256.p12").toString(),
                folder.resolve("RSA-2048.p12").toString()));
        return run(command, pin);
    }

    @Test
    void signsOnATokenThatKeepsItsKey() throws IOException, InterruptedException {
        Path library = library();
        String created = run(
                List.of(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "claims",
                        "--so-pin",
                        "5678",
                        "--pin",
                        "1234"),
                "");
        String slot = created.replaceAll("(?s).*reassigned to slot (\\d+).*", "$1");
        TestCertificates certificates = new TestCertificates();
        certificates.issue("P-256").keystore(folder.resolve("P-256.p12"), "password");
        certificates.issue("RSA-2048").keystore(folder.resolve("RSA-2048.p12"), "password");

        // the first process stores the keys of the files in the token
        assertEquals("P-256 ES256 true false\nRSA-2048 PS256 true false\n", sign(library, slot, "", "1234"));
        assertSays("no private key with certificates under the alias absent", sign(library, slot, "absent", "1234"));
        assertSays("cannot be opened: CKR_PIN_INCORRECT", sign(library, slot, "P-256", "9999"));
        assertSays("slot 77: ", sign(library, "77", "P-256", "1234"));
    }

    private static void assertSays(String expected, String output) {
        assertTrue(output.contains(expected), output);
    }

    @Test
    void saysThatTheLibraryIsMissing() {
        Pkcs11Token token = new Pkcs11Token(folder.resolve("absent.so"), "", "", "1234");
        IOException failure = assertThrows(IOException.class, token::load);
        assertEquals(folder.resolve("absent.so") + ": no such PKCS#11 library", failure.getMessage());
    }

    @Test
    void refusesALibraryThatIsNone() throws IOException {
        Path library = Files.writeString(folder.resolve("text.so"), "no library");
        Pkcs11Token token = new Pkcs11Token(library, "", "", "1234");
        GeneralSecurityException failure = assertThrows(GeneralSecurityException.class, token::load);
        assertTrue(String.valueOf(failure.getMessage()).startsWith(library + ": "), failure.getMessage());
    }
}
