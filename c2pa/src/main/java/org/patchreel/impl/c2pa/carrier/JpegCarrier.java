package org.patchreel.impl.c2pa.carrier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A JPEG file (C2PA 2.2, A.3.1): the store is cut into APP11 segments ahead of the scan, one behind the other, which have
 * their box instance number in common; each repeats the header of the box.
 */
record JpegCarrier(CarrierFile file) implements Carrier {
    private static final int MAX_BOXES = 1_000_000;

    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP11 = 0xEB;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int RST0 = 0xD0;
    private static final int RST7 = 0xD7;

    /** Common identifier, box instance number and sequence number of a box's part. */
    private static final int PART_HEADER = 8;

    private static final int BOX_HEADER = 8;
    private static final int MAX_INSTANCE = 0xFFFF;

    /** Where the content type stands in a part with the start of a superbox. */
    private static final int CONTENT_TYPE = PART_HEADER + BOX_HEADER + 8;

    private static final byte[] STORE = "c2pa".getBytes(ISO_8859_1);
    private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(ISO_8859_1);

    /** A marker, and where the first of its bytes stands. */
    private record Marker(int code, long start, long end) {
        boolean hasLength() {
            return code > 0x01 && (code < RST0 || code > EOI);
        }
    }

    /** A segment: from its marker to its end. */
    private record Segment(long content, int contentLength, long end) {}

    /** The parts of the store so far. */
    private static final class Parts {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int instance;
        private final long start;
        private long end;
        private int count;

        Parts(int instance, long start) {
            this.instance = instance;
            this.start = start;
        }
    }

    /** Finds the next marker; bytes ahead of it are skipped, and those that fill up. */
    private Marker marker(long from) throws IOException {
        long position = from;
        while (file.u8(position) != 0xFF) {
            position++;
        }
        long start = position;
        while (file.u8(position) == 0xFF) {
            position++;
        }
        return new Marker(file.u8(position), start, position + 1);
    }

    private Segment segment(Marker marker) throws IOException {
        int length = file.u16(marker.end(), ByteOrder.BIG_ENDIAN);
        long end = marker.end() + length;
        if (length < 2 || end > file.size()) {
            throw new EOFException("the segment at byte " + marker.start() + " is of " + length + " bytes, and "
                    + (file.size() - marker.end()) + " are there");
        }
        return new Segment(marker.end() + 2, length - 2, end);
    }

