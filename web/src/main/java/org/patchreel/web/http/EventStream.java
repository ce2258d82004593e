package org.patchreel.web.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent
 * events</a>), without a thread of their own: what the connection does not take now waits here, the latest of each key, until
 * the connection is ready. A client that does not read is let go. Safe for use from any thread; senders never wait.
 */
public final class EventStream {

    /** The connection, as the servlets of one generation offer it. Called by one thread at a time. */
    interface Connection {

        /** {@return whether something can be written without waiting; if not, {@link #ready} is called when it can} */
        boolean isReady();

        /**
         * Writes, after {@link #isReady} has returned true.
         *
         * @throws IOException if the client is gone
         */
        void write(byte[] bytes) throws IOException;

        /**
         * Sends what was written, after {@link #isReady} has returned true.
         *
         * @throws IOException if the client is gone
         */
        void flush() throws IOException;

        /** Ends the answer. */
        void complete();
    }

    /** Maximum number of events that wait for a client, of different keys. */
    private static final int MAX_WAITING = 2000;

    private static final int MAX_UNREAD = 8;

    private static final String BEAT = "\n";

    private final Connection connection;
    private final AtomicInteger demands = new AtomicInteger();

    /** Guarded by this. */
    private final Map<String, byte[]> waiting = new LinkedHashMap<>();

    /** Comments in turn that found the one before unread. Guarded by this. */
    private int unread;

    private volatile boolean started;
    private volatile boolean ending;

    /** Guarded by this for changes. */
    private volatile boolean closed;

    private Runnable end = () -> {};

    /** Of the one thread that pushes. */
    private boolean unsent;

    EventStream(Connection connection) {
        this.connection = connection;
    }

    /**
     * Sends an event. One of the same key that was not sent yet is dropped for it.
     *
     * @param key of what the event tells
     * @param event with its empty line at the end
     * @return whether the stream is open
     */
    public boolean send(String key, String event) {
        boolean full;
        synchronized (this) {
            if (closed || ending) {
                return false;
            }
            waiting.remove(key);
            waiting.put(key, event.getBytes(UTF_8));
            full = waiting.size() > MAX_WAITING;
        }
        if (full) {
            close();
            return false;
        }
        push();
        return true;
    }

    /**
     * Sends a comment, so that what is between keeps the connection open. Closes the stream if the client has not read for
     * {@value #MAX_UNREAD} of them; servers notice sooner, most of them.
     *
     * @return whether the stream is open
     */
    public boolean beat() {
        boolean deaf;
        synchronized (this) {
            unread = waiting.containsKey(BEAT) ? unread + 1 : 0;
            deaf = unread >= MAX_UNREAD;
        }
        if (deaf) {
            close();
            return false;
        }
        return send(BEAT, ":\n\n");
    }

    /** Ends the stream when all that waits was sent. */
    public void end() {
        ending = true;
        push();
    }

    /** Ends the stream now. Does nothing if it has ended. */
    public void close() {
        Runnable ended;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
            ended = end;
        }
        try {
            connection.complete();
        } finally {
            ended.run();
        }
    }

    /**
     * Says what to do when the stream has ended, whoever ended it; at once if it has.
     *
     * @param action to run once
     */
    public void onEnd(Runnable action) {
        synchronized (this) {
            if (!closed) {
                end = action;
                return;
            }
        }
        action.run();
    }

    /** The connection takes something again. */
    void ready() {
        started = true;
        push();
    }

    /** One thread pushes; others leave their demand to it. */
    private void push() {
        if (demands.getAndIncrement() > 0) {
            return;
        }
        int met = 1;
        do {
            try {
                write();
            } catch (IOException | RuntimeException e) {
                close(); // the client is gone, and asks again if it wants to
            }
            met = demands.addAndGet(-met);
        } while (met > 0);
    }

    private void write() throws IOException {
        while (started && !closed && connection.isReady()) {
            byte[] next = next();
            if (next != null) {
                connection.write(next);
                unsent = true;
            } else if (unsent) {
                unsent = false;
                connection.flush();
            } else if (ending) {
                close();
            } else {
                return;
            }
        }
    }

    private synchronized byte @Nullable [] next() {
        Iterator<byte[]> all = waiting.values().iterator();
        if (!all.hasNext()) {
            return null;
        }
        byte[] first = all.next();
        all.remove();
        return first;
    }
}
