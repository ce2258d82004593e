package org.patchreel.impl.c2pa;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;
import org.patchreel.impl.c2pa.carrier.ManifestSlot;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/**
 * Copies a picture, leaves out a manifest that it carries, makes room for the new one, and hashes all the other bytes (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_data_hash">C2PA 2.2,
 * 18.5</a>).
 */
final class PictureCopy implements SignedCopy {
    private final Path file;
    private final FileChannel source;
    private final ManifestSlot slot;
    private final long size;

    private PictureCopy(Path file, FileChannel source, ManifestSlot slot, long size) {
        this.file = file;
        this.source = source;
        this.slot = slot;
        this.size = size;
    }

    /**
     * Reads and checks the picture's structure.
     *
     * @param source the picture
     * @param file for messages
     * @param format JPEG or PNG
     * @param carrier the same picture, needed in this call alone
     * @throws CarrierException if the picture is damaged
     * @throws IOException if it cannot be read
     */
    static PictureCopy of(FileChannel source, Path file, CarrierFormat format, CarrierFile carrier)
            throws CarrierException, IOException {
        return new PictureCopy(file, source, ManifestSlot.of(format, carrier), carrier.size());
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    @Override
    public long manifestPosition() {
        return slot.position()
                - slot.replaced()
                        .filter(old -> old.start() < slot.position())
                        .map(Range::length)
                        .orElse(0L);
    }

    @Override
    public boolean isLarge() {
        return false;
    }

    @Override
    public byte[] wrap(byte[] store) {
        return slot.wrap(store);
    }

    @Override
    public SuperBox hardBinding(byte[] hash, int manifestSize) {
        return Assertions.pictureBinding(hash, manifestPosition(), manifestSize);
    }

    @Override
    public byte[] write(SequentialOutput output, int manifestSize) throws IOException {
        MessageDigest digest = Assertions.sha256();
        copy(0, slot.position(), output, digest);
        output.skip(manifestSize);
        copy(slot.position(), size, output, digest);
        output.finish();
        return digest.digest();
    }

    /** Copies and hashes a stretch, without the old manifest. */
    private void copy(long from, long to, SequentialOutput output, MessageDigest digest) throws IOException {
        Range old = slot.replaced().orElse(new Range(size, 0));
        try {
            output.transfer(source, from, Math.min(to, Math.max(from, old.start())), Optional.of(digest));
            output.transfer(source, Math.max(from, Math.min(to, old.end())), to, Optional.of(digest));
        } catch (EOFException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
