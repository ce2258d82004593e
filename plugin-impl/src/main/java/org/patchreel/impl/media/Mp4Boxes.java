package org.patchreel.impl.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The outermost boxes of an ISO base media file (ISO/IEC 14496-12, 4.2). */
final class Mp4Boxes {
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    /** No writer makes more outermost boxes than this; a file with millions of empty ones is not walked. */
    private static final int MAX_BOXES = 10_000;

    private Mp4Boxes() {}

    /**
     * Tells whether the index ({@code moov}) stands ahead of the data ({@code mdat}).
     *
     * @throws IOException if the file cannot be read, or is cut off or no such file
     */
    static boolean indexFirst(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(LARGE_HEADER);
            long position = 0;
            for (int box = 0; box < MAX_BOXES && position + HEADER <= channel.size(); box++) {
                header.clear().limit((int) Math.min(LARGE_HEADER, channel.size() - position));
                while (header.hasRemaining()) {
                    if (channel.read(header, position + header.position()) < 0) {
                        throw new EOFException(file + ": ended at byte " + (position + header.position()));
                    }
                }
                String type = new String(header.array(), 4, 4, StandardCharsets.ISO_8859_1);
                if (type.equals("moov")) {
                    return true;
                }
                if (type.equals("mdat")) {
                    return false;
                }
                long size = header.getInt(0) & 0xFFFF_FFFFL;
                if (size == 1 && header.limit() == LARGE_HEADER) {
                    size = header.getLong(8);
                }
                if (size < HEADER) {
                    throw new IOException(file + ": box " + type + " of " + size + " bytes at byte " + position);
                }
                position = Math.addExact(position, size);
            }
        } catch (ArithmeticException e) {
            throw new IOException(file + ": a box ends past the largest file", e);
        }
        throw new IOException(file + ": no moov box");
    }
}
