package org.patchreel.broker.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://127.0.0.1:61616", "tcp://localhost:0", "ssl://[::1]:1", "ssl://broker.example.org:61617"})
    void anAddressIsWrittenAsItWasRead(String text) {
        assertEquals(text, BrokerAddress.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "61616",
                "127.0.0.1:61616",
                "http://127.0.0.1:61616",
                "vm://x",
                "tcp://127.0.0.1",
                "tcp://127.0.0.1:70000",
                "tcp://127.0.0.1:61616?wireFormat.maxFrameSize=1",
                "tcp://a@127.0.0.1:61616",
                "tcp://127.0.0.1:61616/x",
                "ssl://broker:61617#x",
                "failover:(tcp://127.0.0.1:1)"
            })
    void whatIsNoAddressIsRefused(String text) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(text))
                .getMessage());
        assertTrue(message.startsWith("not the address of a broker: " + text), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://0.0.0.0:61616", "tcp://10.0.0.1:1", "tcp://127.0.0.1.example.org:1", "tcp://broker:1"})
    void beyondThisMachineThereIsNoConnectionWithoutTls(String text) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(text))
                .getMessage());
        assertTrue(message.startsWith(text + " is not on this machine"), message);
    }

    @Test
    void severalAddressesAreTriedInTurn() {
        List<BrokerAddress> two = List.of(BrokerAddress.parse("ssl://a:1"), BrokerAddress.parse("ssl://b:2"));
        assertEquals(two, BrokerAddress.parseAll("failover:(ssl://a:1,ssl://b:2)"));
        assertEquals(two, BrokerAddress.parseAll("ssl://a:1, ssl://b:2"));
        assertThrows(
                IllegalArgumentException.class, () -> BrokerAddress.parseAll("failover:(ssl://a:1)?randomize=false"));
    }

    @Test
    void aBrokerThatOthersReachShowsItsCertificateAndAsksForTheirs() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new EmbeddedBroker.Settings(
                        BrokerAddress.parse("ssl://0.0.0.0:61617"),
                        new TlsStores(Optional.of(new TlsStores.Store(Path.of("k"), "")), Optional.empty()),
                        Path.of("x"),
                        new Login("worker", "p"),
                        Optional.empty(),
                        1,
                        1));
        assertEquals(
                "ssl://0.0.0.0:61617 needs a keystore and a truststore: both sides show certificates",
                refused.getMessage());
    }
}
