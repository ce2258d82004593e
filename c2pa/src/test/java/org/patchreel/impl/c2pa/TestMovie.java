package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * MP4 files made by hand: tracks whose chunks are four bytes each, the letters of their number, spread over the data. No
 * player plays them, but their chunks can be found again.
 */
final class TestMovie {
    static final int CHUNKS = 5;

    boolean dataFirst;
    boolean largeSizes;
    boolean openEnd;

    /** A letter a track: s for stco, c for co64. */
    String tracks = "sc";

    /** Goes into the last track's sample table, into moov, or between ftyp and the rest. */
    byte[] inTable = new byte[0];

    byte[] inMovie = new byte[0];
    byte[] behindFileType = new byte[0];
    boolean dataElsewhere;

    static byte[] box(String type, byte[]... contents) {
        byte[] content = concatenate(contents);
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(type.getBytes(ISO_8859_1))
                .put(content)
                .array();
    }

    static byte[] largeBox(String type, byte[]... contents) {
        byte[] content = concatenate(contents);
        return ByteBuffer.allocate(16 + content.length)
                .putInt(1)
                .put(type.getBytes(ISO_8859_1))
                .putLong(16 + content.length)
                .put(content)
                .array();
    }

    static byte[] concatenate(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    private byte[] sized(String type, byte[]... contents) {
        return largeSizes ? largeBox(type, contents) : box(type, contents);
    }

    byte[] build() {
        byte[] head = concatenate(box("ftyp", "isom".getBytes(ISO_8859_1), new byte[4]), behindFileType);
        byte[] data = data();
        byte[] mdat = openEnd && !dataFirst ? open(sized("mdat", data)) : sized("mdat", data);
        int headerSize = mdat.length - data.length;
        int size = moov(0).length;
        if (dataFirst) {
            byte[] moov = moov(head.length + headerSize);
            return concatenate(head, mdat, box("free", new byte[3]), openEnd ? open(moov) : moov);
        }
        return concatenate(head, moov(head.length + size + headerSize), mdat);
    }

    private static byte[] open(byte[] box) {
        byte[] opened = box.clone();
        if (ByteBuffer.wrap(box).getInt(0) != 1) {
            ByteBuffer.wrap(opened).putInt(0, 0);
        }
        return opened;
    }

    private byte[] data() {
        byte[] data = new byte[1000];
        new Random(7).nextBytes(data);
        for (int track = 0; track < tracks.length(); track++) {
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                System.arraycopy(chunk(track, chunk), 0, data, at(track, chunk), 4);
            }
        }
        return data;
    }

    static byte[] chunk(int track, int chunk) {
        return new byte[] {'t', (byte) ('0' + track), 'c', (byte) ('0' + chunk)};
    }

    private int at(int track, int chunk) {
        return 4 * (chunk * tracks.length() + track) + 100;
    }

    private byte[] moov(int dataStart) {
        List<byte[]> traks = new ArrayList<>();
        for (int track = 0; track < tracks.length(); track++) {
            boolean wide = tracks.charAt(track) == 'c';
            ByteBuffer table =
                    ByteBuffer.allocate(8 + CHUNKS * (wide ? 8 : 4)).putInt(0).putInt(CHUNKS);
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                int offset = dataStart + at(track, chunk);
                if (wide) {
                    table.putLong(offset);
                } else {
                    table.putInt(offset);
                }
            }
            byte[] stbl = sized("stbl", box("stsd", new byte[8]), box(wide ? "co64" : "stco", table.array()), inTable);
            byte[] url = box("url ", new byte[] {0, 0, 0, (byte) (dataElsewhere ? 0 : 1)});
            byte[] dinf = box("dinf", box("dref", new byte[] {0, 0, 0, 0, 0, 0, 0, 1}, url));
            traks.add(box("trak", box("tkhd", new byte[12]), sized("mdia", box("minf", dinf, stbl))));
        }
        return sized("moov", box("mvhd", new byte[20]), concatenate(traks.toArray(byte[][]::new)), inMovie);
    }

    /** What the chunk offsets of a file lead to, found without knowing the structure: type, then the table. */
    static List<String> chunks(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        String text = new String(file, ISO_8859_1);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < file.length - 16; i++) {
            boolean wide = text.startsWith("co64", i);
            if (wide || text.startsWith("stco", i)) {
                for (int chunk = 0; chunk < bytes.getInt(i + 8); chunk++) {
                    long offset = wide
                            ? bytes.getLong(i + 12 + 8 * chunk)
                            : Integer.toUnsignedLong(bytes.getInt(i + 12 + 4 * chunk));
                    found.add(text.substring((int) offset, (int) offset + 4));
                }
            }
        }
        return found;
    }
}
