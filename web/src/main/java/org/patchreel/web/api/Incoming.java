package org.patchreel.web.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Bodies of requests: a few at a time, each of limited size, and each within limited time. Safe for use from any thread.
 */
final class Incoming {

    private final Semaphore places;
    private final Duration time;

    /**
     * Creates limits.
     *
     * @param atOnce bodies that are read at the same time
     * @param time for one body
     */
    Incoming(int atOnce, Duration time) {
        this.places = new Semaphore(atOnce);
        this.time = time;
    }

    /** Reads a body. */
    interface Reading<T> {
        T read(InputStream body) throws IOException, Refusal;
    }

    /** The body ends before it is complete: the client has gone, most likely. */
    static final class BrokenOffException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenOffException(IOException cause) {
            super(cause);
        }
    }

    /** The client sends too slowly. */
    static final class SlowException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Has a body read.
     *
     * @throws Refusal 413 if it is said to be too large, 408 if it takes too long, 503 if too many are read
     */
    <T> T read(Request request, long maxBytes, Reading<T> reading) throws IOException, Refusal {
        if (request.contentLength() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (!places.tryAcquire()) {
            throw Refusal.busy("others are sending: try again");
        }
        try (InputStream body = new Timely(request.body(), System.nanoTime() + time.toNanos())) {
            return reading.read(body);
        } catch (SlowException e) {
            throw new Refusal(408, "a body must arrive within " + time.toSeconds() + " seconds");
        } catch (BrokenOffException e) {
            throw new Refusal(400, "the body broke off");
        } finally {
            places.release();
        }
    }

    /**
     * {@return all bytes of a body}
     *
     * @throws Refusal as above
     */
    byte[] bytes(Request request, int maxBytes) throws IOException, Refusal {
        return read(request, maxBytes, body -> {
            byte[] bytes = body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return bytes;
        });
    }

    static Refusal tooLarge(long maxBytes) {
        return new Refusal(413, "the body may have at most " + maxBytes + " bytes");
    }

    private static final class Timely extends FilterInputStream {
        private final long end;

        Timely(InputStream body, long end) {
            super(body);
            this.end = end;
        }

        private void check() throws IOException {
            if (System.nanoTime() - end > 0) {
                throw new SlowException();
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read;
            try {
                read = super.read(to, offset, length);
            } catch (IOException e) {
                throw new BrokenOffException(e);
            }
            check();
            return read;
        }
    }
}
