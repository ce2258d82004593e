package org.patchreel.broker.jms;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import org.patchreel.broker.wire.WireMessage;

/** Sends messages, each at once. Safe for use from any thread. */
public final class Sender {

    private final Session session;
    private final MessageProducer producer;

    /**
     * Creates a session.
     *
     * @param connection it belongs to
     * @throws JMSException if it cannot be created
     */
    public Sender(Connection connection) throws JMSException {
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        producer = session.createProducer(null);
    }

    /** Makes a message of a session. */
    public interface Making {

        /**
         * Makes it.
         *
         * @param session that sends it
         * @return the message
         * @throws JMSException if it cannot be made
         */
        Message make(Session session) throws JMSException;
    }

    /**
     * Sends a message that nobody need get: what it tells is told again, or is worth nothing later.
     *
     * @param destination where it goes
     * @param message what it tells
     * @throws JMSException if the connection is lost
     */
    public void tell(Destination destination, WireMessage message) throws JMSException {
        send(destination, false, session -> session.createTextMessage(message.text()));
    }

    /**
     * Sends a message that outlives the broker. When this returns, it is on the broker's disk.
     *
     * @param destination where it goes
     * @param message what it tells
     * @throws JMSException if it may not have arrived
     */
    public void keep(Destination destination, WireMessage message) throws JMSException {
        send(destination, true, session -> session.createTextMessage(message.text()));
    }

    /**
     * Sends any message.
     *
     * @param destination where it goes
     * @param persistent whether it outlives the broker
     * @param making makes it
     * @throws JMSException if it may not have arrived
     */
    public synchronized void send(Destination destination, boolean persistent, Making making) throws JMSException {
        producer.send(
                destination,
                making.make(session),
                persistent ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
                Message.DEFAULT_PRIORITY,
                Message.DEFAULT_TIME_TO_LIVE);
    }
}
