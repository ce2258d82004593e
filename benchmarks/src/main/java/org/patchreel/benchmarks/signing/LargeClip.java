package org.patchreel.benchmarks.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * An MP4 file that is nothing but large: {@code ftyp}, a {@code moov} with one table of chunk offsets, one for each MiB of
 * data, and random bytes in {@code mdat}.
 */
final class LargeClip {
    private static final int CHUNK = 1 << 20;

    private LargeClip() {}

    /**
     * Writes one.
     *
     * @param chunks MiB of data, less than 4096
     * @throws IOException if it cannot be written
     */
    static void write(Path file, int chunks) throws IOException {
        byte[] ftyp = box(
                "ftyp",
                ByteBuffer.allocate(12).put("isom".getBytes(US_ASCII)).putInt(0).put("isom".getBytes(US_ASCII)));
        int movieSize = movie(0, chunks).length;
        byte[] movie = movie(ftyp.length + movieSize + 16, chunks);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(ftyp);
            out.write(movie);
            out.write(ByteBuffer.allocate(16)
                    .putInt(1)
                    .put("mdat".getBytes(US_ASCII))
                    .putLong(16 + (long) chunks * CHUNK)
                    .array());
            Random random = new Random(1);
            byte[] chunk = new byte[CHUNK];
            for (int i = 0; i < chunks; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
    }

    private static byte[] movie(int firstChunk, int chunks) {
        ByteBuffer table =
                ByteBuffer.allocate(8 + Integer.BYTES * chunks).putInt(0).putInt(chunks);
        for (int i = 0; i < chunks; i++) {
            table.putInt(firstChunk + i * CHUNK);
        }
        byte[] box = box("stco", table);
        for (String container : new String[] {"stbl", "minf", "mdia", "trak", "moov"}) {
            box = box(container, ByteBuffer.wrap(box).position(box.length));
        }
        return box;
    }

    /** A box around what a full buffer holds. */
    private static byte[] box(String type, ByteBuffer content) {
        return ByteBuffer.allocate(8 + content.capacity())
                .putInt(8 + content.capacity())
                .put(type.getBytes(US_ASCII))
                .put(content.flip())
                .array();
    }
}
