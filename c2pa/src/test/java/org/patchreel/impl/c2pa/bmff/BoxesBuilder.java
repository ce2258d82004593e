package org.patchreel.impl.c2pa.bmff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Puts a file of boxes together. */
final class BoxesBuilder {
    private static final byte[] C2PA = HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    BoxesBuilder add(byte[] box) {
        out.writeBytes(box);
        return this;
    }

    BoxesBuilder add(String type, byte[]... content) {
        return add(box(type, content));
    }

    BoxesBuilder addC2pa(String purpose, byte[]... content) {
        return add("uuid", C2PA, new byte[4], (purpose + '\0').getBytes(ISO_8859_1), joined(content));
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] box(String type, byte[]... content) {
        byte[] all = joined(content);
        return ByteBuffer.allocate(8 + all.length)
                .putInt(8 + all.length)
                .put(type.getBytes(ISO_8859_1))
                .put(all)
                .array();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
