package org.patchreel.web.http;

import java.nio.channels.SeekableByteChannel;
import java.util.function.Consumer;

/** What an answer has besides its headers. */
sealed interface Body {

    /** {@return length in bytes; -1 if it has no end yet} */
    long length();

    /** Bytes that are held in memory. */
    final class Bytes implements Body {

        private final byte[] content;

        Bytes(byte[] content) {
            this.content = content;
        }

        byte[] content() {
            return content;
        }

        @Override
        public long length() {
            return content.length;
        }
    }

    /**
     * A part of a file.
     *
     * @param file is open; whoever sends the part closes it
     * @param start of the part in the file
     * @param length of the part
     */
    record Part(SeekableByteChannel file, long start, long length) implements Body {}

    /**
     * Events as they happen.
     *
     * @param subscriber is given the stream to send them by, and returns at once
     */
    record Events(Consumer<EventStream> subscriber) implements Body {
        @Override
        public long length() {
            return -1;
        }
    }
}
