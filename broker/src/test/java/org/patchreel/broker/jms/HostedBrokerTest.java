package org.patchreel.broker.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostedBrokerTest {

    @Test
    void aBrokerWhoseDiskWasFullIsStartedAgainAndHasWhatItHad(@TempDir Path folder) throws Exception {
        try (HostedBroker hosted = new HostedBroker(settings(folder))) {
            try (Connection connection = hosted.connect()) {
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                session.createProducer(Destinations.ORDERS).send(session.createTextMessage("an order"));
            }
            EmbeddedBroker first = hosted.broker();
            BrokerAddress address = first.address();
            assertThrows(RuntimeException.class, () -> first.fail(new IOException("No space left on device")));
            while (!first.hasStopped()) {
                Thread.sleep(10);
            }
            try (Connection connection = hosted.connect()) {
                connection.start();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer orders = session.createConsumer(Destinations.ORDERS);
                assertTrue(orders.receive(20_000) instanceof TextMessage order
                        && order.getText().equals("an order"));
            }
            assertEquals(address, hosted.broker().address());
        }
    }

    @Test
    void aBrokerThatIsClosedIsNotStartedAgain(@TempDir Path folder) throws Exception {
        HostedBroker hosted = new HostedBroker(settings(folder));
        hosted.connect().close();
        hosted.close();
        assertThrows(IOException.class, hosted::connect);
    }

    private static EmbeddedBroker.Settings settings(Path folder) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        return new EmbeddedBroker.Settings(
                new BrokerAddress(false, "127.0.0.1", port),
                TlsStores.NONE,
                folder,
                new Login("worker", "a password of workers"),
                Optional.empty(),
                32 << 20,
                1 << 30);
    }
}
