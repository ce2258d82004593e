package org.patchreel.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of the generator's events for all jobs (<a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>), while there are any. Events are an
 * improvement on asking and never needed: a stream that fails is opened again with longer and longer pauses, and after some failures
 * in a row, or one that will not pass, not for ten minutes. Has one thread while a stream is open, and none otherwise.
 */
final class JobEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobEvents.class);

    /** What happens on the stream, in its thread. */
    interface Listener {

        /** {@return whether events are wanted; asked at each line, the signs of life among them} */
        boolean isWanted();

        /** Events may have been missed. */
        void missed();

        /** A job has changed. */
        void changed(JsonNode job);
    }

    /** A job with its prompt has less. */
    private static final int MAX_EVENT = 1 << 20;

    /** The generator sends a sign of life every 15 seconds. */
    private static final Duration MIN_PATIENCE = Duration.ofSeconds(45);

    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    private static final Duration REST = Duration.ofMinutes(10);
    private static final int MAX_FAILURES = 5;
    private static final int MAX_ID = 100;

    private final RemoteConnection connection;
    private final Listener listener;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread created = new Thread(task, "patchreel-remote-events");
                created.setDaemon(true);
                return created;
            });

    private volatile boolean live;

    /** Guarded by this, as is all below but what the stream's thread has alone. */
    private boolean open;

    private long restUntil = System.nanoTime();

    /** Of the stream's thread. */
    private String lastId = "";

    private int failures;

    /**
     * Opens no stream yet.
     *
     * @param connection to the generator
     * @param listener hears of changes
     */
    JobEvents(RemoteConnection connection, Listener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /** {@return whether the stream is open and has told of a change: what is between may hold events back} */
    boolean isLive() {
        return live;
    }

    /** Opens the stream unless it is open, has failed a moment ago, or is closed. Does not wait. */
    synchronized void open() {
        if (open || System.nanoTime() - restUntil < 0) {
            return;
        }
        try {
            thread.execute(this::follow);
            open = true;
        } catch (RejectedExecutionException e) {
            // it is closed, or the thread of the last stream has not ended: the next call opens it
        }
    }

    private void follow() {
        Duration pause = Duration.ZERO;
        try {
            RemoteApi api = connection.api();
            pause = api.settings().firstPause();
            Duration silence = api.settings().requestTimeout();
            Call call = Call.get("/events").with("Accept", "text/event-stream");
            api.stream(
                    lastId.isEmpty() ? call : call.with("Last-Event-ID", lastId),
                    silence.compareTo(MIN_PATIENCE) > 0 ? silence : MIN_PATIENCE,
                    this::read);
            failures++; // it ended in order; an event since has set this to 0
        } catch (RemoteFailure e) {
            failures = e.isPassing() ? failures + 1 : MAX_FAILURES;
            LOG.debug("Events of jobs: {}", e.getMessage());
            pause = e.retryAfter().orElse(pause);
        } catch (IllegalStateException e) {
            failures = MAX_FAILURES; // this installation stops
        } finally {
            live = false;
            rest(pause);
        }
    }

    private synchronized void rest(Duration pause) {
        Duration longer = pause.multipliedBy(1L << Math.min(failures, MAX_FAILURES));
        Duration bounded = longer.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : longer;
        if (failures >= MAX_FAILURES) {
            failures = 0;
            lastId = "";
            bounded = REST;
        }
        restUntil = System.nanoTime() + bounded.toNanos();
        open = false;
    }

    /** Reads events until the stream ends or nobody wants them any more. */
    private boolean read(HttpResponse<InputStream> answer) throws IOException {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (answer.statusCode() != 200 || !type.matches("(?i)text/event-stream\\s*(;.*)?")) {
            throw RemoteFailure.lasting(connection.api().name() + " sends no events", null);
        }
        if (lastId.isEmpty()) {
            listener.missed();
        }
        try (InputStream body = new BufferedInputStream(answer.body())) {
            String event = "";
            String id = lastId;
            StringBuilder data = new StringBuilder();
            for (Optional<String> line = line(body); line.isPresent() && listener.isWanted(); line = line(body)) {
                String text = line.get();
                if (text.isEmpty()) {
                    lastId = id;
                    tell(event, data.toString());
                    event = "";
                    data.setLength(0);
                    continue;
                }
                int colon = text.indexOf(':');
                String name = colon < 0 ? text : text.substring(0, colon);
                String value = colon < 0 ? "" : text.substring(colon + 1).replaceFirst("^ ", "");
                switch (name) {
                    case "event" -> event = value;
                    case "data" -> append(data, value);
                    case "id" -> id = value.matches("[!-~]{1," + MAX_ID + "}") ? value : "";
                    default -> {
                        // a comment, or what this does not need
                    }
                }
            }
            return true;
        }
    }

    private static void append(StringBuilder data, String value) throws IOException {
        if (data.length() + value.length() > MAX_EVENT) {
            throw new IOException("an event has more than " + MAX_EVENT + " characters");
        }
        data.append(data.isEmpty() ? "" : "\n").append(value);
    }

    private void tell(String event, String data) throws IOException {
        if (event.equals("reset")) {
            listener.missed();
        } else if (event.equals("job")) {
            live = true;
            listener.changed(RemoteApi.tree(data));
        } else {
            return;
        }
        failures = 0;
    }

    /** {@return the next line; empty at the end} */
    private static Optional<String> line(InputStream body) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = body.read(); next >= 0; next = body.read()) {
            if (next == '\n') {
                String text = line.toString(UTF_8);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            if (line.size() == MAX_EVENT) {
                throw new IOException("a line of events has more than " + MAX_EVENT + " bytes");
            }
            line.write(next);
        }
        return Optional.empty();
    }

    /** Ends the stream and its thread. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
