package org.patchreel.broker.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import org.patchreel.broker.jms.FilePart;

/** Reads a source of the host, part by part: each is asked for when the one before is used up. Used by one thread. */
final class SourceFetch extends InputStream {

    /** Asks for a part. */
    interface Parts {

        /**
         * Asks, and waits for the answer.
         *
         * @param sha256 of the file
         * @param offset of the part
         * @return the part
         * @throws IOException if the host has no such file, or does not answer
         */
        FilePart ask(String sha256, long offset) throws IOException;
    }

    private final Parts parts;
    private final String sha256;
    private final BooleanSupplier cancelled;
    private byte[] bytes = new byte[0];
    private int position;
    private long offset;
    private boolean last;

    SourceFetch(Parts parts, String sha256, BooleanSupplier cancelled) {
        this.parts = parts;
        this.sha256 = sha256;
        this.cancelled = cancelled;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int begin, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == bytes.length) {
            if (last) {
                return -1;
            }
            if (cancelled.getAsBoolean()) {
                throw new IOException("cancelled");
            }
            FilePart part = parts.ask(sha256, offset);
            if (part.offset() != offset || (part.bytes().length == 0 && !part.last())) {
                throw new IOException("a part from " + part.offset() + " instead of one from " + offset);
            }
            bytes = part.bytes();
            position = 0;
            offset += bytes.length;
            last = part.last();
        }
        int count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, into, begin, count);
        position += count;
        return count;
    }
}
