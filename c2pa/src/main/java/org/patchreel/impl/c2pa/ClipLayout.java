package org.patchreel.impl.c2pa;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The outermost boxes of a clip that a manifest can be put into: an ISO base media file (ISO/IEC 14496-12) with one {@code
 * ftyp} ahead of one {@code moov}, not fragmented, without a manifest.
 *
 * @param boxes in the order of the file, which they fill
 * @param fileType {@code ftyp}; the manifest goes behind it
 * @param movie {@code moov}
 */
record ClipLayout(List<TopLevelBox> boxes, TopLevelBox fileType, TopLevelBox movie) {
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    /** No writer makes more outermost boxes than this; a file with millions of empty ones is not walked. */
    private static final int MAX_BOXES = 10_000;

    /** moof, mfra, sidx, ssix, styp, mfro: what only a fragmented file has. */
    private static final Set<Integer> FRAGMENTED =
            Set.of(0x6d6f6f66, 0x6d667261, 0x73696478, 0x73736978, 0x73747970, 0x6d66726f);

    /**
     * Walks the boxes.
     *
     * @throws IOException if the file cannot be read or is no such clip; the message names the file and what is wrong
     */
    static ClipLayout read(FileChannel channel, Path file) throws IOException {
        List<TopLevelBox> boxes = new ArrayList<>();
        long length = channel.size();
        for (long position = 0; position < length; ) {
            if (boxes.size() == MAX_BOXES) {
                throw new IOException(file + ": more than " + MAX_BOXES + " boxes");
            }
            TopLevelBox box = box(channel, file, position, length);
            boxes.add(box);
            position = box.end();
        }
        TopLevelBox fileType = single(boxes, TopLevelBox.FTYP, file);
        TopLevelBox movie = single(boxes, TopLevelBox.MOOV, file);
        for (TopLevelBox box : boxes) {
            boolean first = box.position() < fileType.position();
            if (first && (box.type() == TopLevelBox.MOOV || box.type() == TopLevelBox.MDAT)) {
                throw new IOException(file + ": " + TopLevelBox.name(box.type()) + " ahead of ftyp");
            }
        }
        return new ClipLayout(List.copyOf(boxes), fileType, movie);
    }

    private static TopLevelBox box(FileChannel channel, Path file, long position, long length) throws IOException {
        long left = length - position;
        if (left < HEADER) {
            throw new IOException(file + ": " + left + " bytes at byte " + position + " are not a box");
        }
        ByteBuffer start = read(channel, position, (int) Math.min(left, LARGE_HEADER + 16));
        int type = start.getInt(4);
        long size = Integer.toUnsignedLong(start.getInt(0));
        int headerSize = HEADER;
        if (size == 0) {
            size = left;
        } else if (size == 1 && left >= LARGE_HEADER) {
            size = start.getLong(8);
            headerSize = LARGE_HEADER;
        }
        if (size < headerSize || size > left) {
            throw new IOException(file + ": box " + TopLevelBox.name(type) + " of " + Long.toUnsignedString(size)
                    + " bytes at byte " + position + ", where " + left + " are left");
        }
        if (FRAGMENTED.contains(type)) {
            throw new IOException(file + ": is a fragmented MP4 (" + TopLevelBox.name(type) + "), which is not signed");
        }
        if (type == ManifestBox.UUID && size >= headerSize + 16) {
            byte[] extendedType = new byte[16];
            start.get(headerSize, extendedType);
            if (Arrays.equals(extendedType, ManifestBox.extendedType())) {
                throw new IOException(file + ": carries a C2PA manifest already");
            }
        }
        return new TopLevelBox(type, position, size, headerSize);
    }

    private static TopLevelBox single(List<TopLevelBox> boxes, int type, Path file) throws IOException {
        List<TopLevelBox> found =
                boxes.stream().filter(box -> box.type() == type).toList();
        if (found.size() != 1) {
            throw new IOException(file + ": " + (found.isEmpty() ? "no" : "more than one") + " "
                    + TopLevelBox.name(type) + " box: not an MP4 that can be signed");
        }
        return found.get(0);
    }

    /** Reads bytes that must be there. */
    static ByteBuffer read(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("the file was cut off at byte " + (position + bytes.position()));
            }
        }
        return bytes.flip();
    }
}
