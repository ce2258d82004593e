package org.patchreel.web.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends an answer by a servlet of either generation. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private static final int BUFFER = 1 << 16;

    private Delivery() {}

    /** A servlet's response. */
    interface Outlet {

        void status(int status);

        void contentType(String type);

        void header(String name, String value);

        void length(long bytes);

        /** {@return the body, which is written by waiting} */
        OutputStream body() throws IOException;

        /** {@return the body, which goes on when the servlet's thread has left} */
        EventStream events() throws IOException;
    }

    /**
     * Sends an answer.
     *
     * @throws IOException if its file cannot be read; the client learns by the length that something is missing
     */
    static void send(Request request, Response answer, Outlet to) throws IOException {
        to.status(answer.status());
        if (!answer.contentType().isEmpty()) {
            to.contentType(answer.contentType());
        }
        answer.headers().forEach(to::header);
        Body body = answer.body();
        if (body instanceof Body.Events events) {
            events.subscriber().accept(to.events());
            return;
        }
        if (answer.status() != 204 && answer.status() != 304) {
            to.length(body.length());
        }
        boolean asked = !request.method().equals("HEAD");
        if (body instanceof Body.Part part) {
            try (SeekableByteChannel file = part.file()) {
                if (asked) {
                    copy(file, part, to.body());
                }
            }
        } else if (body instanceof Body.Bytes bytes && asked && bytes.length() > 0) {
            to.body().write(bytes.content());
            if (answer.status() >= 400) {
                to.body().flush();
                RefusedBody.drain(request);
            }
        }
    }

    private static void copy(SeekableByteChannel file, Body.Part part, OutputStream to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        file.position(part.start());
        long left = part.length();
        while (left > 0) {
            buffer.clear().limit((int) Math.min(BUFFER, left));
            int read = file.read(buffer);
            if (read < 0) {
                throw new IOException("the file has become shorter: " + left + " bytes are missing");
            }
            left -= read;
            try {
                to.write(buffer.array(), 0, read);
            } catch (IOException e) {
                LOG.debug("A client has gone away", e);
                return;
            }
        }
    }
}
