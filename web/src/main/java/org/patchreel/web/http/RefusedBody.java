package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of the body of a request that was refused. A client that still sends when the connection is closed may lose the
 * answer (RFC 9112, section 9.6): some more is read and thrown away.
 */
final class RefusedBody {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedBody.class);

    private static final long MAX_BYTES = 16 << 20;
    private static final Duration MAX_TIME = Duration.ofSeconds(2);
    private static final int BUFFER = 1 << 16;

    /** Each keeps a thread of the host; who finds no place may lose its answer. */
    private static final Semaphore PLACES = new Semaphore(4);

    private RefusedBody() {}

    static void drain(Request request) {
        boolean mayHaveOne =
                !request.method().equals("GET") && !request.method().equals("HEAD") && request.contentLength() != 0;
        if (!mayHaveOne || !PLACES.tryAcquire()) {
            return;
        }
        Deadline deadline = new Deadline(MAX_TIME);
        try {
            InputStream body = request.body();
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int read = 0; read >= 0 && total < MAX_BYTES; read = body.read(buffer)) {
                total += read;
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A client has gone away, or is slow", e);
        } finally {
            deadline.close();
            PLACES.release();
        }
    }
}
