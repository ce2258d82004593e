package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.impl.c2pa.TestAuthority.Behaviour;
import org.patchreel.impl.c2pa.cose.TestCertificates;

class TimestampAuthorityTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final byte[] DATA = {1, 2, 3};

    @Test
    void takesATimestamp() throws IOException {
        try (TestAuthority authority = new TestAuthority(Behaviour.GOOD, CERTIFICATES)) {
            TimestampAuthority.Token token = authority.client().stamp(DATA);
            assertEquals(authority.time, token.time());
            assertTrue(token.token().length < TimestampAuthority.MAX_TOKEN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSES, not today",
        "FAILS, answers with HTTP status 503",
        "GARBAGE, ",
        "EMPTY, ",
        "CUT_OFF, ",
        "OTHER_NONCE, nonce",
        "OTHER_DATA, ",
        "OTHER_KEY, ",
        "NO_CERTIFICATE, without its certificate",
        "OVERSIZED, an answer of more than 16384 bytes",
        "ENDLESS, an answer of more than 16384 bytes",
        "SILENT, ",
        "SLOW_BODY, no answer within 1500 ms"
    })
    void takesNothingThatIsWrong(Behaviour behaviour, String reason) throws IOException {
        try (TestAuthority authority = new TestAuthority(behaviour, CERTIFICATES)) {
            TimestampAuthority client = authority.client();
            IOException failure = assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThrows(IOException.class, () -> client.stamp(DATA)));
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.startsWith("timestamp authority " + authority.url() + ": "), message);
            assertTrue(reason == null || message.contains(reason), message);
        }
    }

    @Test
    void saysThatTheAuthorityIsDown() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        URI url = URI.create("http://127.0.0.1:" + port + "/");
        TimestampAuthority client = new TimestampAuthority(url, Duration.ofSeconds(2));
        IOException failure = assertThrows(IOException.class, () -> client.stamp(DATA));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("timestamp authority " + url + ": "));
    }

    @Test
    void endsWhenTheThreadIsInterrupted() throws IOException {
        try (TestAuthority authority = new TestAuthority(Behaviour.SILENT, CERTIFICATES)) {
            TimestampAuthority client = authority.client();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, () -> client.stamp(DATA));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void refusesWhatIsNoHttpUrl() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TimestampAuthority(URI.create("file:/etc/passwd"), Duration.ofSeconds(1)));
    }
}
