package org.patchreel.impl.c2pa;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/**
 * Copies a clip, makes room for a manifest behind {@code ftyp}, and hashes what the hard binding covers while it is written
 * (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_bmff_based_hash">C2PA 2.2,
 * 18.6</a>): for each outermost box but {@code ftyp} and the manifest its offset, then the whole box.
 */
final class ClipCopy implements SignedCopy {
    private static final long MAX_OFFSET_32 = 0xFFFF_FFFFL;

    /** Smaller copies are better kept in memory: they will be read soon. */
    static final long LARGE = 256 << 20;

    private final Path file;
    private final FileChannel source;
    private final ClipLayout layout;
    private final ChunkOffsets offsets;
    private final long offsetLimit;

    private ClipCopy(Path file, FileChannel source, ClipLayout layout, ChunkOffsets offsets, long offsetLimit) {
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
    static ClipCopy of(FileChannel source, Path file) throws IOException {
        return of(source, file, MAX_OFFSET_32);
    }

    /**
     * As above.
     *
     * @param offsetLimit the largest chunk offset of 32 bits, for tests
     */
    static ClipCopy of(FileChannel source, Path file, long offsetLimit) throws IOException {
        ClipLayout layout = ClipLayout.read(source, file);
        return new ClipCopy(file, source, layout, ChunkOffsets.read(source, layout, file), offsetLimit);
    }

    @Override
    public boolean isTimed() {
        return true;
    }

    @Override
    public long manifestPosition() {
        return layout.fileType().end();
    }

    @Override
    public boolean isLarge() {
        return layout.boxes().get(layout.boxes().size() - 1).end() >= LARGE;
    }

    @Override
    public byte[] wrap(byte[] store) {
        return ManifestBox.of(store);
    }

    @Override
    public SuperBox hardBinding(byte[] hash, int manifestSize) {
        return Assertions.hardBinding(hash);
    }

    /** As below, through the page cache. */
    byte[] write(FileChannel target, int manifestSize) throws IOException {
        try (SequentialOutput output = SequentialOutput.cached(target)) {
            return write(output, manifestSize);
        }
    }

    @Override
    public byte[] write(SequentialOutput output, int manifestSize) throws IOException {
        byte[] movie = offsets.moved(manifestSize, offsetLimit);
        MessageDigest digest = Assertions.sha256();
        for (TopLevelBox box : layout.boxes()) {
            if (box.equals(layout.fileType())) {
                copy(box, output, Optional.empty());
                output.skip(manifestSize);
                continue;
            }
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, output.position()));
            if (box.equals(layout.movie())) {
                digest.update(movie);
                output.write(movie);
            } else {
                copy(box, output, Optional.of(digest));
            }
        }
        output.finish();
        return digest.digest();
    }

    private void copy(TopLevelBox box, SequentialOutput output, Optional<MessageDigest> digest) throws IOException {
        try {
            output.transfer(source, box.position(), box.end(), digest);
        } catch (EOFException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
