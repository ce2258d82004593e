package org.patchreel.drill;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.kahadb.KahaDBStore;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.Destinations;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.TlsStores;

/** The store of a broker: filled to the brim, emptied again, and looked into when the broker has ended. */
final class BrokerStore {

    private static final ActiveMQQueue FILLER = Destinations.results("filler");
    private static final int BYTES = 256 << 10;
    private static final int WAIT_MILLIS = 1000;

    private final int port;

    /** @param port where the broker listens */
    BrokerStore(int port) {
        this.port = port;
    }

    private Connection connect(String user, String password) throws JMSException, IOException {
        Connection connection = Connector.to(
                        List.of(new BrokerAddress(false, "127.0.0.1", port)), TlsStores.NONE, new Login(user, password))
                .connect();
        connection.start();
        return connection;
    }

    /**
     * Sends messages that nobody reads for as long as the broker takes them.
     *
     * @return how many it took
     * @throws JMSException if it cannot be reached
     */
    int fill() throws JMSException, IOException {
        try (Connection connection = connect("worker", Homes.WORKERS_PASSWORD);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(FILLER)) {
            int sent = 0;
            try {
                for (; ; sent++) {
                    BytesMessage message = session.createBytesMessage();
                    message.writeBytes(new byte[BYTES]);
                    producer.send(message);
                }
            } catch (JMSException e) {
                return sent;
            }
        }
    }

    /**
     * Reads those messages.
     *
     * @return how many there were
     * @throws JMSException if the broker cannot be reached, or ends meanwhile
     */
    int empty() throws JMSException, IOException {
        try (Connection connection = connect("host", Homes.HOSTS_PASSWORD);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(FILLER)) {
            int read = 0;
            while (consumer.receive(WAIT_MILLIS) != null) {
                read++;
            }
            return read;
        }
    }

    /**
     * Looks into the store of a broker that has ended.
     *
     * @param folder of the broker
     * @return the queues that have messages, with their number
     */
    static Map<String, Long> left(Path folder) throws Exception {
        KahaDBStore store = new KahaDBStore();
        store.setDirectory(new File(folder.toFile(), "kahadb"));
        store.start();
        try {
            Map<String, Long> left = new TreeMap<>();
            for (ActiveMQDestination destination : store.getDestinations()) {
                if (destination instanceof ActiveMQQueue queue) {
                    MessageStore messages = store.createQueueMessageStore(queue);
                    messages.start();
                    if (messages.getMessageCount() > 0) {
                        left.put(queue.getPhysicalName(), (long) messages.getMessageCount());
                    }
                }
            }
            return left;
        } finally {
            store.stop();
        }
    }
}
