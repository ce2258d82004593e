package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the lines of a file of a log, one after the other, none of them longer than a record. Used by one thread. */
final class Lines implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;

    Lines(Path file) throws IOException {
        in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** A line. */
    static final class Line {

        private final byte[] bytes;
        private final Optional<String> fault;

        /**
         * Takes the bytes over.
         *
         * @param bytes without the end; as many as were read of one that is too long
         * @param fault what is wrong with it: {@code it is longer than N bytes}, {@code it has no end}
         */
        Line(byte[] bytes, Optional<String> fault) {
            this.bytes = bytes;
            this.fault = fault;
        }

        /** {@return the bytes, which nobody changes} */
        byte[] bytes() {
            return bytes;
        }

        /** {@return what is wrong with it} */
        Optional<String> fault() {
            return fault;
        }

        /**
         * {@return the record}
         *
         * @throws IllegalArgumentException if it is none; the message says why
         */
        AuditRecord toRecord() {
            if (fault.isPresent()) {
                throw new IllegalArgumentException(fault.get());
            }
            try {
                return AuditRecord.parse(
                        UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("it is not UTF-8", e);
            }
        }
    }

    /** {@return the next line; empty at the end of the file} */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return Optional.of(new Line(bytes.toByteArray(), Optional.empty()));
            }
            bytes.write(b);
            if (bytes.size() > AuditRecord.MAX_LINE) {
                return Optional.of(new Line(
                        bytes.toByteArray(), Optional.of("it is longer than " + AuditRecord.MAX_LINE + " bytes")));
            }
        }
        return bytes.size() == 0
                ? Optional.empty()
                : Optional.of(new Line(bytes.toByteArray(), Optional.of("it has no end")));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
