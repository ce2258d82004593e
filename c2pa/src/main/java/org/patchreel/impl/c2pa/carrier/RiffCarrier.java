package org.patchreel.impl.c2pa.carrier;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** A RIFF file: WebP, AVI or WAV (C2PA 2.2, A.3.6). The store is a chunk of the first RIFF chunk. */
record RiffCarrier(CarrierFile file) implements Carrier {
    private static final int MAX_CHUNKS = 1_000_000;
    private static final int MAX_XMP = 16 << 20;
    private static final int HEADER = 8;

    /** Header and type. */
    private static final int RIFF_HEADER = 12;

    private static final int MANIFEST = 0x43325041; // C2PA
    private static final int XMP = 0x584D5020; // XMP and a space
    private static final int XMP_IN_AVI = 0x5F504D58; // _PMX

    @Override
    public Contents read() throws CarrierException, IOException {
        Optional<ManifestPlace> manifest = Optional.empty();
        Optional<byte[]> xmp = Optional.empty();
        long end = HEADER + file.u32(4, ByteOrder.LITTLE_ENDIAN);
        long position = RIFF_HEADER;
        for (int chunks = 0; position < end; chunks++) {
            if (chunks == MAX_CHUNKS || file.size() - position < HEADER) {
                return new Contents(
                        manifest, xmp, Optional.of("the file ends within the RIFF chunk, or has very many chunks"));
            }
            int type = (int) file.u32(position, ByteOrder.BIG_ENDIAN);
            long length = file.u32(position + 4, ByteOrder.LITTLE_ENDIAN);
            if (type == MANIFEST && manifest.isEmpty()) {
                if (length > file.size() - position - HEADER) {
                    throw new CarrierException("a manifest store of " + length + " bytes, and "
                            + (file.size() - position - HEADER) + " are there");
                }
                byte[] store = file.read(position + HEADER, ManifestPlace.checkedLength(length));
                manifest = Optional.of(ManifestPlace.of(store, position, HEADER + length));
            } else if ((type == XMP || type == XMP_IN_AVI)
                    && xmp.isEmpty()
                    && length <= Math.min(MAX_XMP, file.size() - position - HEADER)) {
                xmp = Optional.of(file.read(position + HEADER, (int) length));
            }
            position += HEADER + length + length % 2;
        }
        return new Contents(manifest, xmp, Optional.empty());
    }

    @Override
    public List<FileBox> boxes() throws CarrierException {
        throw new CarrierException("a general box hash of a RIFF file is not checked");
    }
}
