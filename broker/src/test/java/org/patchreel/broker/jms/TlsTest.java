package org.patchreel.broker.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with certificates that keytool has made, as docs/workers.md says. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    private static final String PASSWORD = "changeit";
    private static final Login WORKER = new Login("worker", "a password of workers");

    private Path folder;
    private EmbeddedBroker broker;

    @BeforeAll
    void startABroker(@TempDir Path directory) throws Exception {
        folder = directory;
        for (String authority : List.of("ca", "stranger")) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    authority,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + authority,
                    "-ext",
                    "bc:c",
                    "-keystore",
                    authority + ".p12");
            keytool(
                    "-exportcert",
                    "-rfc",
                    "-alias",
                    authority,
                    "-keystore",
                    authority + ".p12",
                    "-file",
                    authority + ".pem");
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    authority,
                    "-keystore",
                    authority + "-trust.p12",
                    "-file",
                    authority + ".pem");
        }
        certify("broker", "ca", "san=ip:127.0.0.1");
        certify("worker", "ca", "san=dns:worker");
        certify("intruder", "stranger", "san=dns:worker");
        broker = EmbeddedBroker.start(new EmbeddedBroker.Settings(
                BrokerAddress.parse("ssl://127.0.0.1:0"),
                new TlsStores(store("broker.p12"), store("ca-trust.p12")),
                folder.resolve("broker"),
                WORKER,
                Optional.empty(),
                32 << 20,
                1 << 30));
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private void certify(String name, String authority, String address) throws Exception {
        keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-keystore", name + ".p12");
        keytool("-certreq", "-alias", name, "-keystore", name + ".p12", "-file", name + ".csr");
        keytool(
                "-gencert",
                "-rfc",
                "-alias",
                authority,
                "-keystore",
                authority + ".p12",
                "-ext",
                address,
                "-infile",
                name + ".csr",
                "-outfile",
                name + ".pem");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                authority,
                "-keystore",
                name + ".p12",
                "-file",
                authority + ".pem");
        keytool("-importcert", "-noprompt", "-alias", name, "-keystore", name + ".p12", "-file", name + ".pem");
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), arguments[0]));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-validity", "30"));
        }
        Path log = folder.resolve("keytool.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    private Optional<TlsStores.Store> store(String name) {
        return Optional.of(new TlsStores.Store(folder.resolve(name), PASSWORD));
    }

    private Connection connect(TlsStores tls) throws JMSException, IOException {
        return Connector.to(List.of(broker.address()), tls, WORKER).connect();
    }

    @Test
    void aWorkerWithACertificateOfTheSameAuthorityIsLetIn() throws Exception {
        connect(new TlsStores(store("worker.p12"), store("ca-trust.p12"))).close();
    }

    @Test
    void aWorkerWithoutOneOrWithOneOfAStrangerIsNot() {
        for (TlsStores tls : List.of(
                new TlsStores(Optional.empty(), store("ca-trust.p12")),
                new TlsStores(store("intruder.p12"), store("ca-trust.p12")))) {
            assertThrows(JMSException.class, () -> connect(tls));
        }
    }

    @Test
    void aWorkerDoesNotTalkToABrokerOfAStranger() {
        assertThrows(
                JMSException.class, () -> connect(new TlsStores(store("worker.p12"), store("stranger-trust.p12"))));
        assertThrows(JMSException.class, () -> connect(new TlsStores(store("worker.p12"), Optional.empty())));
    }

    @Test
    void aBrokerOfAnotherNameIsRefused() {
        BrokerAddress other =
                new BrokerAddress(true, "localhost", broker.address().port());
        assertThrows(
                JMSException.class,
                () -> Connector.to(List.of(other), new TlsStores(store("worker.p12"), store("ca-trust.p12")), WORKER)
                        .connect());
    }

    @Test
    void olderVersionsOfTlsAreRefused() throws Exception {
        SSLContext context = context();
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", broker.address().port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThrows(SSLException.class, socket::startHandshake);
        }
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", broker.address().port())) {
            socket.startHandshake();
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
    }

    private SSLContext context() throws NoSuchAlgorithmException, KeyManagementException, IOException {
        TlsStores tls = new TlsStores(store("worker.p12"), store("ca-trust.p12"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(tls.keyManagers(), tls.trustManagers(), null);
        return context;
    }

    @Test
    void aStoreThatCannotBeReadIsNamed() {
        IOException missing =
                assertThrows(IOException.class, () -> new TlsStores(store("none.p12"), Optional.empty()).check());
        assertTrue(missing.toString().contains("none.p12 cannot be read"), missing.toString());
        IOException wrong = assertThrows(
                IOException.class,
                () -> new TlsStores(
                                Optional.of(new TlsStores.Store(folder.resolve("worker.p12"), "wrong")),
                                Optional.empty())
                        .check());
        assertTrue(wrong.toString().contains("worker.p12 cannot be read"), wrong.toString());
    }
}
