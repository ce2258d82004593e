package org.patchreel.impl.c2pa;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Copies a clip, makes room for a manifest behind {@code ftyp}, and hashes what the hard binding covers while it is written
 * (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_bmff_based_hash">C2PA 2.2,
 * 18.6</a>): for each outermost box but {@code ftyp} and the manifest its offset, then the whole box.
 */
final class SignedCopy {
    private static final long MAX_OFFSET_32 = 0xFFFF_FFFFL;
    private static final int PIECE = 1 << 24;
    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final FileChannel source;
    private final ClipLayout layout;
    private final ChunkOffsets offsets;
    private final long offsetLimit;

    private SignedCopy(Path file, FileChannel source, ClipLayout layout, ChunkOffsets offsets, long offsetLimit) {
        this.file = file;
        this.source = source;
        this.layout = layout;
        this.offsets = offsets;
        this.offsetLimit = offsetLimit;
    }

    /**
     * Reads and checks the clip's structure.
     *
     * @param source the clip
     * @param file for messages
     * @throws IOException if it cannot be read or cannot be signed; the message names file and reason
     */
    static SignedCopy of(FileChannel source, Path file) throws IOException {
        return of(source, file, MAX_OFFSET_32);
    }

    /**
     * As above.
     *
     * @param offsetLimit the largest chunk offset of 32 bits, for tests
     */
    static SignedCopy of(FileChannel source, Path file, long offsetLimit) throws IOException {
        ClipLayout layout = ClipLayout.read(source, file);
        return new SignedCopy(file, source, layout, ChunkOffsets.read(source, layout, file), offsetLimit);
    }

    /** {@return where the manifest stands in the copy} */
    long manifestPosition() {
        return layout.fileType().end();
    }

    /**
     * Writes the copy.
     *
     * @param target empty, open for writing and reading
     * @param manifestSize bytes that are left free for the manifest's box
     * @return the hash for the hard binding
     * @throws IOException if reading or writing fails, or the clip has changed
     */
    byte[] write(FileChannel target, int manifestSize) throws IOException {
        byte[] movie = offsets.moved(manifestSize, offsetLimit);
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        for (TopLevelBox box : layout.boxes()) {
            if (box.equals(layout.fileType())) {
                copy(box, target, buffer, null);
                target.position(target.position() + manifestSize);
                continue;
            }
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, target.position()));
            if (box.equals(layout.movie())) {
                digest.update(movie);
                writeFully(target, ByteBuffer.wrap(movie));
            } else {
                copy(box, target, buffer, digest);
            }
        }
        return digest.digest();
    }

    /**
     * Copies a box within the kernel, a piece at a time, and hashes what was written, which is still in memory then: a
     * clip that changes meanwhile does not get a wrong hash.
     */
    private void copy(TopLevelBox box, FileChannel target, ByteBuffer buffer, @Nullable MessageDigest digest)
            throws IOException {
        for (long position = box.position(); position < box.end(); ) {
            long start = target.position();
            long count = source.transferTo(position, Math.min(PIECE, box.end() - position), target);
            if (count <= 0) {
                throw new EOFException(file + ": was cut off at byte " + position);
            }
            if (digest != null) {
                hash(target, start, start + count, buffer, digest);
            }
            position += count;
        }
    }

    private static void hash(FileChannel written, long start, long end, ByteBuffer buffer, MessageDigest digest)
            throws IOException {
        for (long position = start; position < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            int count = written.read(buffer, position);
            if (count < 0) {
                throw new EOFException("the signed copy was cut off at byte " + position);
            }
            digest.update(buffer.flip());
            position += count;
        }
    }

    static void writeFully(FileChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
