package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The box that holds a manifest store in an MP4 file (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_embedding_manifests_into_bmff_based_assets">C2PA
 * 2.2, A.5</a>).
 */
final class ManifestBox {
    static final int UUID = 0x75756964;

    private static final byte[] EXTENDED_TYPE = HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481");

    /** Size and type, extended type, version and flags, the purpose's zero, offset of the first Merkle box. */
    private static final int OVERHEAD = 8 + 16 + 4 + 1 + 8;

    private ManifestBox() {}

    /** The UUID that tells it from other {@code uuid} boxes. */
    static byte[] extendedType() {
        return EXTENDED_TYPE.clone();
    }

    /** Wraps the manifest store of a file that has no update. */
    static byte[] of(byte[] store) {
        return of("manifest", store);
    }

    /**
     * Wraps a manifest store.
     *
     * @param purpose what kind of store it is, see {@link org.patchreel.impl.c2pa.bmff.C2paBoxes.Place}
     */
    static byte[] of(String purpose, byte[] store) {
        int size = OVERHEAD + purpose.length() + store.length;
        return ByteBuffer.allocate(size)
                .putInt(size)
                .putInt(UUID)
                .put(EXTENDED_TYPE)
                .putInt(0)
                .put(purpose.getBytes(US_ASCII))
                .put((byte) 0)
                .putLong(0)
                .put(store)
                .array();
    }
}
