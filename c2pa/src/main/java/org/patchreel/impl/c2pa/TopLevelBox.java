package org.patchreel.impl.c2pa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An outermost box of a file.
 *
 * @param type four letters
 * @param position of its first byte in the file
 * @param size with its header
 * @param headerSize 8, or 16 with a size of 64 bits
 */
record TopLevelBox(int type, long position, long size, int headerSize) {
    static final int FTYP = 0x66747970;
    static final int MOOV = 0x6d6f6f76;
    static final int MDAT = 0x6d646174;
    static final int META = 0x6d657461;

    long end() {
        return position + size;
    }

    /** A type as its four letters, for messages. */
    static String name(int type) {
        byte[] letters = ByteBuffer.allocate(4).putInt(type).array();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] < ' ' || letters[i] > '~') {
                letters[i] = '?';
            }
        }
        return new String(letters, StandardCharsets.US_ASCII);
    }
}
