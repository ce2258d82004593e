package org.patchreel.impl.c2pa.carrier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A PNG file (C2PA 2.2, A.3.2): the store is one chunk {@code caBX}. Checksums of chunks are not looked at: what they would
 * guard is hashed, and that of the store's chunk guards nothing that is shown.
 */
record PngCarrier(CarrierFile file) implements Carrier {
    private static final int MAX_CHUNKS = 1_000_000;
    private static final int MAX_XMP = 16 << 20;

    private static final int SIGNATURE = 8;

    /** Length and type ahead of the data, the checksum behind them. */
    private static final int HEADER = 8;

    private static final int CHECKSUM = 4;

    static final int MANIFEST = 0x63614258; // caBX
    private static final int IMAGE_HEADER = 0x49484452; // IHDR
    private static final int TEXT = 0x69545874; // iTXt
    private static final int END = 0x49454E44; // IEND

    private static final int NOT_ASCII = 0x80808080;

    private static final byte[] XMP = "XML:com.adobe.xmp\0".getBytes(ISO_8859_1);

    private record Chunk(int type, long start, int length) {
        long data() {
            return start + HEADER;
        }

        long end() {
            return data() + length + CHECKSUM;
        }
    }

    /** Finds the chunks up to {@code IEND}. */
    private Optional<String> walk(List<Chunk> chunks) throws IOException {
        long position = SIGNATURE;
        Chunk chunk;
        do {
            if (chunks.size() == MAX_CHUNKS) {
                return Optional.of("more than " + MAX_CHUNKS + " chunks");
            }
            if (file.size() - position < HEADER + CHECKSUM) {
                return Optional.of("the file ends without a chunk IEND");
            }
            long length = file.u32(position, ByteOrder.BIG_ENDIAN);
            if (length > file.size() - position - HEADER - CHECKSUM || length > Integer.MAX_VALUE) {
                return Optional.of("the chunk at byte " + position + " is of " + length + " bytes, and "
                        + (file.size() - position) + " are there");
            }
            chunk = new Chunk((int) file.u32(position + 4, ByteOrder.BIG_ENDIAN), position, (int) length);
            if ((chunk.type() & NOT_ASCII) != 0) {
                return Optional.of("the type of the chunk at byte " + position + " is not of letters");
            }
            chunks.add(chunk);
            position = chunk.end();
        } while (chunk.type() != END);
        return Optional.empty();
    }

    @Override
    public Contents read() throws CarrierException, IOException {
        List<Chunk> chunks = new ArrayList<>();
        Optional<String> damage = walk(chunks);
        List<Chunk> stores =
                chunks.stream().filter(chunk -> chunk.type() == MANIFEST).toList();
        if (stores.size() > 1) {
            throw new CarrierException("more than one manifest store");
        }
        if (damage.isPresent() && !stores.isEmpty()) {
            throw new CarrierException(damage.get());
        }
        Optional<ManifestPlace> manifest = Optional.empty();
        if (!stores.isEmpty()) {
            Chunk chunk = stores.get(0);
            byte[] store = file.read(chunk.data(), ManifestPlace.checkedLength(chunk.length()));
            manifest = Optional.of(ManifestPlace.of(store, chunk.start(), chunk.end() - chunk.start()));
        }
        return new Contents(manifest, xmp(chunks), damage);
    }

    /**
     * {@return the offset behind {@code IHDR}}
     *
     * @throws CarrierException if that is not the first chunk
     */
    long endOfHeader() throws CarrierException, IOException {
        List<Chunk> chunks = new ArrayList<>();
        walk(chunks);
        if (chunks.isEmpty() || chunks.get(0).type() != IMAGE_HEADER) {
            throw new CarrierException("the first chunk is not IHDR");
        }
        return chunks.get(0).end();
    }

    private Optional<byte[]> xmp(List<Chunk> chunks) throws IOException {
        for (Chunk chunk : chunks) {
            if (chunk.type() == TEXT && chunk.length() <= MAX_XMP && file.has(XMP, chunk.data())) {
                return text(file.read(chunk.data(), chunk.length()));
            }
        }
        return Optional.empty();
    }

    /** {@return the text that follows the keyword, whether it is compressed, its language and the translated keyword} */
    private static Optional<byte[]> text(byte[] chunk) {
        int position = XMP.length;
        if (position + 2 > chunk.length || chunk[position] != 0) {
            return Optional.empty(); // XMP is never compressed (XMP specification, part 3, 1.1.5)
        }
        position += 2;
        for (int ends = 0; position < chunk.length && ends < 2; position++) {
            ends += chunk[position] == 0 ? 1 : 0;
        }
        return Optional.of(Arrays.copyOfRange(chunk, position, chunk.length));
    }

    @Override
    public List<FileBox> boxes() throws CarrierException, IOException {
        List<Chunk> chunks = new ArrayList<>();
        Optional<String> damage = walk(chunks);
        if (damage.isPresent()) {
            throw new CarrierException(damage.get());
        }
        List<FileBox> boxes = new ArrayList<>(List.of(FileBox.of("PNGh", 0, SIGNATURE)));
        for (Chunk chunk : chunks) {
            String name = chunk.type() == MANIFEST
                    ? FileBox.MANIFEST
                    : new String(ByteBuffer.allocate(4).putInt(chunk.type()).array(), ISO_8859_1);
            boxes.add(FileBox.of(name, chunk.start(), chunk.end() - chunk.start()));
        }
        return boxes;
    }
}
