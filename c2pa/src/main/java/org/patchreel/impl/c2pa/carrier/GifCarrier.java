package org.patchreel.impl.c2pa.carrier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A GIF file (C2PA 2.2, A.3.7): the store is an application extension ahead of the first image, in sub-blocks. */
record GifCarrier(CarrierFile file) implements Carrier {
    private static final int MAX_BLOCKS = 1_000_000;
    private static final int MAX_XMP = 16 << 20;

    private static final int HEADER = 6;
    private static final int SCREEN = 7;
    private static final int EXTENSION = 0x21;
    private static final int APPLICATION = 0xFF;

    /** Those of the standard: plain text, graphic control, comment, application. */
    private static final Set<Integer> LABELS = Set.of(0x01, 0xF9, 0xFE, APPLICATION);

    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;

    private static final int APPLICATION_ID = 11;
    private static final byte[] STORE = "\013C2PA_GIF\1\0\0".getBytes(ISO_8859_1);
    private static final byte[] XMP = "\013XMP DataXMP".getBytes(ISO_8859_1);

    /** Ends a packet that is not cut into sub-blocks, so that readers of sub-blocks find its end, too. */
    private static final int XMP_TRAILER = 257;

    /**
     * A block.
     *
     * @param kind its first byte, for an extension with that of its label behind: 0x21FF
     * @param data where its sub-blocks begin
     */
    private record Block(int kind, long start, long data, long end) {}

    private static int extension(int label) {
        return EXTENSION << 8 | label;
    }

    private long colours(int packed) {
        return (packed & 0x80) == 0 ? 0 : 3L << ((packed & 7) + 1);
    }

    private long firstBlock() throws IOException {
        return HEADER + SCREEN + colours(file.u8(HEADER + 4));
    }

    /** {@return where sub-blocks end, their terminator included} */
    private long subBlocks(long start) throws IOException {
        long position = start;
        for (int length = file.u8(position); length != 0; length = file.u8(position)) {
            position += 1 + length;
        }
        return position + 1;
    }

    private Block block(long start) throws CarrierException, IOException {
        int introducer = file.u8(start);
        return switch (introducer) {
            case TRAILER -> new Block(TRAILER, start, start + 1, start + 1);
            case IMAGE -> {
                long end = start + 10 + colours(file.u8(start + 9));
                yield new Block(IMAGE, start, end, end);
            }
            case EXTENSION -> {
                int label = file.u8(start + 1);
                if (!LABELS.contains(label)) {
                    throw new CarrierException("an extension of label " + label + " at byte " + start);
                }
                boolean application = label == APPLICATION && file.u8(start + 2) == APPLICATION_ID;
                long data = start + 2 + (application ? 1 + APPLICATION_ID : 0);
                yield new Block(extension(label), start, data, subBlocks(data));
            }
            default -> throw new CarrierException("a block of kind " + introducer + " at byte " + start);
        };
    }

    @Override
    public Contents read() throws IOException, CarrierException {
        Optional<ManifestPlace> manifest = Optional.empty();
        Optional<byte[]> xmp = Optional.empty();
        Optional<String> damage = Optional.empty();
        try {
            boolean images = false;
            int blocks = 0;
            Block block = block(firstBlock());
            while (block.kind() != TRAILER) {
                if (++blocks > MAX_BLOCKS) {
                    throw new CarrierException("more than " + MAX_BLOCKS + " blocks");
                }
                long next = block.end();
                if (block.kind() == IMAGE) {
                    images = true;
                    next = subBlocks(block.end() + 1);
                } else if (block.kind() == extension(APPLICATION)) {
                    if (manifest.isEmpty() && !images && file.has(STORE, block.start() + 2)) {
                        manifest = Optional.of(store(block));
                    } else if (xmp.isEmpty() && file.has(XMP, block.start() + 2)) {
                        xmp = xmp(block);
                    }
                }
                block = block(next);
            }
        } catch (EOFException | CarrierException e) {
            damage = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Contents(manifest, xmp, damage);
    }

    private ManifestPlace store(Block block) throws IOException, CarrierException {
        ManifestPlace.checkedLength(block.end() - block.data());
        return ManifestPlace.of(decoded(block), block.start(), block.end() - block.start());
    }

    private byte[] decoded(Block block) throws IOException {
        byte[] raw = file.read(block.data(), (int) (block.end() - block.data()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length);
        for (int position = 0; raw[position] != 0; position += 1 + (raw[position] & 0xFF)) {
            bytes.write(raw, position + 1, raw[position] & 0xFF);
        }
        return bytes.toByteArray();
    }

    /** A packet should not be cut into sub-blocks; some writers do it. */
    private Optional<byte[]> xmp(Block block) throws IOException {
        long length = block.end() - block.data();
        if (length > MAX_XMP) {
            return Optional.empty();
        }
        byte[] raw = file.read(block.data(), (int) length);
        boolean whole = raw.length > 2 + XMP_TRAILER && raw[0] == '<' && "?xr".indexOf(raw[1]) >= 0;
        byte[] packet = whole ? raw : decoded(block);
        int end = packet.length - XMP_TRAILER - (whole ? 1 : 0);
        return end <= 0 ? Optional.empty() : Optional.of(Arrays.copyOf(packet, end));
    }

    @Override
    public List<FileBox> boxes() throws CarrierException, IOException {
        try {
            long position = firstBlock();
            List<FileBox> boxes = new ArrayList<>(
                    List.of(FileBox.of("GIF89a", 0, HEADER), FileBox.of("LSD", HEADER, position - HEADER)));
            boolean manifest = false;
            boolean images = false;
            while (true) {
                if (boxes.size() > MAX_BLOCKS) {
                    throw new CarrierException("more than " + MAX_BLOCKS + " blocks");
                }
                Block block = block(position);
                boolean store = block.kind() == extension(APPLICATION)
                        && !images
                        && !manifest
                        && file.has(STORE, block.start() + 2);
                manifest |= store;
                String name = store ? FileBox.MANIFEST : String.format("%02X", block.kind());
                boxes.add(FileBox.of(name, block.start(), block.end() - block.start()));
                position = block.end();
                if (block.kind() == TRAILER) {
                    return boxes;
                }
                if (block.kind() == IMAGE) {
                    images = true;
                    long end = subBlocks(position + 1);
                    boxes.add(FileBox.of("TBID", position, end - position));
                    position = end;
                }
            }
        } catch (EOFException e) {
            throw new CarrierException(String.valueOf(e.getMessage()));
        }
    }
}
