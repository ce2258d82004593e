package org.patchreel.broker.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to a broker: opens one, and another one when it is lost, for as long as it is not closed. A broker that is
 * down, at the start or later, is tried again and again. Safe for use from any thread.
 */
public final class Link implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Who uses the connection. */
    public interface Peer {

        /**
         * Sets up sessions and consumers. Called before the connection is started, by the thread of the link.
         *
         * @param connection a new one
         * @throws JMSException if that fails: the connection is closed, and another one is opened later
         */
        void connected(Connection connection) throws JMSException;

        /** Forgets what belonged to the connection, which is lost or closed. */
        void disconnected();
    }

    /** Opens connections. */
    public interface Opening {

        /**
         * Opens one.
         *
         * @return it, not started
         * @throws JMSException if the broker cannot be reached or refuses
         * @throws IOException if a file is missing that this needs
         */
        Connection open() throws JMSException, IOException;
    }

    private final Opening opening;
    private final Peer peer;
    private final Duration retry;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile CountDownLatch lost = new CountDownLatch(1);
    private volatile boolean connected;
    private volatile @Nullable String problem;

    /**
     * Begins to connect.
     *
     * @param name of the thread
     * @param opening opens connections
     * @param peer uses them
     * @param retry how long to wait after a failure
     */
    public Link(String name, Opening opening, Peer peer, Duration retry) {
        this.opening = opening;
        this.peer = peer;
        this.retry = retry;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        // ActiveMQ finds its parts by it; threads that it starts inherit it
        thread.setContextClassLoader(Link.class.getClassLoader());
        thread.start();
    }

    private void run() {
        boolean told = false;
        while (closing.getCount() > 0) {
            try {
                hold();
                told = false;
            } catch (JMSException | IOException | RuntimeException e) {
                String message = String.valueOf(e.getMessage());
                problem = message;
                if (!told) {
                    LOG.warn("The broker cannot be used, it is tried again every {} s: {}", retry.toSeconds(), message);
                    LOG.debug("The broker cannot be used", e);
                }
                told = true;
            }
            try {
                if (closing.await(retry.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Opens a connection and waits until it is lost. */
    private void hold() throws JMSException, IOException {
        CountDownLatch end = new CountDownLatch(1);
        lost = end;
        Connection connection = opening.open();
        try {
            connection.setExceptionListener(e -> {
                problem = "the connection was lost: " + e.getMessage();
                end.countDown();
            });
            peer.connected(connection);
            connection.start();
            problem = null;
            connected = true;
            LOG.info("The broker is connected");
            end.await();
            if (closing.getCount() > 0) {
                LOG.warn("The connection to the broker was lost, it is opened again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connected = false;
            peer.disconnected();
            Connector.close(connection);
        }
    }

    /** Opens another connection: something of this one does not work any more. */
    public void renew() {
        lost.countDown();
    }

    /** {@return whether there is a connection} */
    public boolean isConnected() {
        return connected;
    }

    /** {@return why there is no connection, in one line; empty while there is one, and before the first attempt ended} */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Closes the connection and opens no other. */
    @Override
    public void close() {
        closing.countDown();
        lost.countDown();
        try {
            thread.join(Connector.CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
