package org.patchreel.broker.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a broker in this process. It is started by the first connection, and started again by the next one when it has stopped by
 * itself because its disk was full or failed: it reads its store then as after a crash. Safe for use from any thread.
 */
public final class HostedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostedBroker.class);

    private final EmbeddedBroker.Settings settings;
    private @Nullable EmbeddedBroker running;
    private boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param settings how the broker runs
     */
    public HostedBroker(EmbeddedBroker.Settings settings) {
        this.settings = settings;
    }

    /**
     * Connects the host whose process this is.
     *
     * @return a connection that is not started
     * @throws IOException if the broker cannot be started
     * @throws JMSException if it has stopped just now
     */
    public Connection connect() throws IOException, JMSException {
        return broker().connector().connect();
    }

    synchronized EmbeddedBroker broker() throws IOException {
        if (closed) {
            throw new IOException("the broker is closed");
        }
        EmbeddedBroker now = running;
        if (now != null && !now.hasStopped()) {
            return now;
        }
        if (now != null) {
            LOG.warn("The broker has stopped because its store could not be written, it is started again");
            now.close();
            running = null;
        }
        EmbeddedBroker started = EmbeddedBroker.start(settings);
        running = started;
        LOG.info("The broker listens at {}", started.address());
        return started;
    }

    /** Stops the broker. */
    @Override
    public synchronized void close() {
        closed = true;
        if (running != null) {
            running.close();
        }
    }
}
