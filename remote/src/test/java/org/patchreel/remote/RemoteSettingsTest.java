package org.patchreel.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

class RemoteSettingsTest {

    private static final String TOKEN = "a-token-of-an-editor-0123456789";

    private record Configured(String url, String _token, String keystore, String _keystore_password, int tries)
            implements RemoteConnection.Config {

        static Configured of(String url) {
            return new Configured(url, TOKEN, "", "", 4);
        }

        Map<String, Object> properties() {
            return new HashMap<>(Map.of("url", url, ".token", _token, "keystore", keystore, "tries", tries));
        }

        @Override
        public String truststore() {
            return "";
        }

        @Override
        public String _truststore_password() {
            return "";
        }

        @Override
        public int connect_timeout() {
            return 10;
        }

        @Override
        public int request_timeout() {
            return 60;
        }

        @Override
        public int poll_interval() {
            return 2;
        }

        @Override
        public int max_source() {
            return 1;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return RemoteConnection.Config.class;
        }
    }

    private static RemoteSettings read(Configured config, Path home) throws Exception {
        return RemoteSettings.read(
                new ConfigurationValues(RemoteConnection.PID, config.properties()),
                new HomeFolder(Optional.of(home)),
                config);
    }

    private static String refusal(Configured config) {
        String message = assertThrows(ConfigurationException.class, () -> read(config, Path.of("/nowhere")))
                .getMessage();
        assertTrue(message.startsWith("org.patchreel.remote: "), message);
        assertFalse(message.contains(TOKEN), message);
        return message;
    }

    @Test
    void anAddressAndATokenAreEnough() throws Exception {
        RemoteSettings settings = read(Configured.of(" https://gen.example.com:8443/sub/ "), Path.of("/nowhere"));
        assertEquals("https://gen.example.com:8443/sub", settings.url());
        assertEquals(Optional.of(TOKEN), settings.token());
        assertEquals(Optional.empty(), settings.tls());
        assertEquals(Duration.ofSeconds(10), settings.connectTimeout());
        assertEquals(1 << 20, settings.maxSource());
        assertFalse(settings.toString().contains(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.0.0.1", "http://127.1.2.3:1", "http://[::1]:8080"})
    void withoutTlsThisMachineIsReached(String url) throws Exception {
        assertEquals(url, read(Configured.of(url), Path.of("/nowhere")).url());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://gen.example.com",
                "http://10.0.0.1",
                "http://127.0.0.1.example.com",
                "http://localhost.com"
            })
    void withoutTlsNoOtherMachineIsReached(String url) {
        String message = refusal(Configured.of(url));
        assertTrue(message.contains("url = " + url + ", which is not on this machine"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gen.example.com",
                "ftp://gen.example.com",
                "https://",
                "https:///path",
                "https://user@gen.example.com",
                "https://gen.example.com?a=b",
                "https://gen.example.com#a",
                "https://gen .example.com"
            })
    void whatIsNoAddressIsRefused(String url) {
        assertTrue(refusal(Configured.of(url)).contains("expected https://HOST"));
    }

    @Test
    void somebodyHasToAsk() {
        assertTrue(refusal(new Configured("https://a", "", "", "", 4)).contains(".token and keystore are empty"));
        assertTrue(refusal(new Configured("https://a", "to\nken", "", "", 4)).contains(".token, expected visible"));
        assertTrue(refusal(new Configured("https://a", TOKEN, "", "", 0)).contains("tries = 0, expected"));
    }

    @Test
    void aStoreIsAFileOrStandsInTheConfiguration(@TempDir Path home) throws Exception {
        Certificates certificates = new Certificates(home);
        certificates.make("client", "dns:client");
        String inline =
                "base64:" + Base64.getMimeEncoder().encodeToString(Files.readAllBytes(home.resolve("client.p12")));
        for (String store : new String[] {"client.p12", inline}) {
            Configured config = new Configured("https://a", "", store, Certificates.PASSWORD, 4);
            assertTrue(read(config, home).tls().isPresent());
            String wrong = assertThrows(
                            IOException.class, () -> read(new Configured("https://a", "", store, "wrong", 4), home))
                    .getMessage();
            assertTrue(
                    String.valueOf(wrong).contains("cannot be read")
                            && !String.valueOf(wrong).contains("base64:"),
                    wrong);
        }
        for (String store : new String[] {"missing.p12", "base64:===", "base64:" + "AAAA"}) {
            assertThrows(IOException.class, () -> read(new Configured("https://a", "", store, "x", 4), home));
        }
    }

    @Test
    void aWrongConfigurationIsToldByWhateverIsAsked() {
        Configured config = Configured.of("http://gen.example.com");
        RemoteConnection connection =
                new RemoteConnection(new HomeFolder(Optional.empty()), config, config.properties());
        assertTrue(connection.problem().orElseThrow().description().startsWith("url = http://gen.example.com"));
        RemoteGenerator generator = new RemoteGenerator(connection);
        String message = assertThrows(
                        GenerationException.class,
                        () -> generator.submit(GenerationRequest.of("a red ball"), Requester.UNKNOWN))
                .getMessage();
        assertTrue(message.startsWith("org.patchreel.remote: url = http://gen.example.com"), message);
        generator.close();
    }
}
