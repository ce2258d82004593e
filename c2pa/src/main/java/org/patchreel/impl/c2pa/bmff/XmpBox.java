package org.patchreel.impl.c2pa.bmff;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The box that holds a file's XMP (XMP specification, part 3, 1.3.3). */
public final class XmpBox {
    private static final int MAX = 16 << 20;
    private static final byte[] UUID = HexFormat.of().parseHex("be7acfcb97a942e89c71999491e3afac");

    private XmpBox() {}

    /**
     * Reads the packet.
     *
     * @return empty if there is none, or a very large one
     * @throws IOException if the file cannot be read
     */
    public static Optional<byte[]> of(BmffFile file) throws IOException {
        for (BmffBox box : file.boxes()) {
            long length = box.size() - box.header() - UUID.length;
            if (box.type().equals("uuid")
                    && length >= 0
                    && length <= MAX
                    && Arrays.equals(file.read(box.content(), UUID.length), UUID)) {
                return Optional.of(file.read(box.content() + UUID.length, (int) length));
            }
        }
        return Optional.empty();
    }
}
