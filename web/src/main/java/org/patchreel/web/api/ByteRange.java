package org.patchreel.web.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.web.http.Refusal;

/**
 * A part of a file (RFC 9110, section 14).
 *
 * @param start of the first byte
 * @param length in bytes, 1 or more
 */
record ByteRange(long start, long length) {

    private static final Pattern ONE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})-(\\d{0,18})");

    /**
     * Reads a range.
     *
     * @param header {@code Range}
     * @param size of the file
     * @return the range; empty for several ranges or another unit: all of the file is answered then, as the RFC allows
     * @throws Refusal 416 if nothing of the file is in it
     */
    static Optional<ByteRange> parse(String header, long size) throws Refusal {
        Matcher range = ONE.matcher(header.strip());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        long first;
        long last;
        if (range.group(1).isEmpty()) {
            long tail = Math.min(size, Long.parseLong(range.group(2)));
            first = size - tail;
            last = size - 1;
        } else {
            first = Long.parseLong(range.group(1));
            last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
            if (last < first) {
                return unlessBeyond(first, size);
            }
            last = Math.min(last, size - 1);
        }
        if (first >= size || last < first) {
            throw beyond(size);
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    /** A range whose end is before its start is none. */
    private static Optional<ByteRange> unlessBeyond(long first, long size) throws Refusal {
        if (first >= size) {
            throw beyond(size);
        }
        return Optional.empty();
    }

    private static Refusal beyond(long size) {
        return new Refusal(416, "the file has " + size + " bytes").at("Range").with("Content-Range", "bytes */" + size);
    }

    /** {@return the value of {@code Content-Range}} */
    String header(long size) {
        return "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
}
