package org.patchreel.impl.c2pa.carrier;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A manifest store and where it stands in a file: all that a hard binding must leave out because the store is in it.
 *
 * @param store a superbox, with padding
 * @param range of the store, with the headers that the format gives it
 * @param lengthField where else the format states the store's length
 */
public record ManifestPlace(ByteBuffer store, Range range, Optional<Range> lengthField) {
    /** Thumbnails and ingredients take a few megabytes. */
    static final int MAX_STORE = 64 << 20;

    /**
     * A stretch of a file.
     *
     * @param start offset of its first byte
     * @param length in bytes
     */
    public record Range(long start, long length) {
        /** {@return offset of the first byte behind it} */
        public long end() {
            return start + length;
        }
    }

    static ManifestPlace of(byte[] store, long start, long length) {
        return new ManifestPlace(ByteBuffer.wrap(store).asReadOnlyBuffer(), new Range(start, length), Optional.empty());
    }

    /** {@return a length that is within the bound} */
    static int checkedLength(long length) throws CarrierException {
        if (length < 0 || length > MAX_STORE) {
            throw new CarrierException("a manifest store of " + Long.toUnsignedString(length) + " bytes; at most "
                    + MAX_STORE + " bytes are read");
        }
        return (int) length;
    }
}