    @Override
    public Contents read() throws CarrierException, IOException {
        Found found = new Found();
        Optional<String> damage = Optional.empty();
        try {
            visit((marker, segment) -> {
                if (marker.code() == APP11) {
                    found.parts = add(found.parts, marker, segment);
                } else if (marker.code() == APP1 && found.xmp.isEmpty() && file.has(XMP, segment.content())) {
                    found.xmp = Optional.of(file.read(
                            segment.content() + XMP.length, Math.max(0, segment.contentLength() - XMP.length)));
                }
            });
        } catch (EOFException e) {
            damage = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Contents(
                found.parts.map(
                        parts -> ManifestPlace.of(parts.bytes.toByteArray(), parts.start, parts.end - parts.start)),
                found.xmp,
                damage);
    }

    /** What was found so far. */
    private static final class Found {
        private Optional<Parts> parts = Optional.empty();
        private Optional<byte[]> xmp = Optional.empty();
    }

    /** Looks at a segment. */
    private interface Visitor {
        void accept(Marker marker, Segment segment) throws CarrierException, IOException;
    }

    /** Goes through the segments ahead of the scan, in their order. */
    private void visit(Visitor visitor) throws CarrierException, IOException {
        long position = 2;
        while (true) {
            Marker marker = marker(position);
            if (marker.code() == EOI || marker.code() == SOS) {
                return;
            }
            position = marker.end();
            if (marker.hasLength()) {
                Segment segment = segment(marker);
                position = segment.end();
                visitor.accept(marker, segment);
            }
        }
    }

    /**
     * Finds the end of the APP0 and APP1 segments at the beginning.
     *
     * @param manifest which may stand between them
     */
    long endOfFirstSegments(Optional<ManifestPlace.Range> manifest) throws IOException {
        long position = 2;
        while (true) {
            if (manifest.isPresent() && manifest.get().start() == position) {
                position = manifest.get().end();
            }
            Marker marker = marker(position);
            if (marker.code() != APP0 && marker.code() != APP1) {
                return position;
            }
            position = segment(marker).end();
        }
    }

    /**
     * {@return a box instance number that no box ahead of the scan has}
     *
     * @throws CarrierException if there is none
     */
    int freeInstance() throws CarrierException, IOException {
        BitSet used = new BitSet();
        used.set(0); // numbers count from 1
        visit((marker, segment) -> {
            if (marker.code() == APP11 && segment.contentLength() >= PART_HEADER) {
                used.set(instance(segment));
            }
        });
        int free = used.nextClearBit(0);
        if (free > MAX_INSTANCE) {
            throw new CarrierException("no box instance number is left");
        }
        return free;
    }

    private int instance(Segment segment) throws IOException {
        return file.u16(segment.content() + 2, ByteOrder.BIG_ENDIAN);
    }

    /** {@return whether a segment has the start of a manifest store in it} */
    private boolean isStore(Segment segment) throws IOException {
        return segment.contentLength() > CONTENT_TYPE + STORE.length
                && file.has(STORE, segment.content() + CONTENT_TYPE);
    }

    private Optional<Parts> add(Optional<Parts> before, Marker marker, Segment segment)
            throws CarrierException, IOException {
        if (segment.contentLength() <= PART_HEADER + BOX_HEADER) {
            return before;
        }
        long sequence = file.u32(segment.content() + 4, ByteOrder.BIG_ENDIAN);
        int skipped = PART_HEADER;
        Parts parts;
        if (before.isPresent() && instance(segment) == before.get().instance) {
            parts = before.get();
            if (sequence <= parts.count) {
                throw new CarrierException("segment " + (parts.count + 1) + " of the manifest store has the number "
                        + sequence + ", as if there were two stores");
            }
            if (marker.start() != parts.end) {
                throw new CarrierException("the segments of the manifest store are not contiguous: byte " + parts.end
                        + " and byte " + marker.start());
            }
            skipped += BOX_HEADER;
        } else if (isStore(segment)) {
            if (before.isPresent()) {
                throw new CarrierException("more than one manifest store");
            }
            parts = new Parts(instance(segment), marker.start());
        } else {
            return before;
        }
        ManifestPlace.checkedLength((long) parts.bytes.size() + segment.contentLength());
        parts.bytes.writeBytes(file.read(segment.content() + skipped, segment.contentLength() - skipped));
        parts.count++;
        parts.end = segment.end();
        return Optional.of(parts);
    }

    /** As c2pa-rs lists them: a scan extends to the next marker that is not a restart, and each restart is listed, too. */
    @Override
    public List<FileBox> boxes() throws CarrierException, IOException {
        List<FileBox> boxes = new ArrayList<>(List.of(FileBox.of("SOI", 0, 2)));
        int manifest = -1;
        int instance = 0;
        long position = 2;
        while (position < file.size()) {
            if (boxes.size() > MAX_BOXES) {
                throw new CarrierException("more than " + MAX_BOXES + " segments");
            }
            Marker marker;
            Segment segment;
            try {
                marker = marker(position);
                segment = marker.hasLength() ? segment(marker) : new Segment(marker.end(), 0, marker.end());
            } catch (EOFException e) {
                break; // bytes that are no segment
            }
            long start = marker.end() - 2; // without the bytes that fill up
            position = segment.end();
            if (marker.code() == APP11 && manifest >= 0 && continues(segment, instance)) {
                long storeStart = boxes.get(manifest).range().start();
                boxes.set(manifest, FileBox.of(FileBox.MANIFEST, storeStart, segment.end() - storeStart));
            } else if (marker.code() == APP11 && manifest < 0 && isStore(segment)) {
                manifest = boxes.size();
                instance = instance(segment);
                boxes.add(FileBox.of(FileBox.MANIFEST, start, segment.end() - start));
            } else if (marker.code() == SOS) {
                position = scan(start, segment.end(), boxes);
            } else {
                boxes.add(FileBox.of(name(marker.code()), start, segment.end() - start));
            }
        }
        return boxes;
    }

    private boolean continues(Segment segment, int instance) throws IOException {
        return segment.contentLength() > PART_HEADER + BOX_HEADER && instance(segment) == instance;
    }

    /** Adds a scan and its restarts. */
    private long scan(long start, long from, List<FileBox> boxes) throws CarrierException, IOException {
        int index = boxes.size();
        long position = from;
        while (position + 1 < file.size()) {
            if (file.u8(position) != 0xFF) {
                position++;
                continue;
            }
            int next = file.u8(position + 1);
            if (next >= RST0 && next <= RST7) {
                if (boxes.size() > MAX_BOXES) {
                    throw new CarrierException("more than " + MAX_BOXES + " segments");
                }
                boxes.add(FileBox.of(name(next), position, 2));
            } else if (next != 0) {
                break;
            }
            position += 2;
        }
        long end = position + 1 < file.size() ? position : file.size();
        boxes.add(index, FileBox.of("SOS", start, end - start));
        return end;
    }

    private static String name(int marker) {
        if (marker >= RST0 && marker <= RST7) {
            return "RST" + (marker - RST0);
        }
        if (marker >= 0xE0 && marker <= 0xEF) {
            return "APP" + (marker - 0xE0);
        }
        if (marker >= 0xF0 && marker <= 0xFD) {
            return "JPG" + (marker - 0xF0);
        }
        return switch (marker) {
            case 0x01 -> "TEM";
            case 0xC4 -> "DHT";
            case 0xC8 -> "JPG";
            case 0xCC -> "DAC";
            case SOI -> "SOI";
            case EOI -> "EOI";
            case 0xDB -> "DQT";
            case 0xDC -> "DNL";
            case 0xDD -> "DRI";
            case 0xDE -> "DHP";
            case 0xDF -> "EXP";
            case 0xFE -> "COM";
            default -> marker >= 0xC0 && marker <= 0xCF ? "SOF" + (marker - 0xC0) : "RES";
        };
    }
}
