package org.patchreel.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.patchreel.spi.HomeFolder;

/** Certificates that sign themselves, as keytool makes them. */
final class Certificates {

    static final String PASSWORD = "changeit";

    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes a key NAME.p12 with its certificate, for the loopback interface, and a store NAME-trust.p12 that has the latter. */
    void make(String name, String address) throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-ext",
                "san=" + address,
                "-keystore",
                name + ".p12");
        keytool("-exportcert", "-rfc", "-alias", name, "-keystore", name + ".p12", "-file", name + ".pem");
        keytool("-importcert", "-noprompt", "-alias", name, "-keystore", name + "-trust.p12", "-file", name + ".pem");
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), arguments[0]));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Path log = folder.resolve("keytool.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    /** {@return what TLS needs with a key of a name, or none, that trusts a certificate} */
    SSLContext context(Optional<String> key, String trusted) throws IOException {
        return CertificateStores.context(
                        key.isEmpty() ? Optional.empty() : store(key.get() + ".p12"), store(trusted + "-trust.p12"))
                .orElseThrow();
    }

    private Optional<CertificateStores.Store> store(String file) throws IOException {
        return CertificateStores.Store.of(new HomeFolder(Optional.of(folder)), "store", file, PASSWORD);
    }
}
