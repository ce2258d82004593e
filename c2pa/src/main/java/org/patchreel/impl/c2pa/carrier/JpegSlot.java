package org.patchreel.impl.c2pa.carrier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;

/**
 * The manifest store of a JPEG file (C2PA 2.2, A.3.1; ISO/IEC 19566-5, D): APP11 segments behind the APP0 and APP1 segments,
 * which JFIF and Exif want to be first. Each segment holds a part of the store, and repeats the header of its box.
 *
 * @param instance number of the store's box, which no other box of the file has, 1 to 65535
 */
record JpegSlot(long position, Optional<Range> replaced, int instance) implements ManifestSlot {
    private static final short MARKER = (short) 0xFFEB;
    private static final short COMMON_IDENTIFIER = 0x4A50; // JP

    /** What a segment's length counts: itself, common identifier, instance, sequence number. */
    private static final int PART_HEADER = 2 + 2 + 2 + 4;

    private static final int BOX_HEADER = 8;
    private static final int MAX_SEGMENT = 65_535;
    private static final int MAX_PART = MAX_SEGMENT - PART_HEADER - BOX_HEADER;

    static JpegSlot of(JpegCarrier picture) throws CarrierException, IOException {
        Optional<Range> replaced = ManifestSlot.wellFormed(picture).manifest().map(ManifestPlace::range);
        return new JpegSlot(picture.endOfFirstSegments(replaced), replaced, picture.freeInstance());
    }

    @Override
    public byte[] wrap(byte[] store) {
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        byte[] header = Arrays.copyOf(store, BOX_HEADER);
        int sequence = 1;
        for (int from = BOX_HEADER; from < store.length; from += MAX_PART) {
            int length = Math.min(MAX_PART, store.length - from);
            segments.writeBytes(ByteBuffer.allocate(2 + PART_HEADER + BOX_HEADER + length)
                    .putShort(MARKER)
                    .putShort((short) (PART_HEADER + BOX_HEADER + length))
                    .putShort(COMMON_IDENTIFIER)
                    .putShort((short) instance)
                    .putInt(sequence++)
                    .put(header)
                    .put(store, from, length)
                    .array());
        }
        return segments.toByteArray();
    }
}
