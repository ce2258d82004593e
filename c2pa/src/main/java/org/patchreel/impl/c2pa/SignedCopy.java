package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/** A copy of a file that gets a manifest: it has room for the manifest, and is hashed while it is written. */
sealed interface SignedCopy permits ClipCopy, PictureCopy {

    /**
     * Reads and checks the structure of a file. Its format is recognised by its content; what is of no known format is taken
     * for an MP4 file, whose structure says what is wrong.
     *
     * @param source the file
     * @param file for messages
     * @throws IOException if it cannot be read, or is not a file that can be signed; the message names file and reason
     */
    static SignedCopy of(FileChannel source, Path file) throws IOException {
        try (CarrierFile carrier = CarrierFile.open(file)) {
            CarrierFormat format = CarrierFormat.of(carrier);
            return switch (format) {
                case JPEG, PNG -> PictureCopy.of(source, file, format, carrier);
                case BMFF, OTHER -> ClipCopy.of(source, file);
                case GIF, RIFF, TIFF, PDF, ID3, FLAC, SVG, JPEG_XL ->
                    throw new IOException(
                            file + ": is a " + format.label() + " file; only MP4, JPEG and PNG files are signed");
            };
        } catch (CarrierException e) {
            throw new IOException(file + ": " + e.reason(), e);
        }
    }

    /** {@return whether the file lasts, so that its watermark has a span} */
    boolean isTimed();

    /** {@return where the manifest stands in the copy} */
    long manifestPosition();

    /** {@return whether the copy would take much of the system's page cache} */
    boolean isLarge();

    /** {@return a manifest store with what the format puts around it; its length depends on that of the store alone} */
    byte[] wrap(byte[] store);

    /**
     * Binds a manifest to the copy.
     *
     * @param hash what {@link #write} returned, or any 32 bytes
     * @param manifestSize what it was given, or any number; the assertion is always of the same size
     */
    SuperBox hardBinding(byte[] hash, int manifestSize);

    /**
     * Writes the copy. What is hashed is what is written: a file that changes meanwhile does not get a wrong hash.
     *
     * @param output of an empty file
     * @param manifestSize bytes that are left free for the manifest, with what is around it
     * @return SHA-256 of what the hard binding covers
     * @throws IOException if reading or writing fails, or the file has changed
     */
    byte[] write(SequentialOutput output, int manifestSize) throws IOException;
}
