package org.patchreel.impl.media;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A PNG file of one colour in any form, which ImageIO cannot write all. */
final class TestPng {
    static final int GRAY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GRAY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private final int width;
    private final int height;
    private final int depth;
    private final int colorType;

    TestPng(int width, int height, int depth, int colorType) {
        this.width = width;
        this.height = height;
        this.depth = depth;
        this.colorType = colorType;
    }

    /** Adds a chunk ahead of the pixels. */
    TestPng chunk(String type, int... bytes) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            content.put((byte) each);
        }
        HostileFiles.chunk(new DataOutputStream(chunks), type, content.array());
        return this;
    }

    /**
     * Writes the file.
     *
     * @param row bytes of each row; repeated until it is full
     */
    Path write(Path file, int... row) throws IOException {
        int channels = new int[] {1, 0, 3, 1, 2, 0, 4}[colorType];
        int rowBytes = (width * channels * depth + 7) / 8;
        byte[] line = new byte[1 + rowBytes];
        for (int i = 0; i < rowBytes; i++) {
            line[1 + i] = (byte) row[i % row.length];
        }
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        Deflater fast = new Deflater(1);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(pixels, fast, 1 << 16)) {
            for (int y = 0; y < height; y++) {
                deflated.write(line);
            }
        }
        fast.end();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(png);
        out.writeLong(0x89504e470d0a1a0aL);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        HostileFiles.chunk(
                out, "IHDR", header.put((byte) depth).put((byte) colorType).array());
        out.write(chunks.toByteArray());
        HostileFiles.chunk(out, "IDAT", pixels.toByteArray());
        HostileFiles.chunk(out, "IEND", new byte[0]);
        return Files.write(file, png.toByteArray());
    }
}
