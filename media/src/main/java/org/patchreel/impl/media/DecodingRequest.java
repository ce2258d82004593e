package org.patchreel.impl.media;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decoder is asked for, in the bytes in which it is sent to the process that decodes.
 *
 * @param url by which libav opens the file: a character for each byte of its name
 * @param format FFmpeg's demuxer, empty to recognise it
 * @param sizes in which the frames are wanted, 1 to {@value #MAX_SIZES}
 * @param limits of the work
 */
record DecodingRequest(String url, String format, List<LumaSize> sizes, DecodingLimits limits) {

    static final int MAX_SIZES = 4;

    DecodingRequest {
        if (sizes.isEmpty() || sizes.size() > MAX_SIZES) {
            throw new IllegalArgumentException("1 to " + MAX_SIZES + " sizes, not " + sizes.size());
        }
        sizes = List.copyOf(sizes);
    }

    void write(DataOutputStream out) throws IOException {
        byte[] bytes = url.getBytes(StandardCharsets.ISO_8859_1);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeUTF(format);
        out.writeByte(sizes.size());
        for (LumaSize size : sizes) {
            out.writeInt(size.shortSide());
            out.writeInt(size.maxLongSide());
        }
        limits.write(out);
        out.flush();
    }

    static DecodingRequest read(DataInputStream in) throws IOException {
        String url = new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1);
        String format = in.readUTF();
        List<LumaSize> sizes = new ArrayList<>();
        for (int count = in.readUnsignedByte(); count > 0; count--) {
            sizes.add(new LumaSize(in.readInt(), in.readInt()));
        }
        return new DecodingRequest(url, format, sizes, DecodingLimits.read(in));
    }
}
