package org.patchreel.broker.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.List;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.ActiveMQSslConnectionFactory;
import org.apache.activemq.RedeliveryPolicy;
import org.patchreel.broker.wire.Wire;

/** Opens connections to a broker. */
public final class Connector {

    private static final int CONNECT_MILLIS = 10_000;
    static final int CLOSE_MILLIS = 5_000;
    private static final int SEND_MILLIS = 60_000;

    private static final String OPTIONS = "?connectionTimeout=" + CONNECT_MILLIS
            + "&wireFormat.maxInactivityDuration=30000&wireFormat.maxFrameSize=" + Wire.MAX_FRAME_BYTES;

    private static final String TLS_OPTIONS = "&socket.verifyHostName=true&socket.enabledProtocols=TLSv1.3";

    private final List<String> urls;
    private final TlsStores tls;
    private final Login login;

    private Connector(List<String> urls, TlsStores tls, Login login) {
        this.urls = urls;
        this.tls = tls;
        this.login = login;
    }

    /**
     * Reaches a broker by its addresses.
     *
     * @param addresses tried in turn
     * @param tls keys, if there are any
     * @param login who logs in
     * @return a connector
     */
    public static Connector to(List<BrokerAddress> addresses, TlsStores tls, Login login) {
        return new Connector(
                addresses.stream()
                        .map(address -> address + OPTIONS + (address.tls() ? TLS_OPTIONS : ""))
                        .toList(),
                tls,
                login);
    }

    /** Reaches the broker of this process. */
    static Connector within(String broker, Login login) {
        return new Connector(List.of("vm://" + broker + "?create=false&waitForStart=10000"), TlsStores.NONE, login);
    }

    /**
     * Connects and logs in. The connection is not started.
     *
     * @return a connection
     * @throws JMSException if no address can be reached, or the login is refused; the message is that of the last address
     * @throws IOException if a key store cannot be read
     */
    public Connection connect() throws JMSException, IOException {
        JMSException failure = new JMSException("no address");
        for (String url : urls) {
            Connection connection = factory(url).createConnection();
            try {
                // the login is sent with the first session
                connection.createSession(false, Session.AUTO_ACKNOWLEDGE).close();
                return connection;
            } catch (JMSException e) {
                failure = e;
                close(connection);
            }
        }
        throw failure;
    }

    private ActiveMQConnectionFactory factory(String url) throws IOException {
        ActiveMQConnectionFactory factory;
        if (url.startsWith("ssl:")) {
            ActiveMQSslConnectionFactory encrypted = new ActiveMQSslConnectionFactory(url);
            encrypted.setKeyAndTrustManagers(tls.keyManagers(), tls.trustManagers(), null);
            factory = encrypted;
        } else {
            factory = new ActiveMQConnectionFactory(url);
        }
        factory.setUserName(login.user());
        factory.setPassword(login.password());
        // texts and bytes alone: no object is ever read
        factory.setTrustAllPackages(false);
        factory.setTrustedPackages(List.of());
        factory.setWatchTopicAdvisories(false);
        factory.setCloseTimeout(CLOSE_MILLIS);
        factory.setConnectResponseTimeout(CONNECT_MILLIS);
        factory.setSendTimeout(SEND_MILLIS);
        // a broker that has no room says so to the sender, and not to the connection, which would be given up
        factory.setAlwaysSyncSend(true);
        ActiveMQPrefetchPolicy prefetch = new ActiveMQPrefetchPolicy();
        prefetch.setQueuePrefetch(1);
        factory.setPrefetchPolicy(prefetch);
        RedeliveryPolicy redelivery = new RedeliveryPolicy();
        // hosts count the tries
        redelivery.setMaximumRedeliveries(RedeliveryPolicy.NO_MAXIMUM_REDELIVERIES);
        factory.setRedeliveryPolicy(redelivery);
        return factory;
    }

    /** Closes a connection that may be broken. */
    static void close(Connection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            // it is gone
        }
    }
}
