package org.patchreel.impl.c2pa.carrier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;

/** The manifest store of a PNG file (C2PA 2.2, A.3.2): one chunk {@code caBX} behind {@code IHDR}, ahead of the pixels. */
record PngSlot(long position, Optional<Range> replaced) implements ManifestSlot {
    /** Length and type ahead of the data, the checksum behind them. */
    private static final int OVERHEAD = 8 + 4;

    static PngSlot of(PngCarrier picture) throws CarrierException, IOException {
        Optional<Range> replaced = ManifestSlot.wellFormed(picture).manifest().map(ManifestPlace::range);
        return new PngSlot(picture.endOfHeader(), replaced);
    }

    @Override
    public byte[] wrap(byte[] store) {
        ByteBuffer chunk = ByteBuffer.allocate(OVERHEAD + store.length)
                .putInt(store.length)
                .putInt(PngCarrier.MANIFEST)
                .put(store);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, chunk.position() - 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }
}
