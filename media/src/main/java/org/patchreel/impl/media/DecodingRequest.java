package org.patchreel.impl.media;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a decoder is asked for, in the bytes in which it is sent to the process that decodes.
 *
 * @param url by which libav opens the file: a character for each byte of its name
 * @param format FFmpeg's demuxer, empty to recognise it
 * @param wanted of its frames
 * @param limits of the work
 */
record DecodingRequest(String url, String format, WantedFrames wanted, DecodingLimits limits) {

    void write(DataOutputStream out) throws IOException {
        byte[] bytes = url.getBytes(StandardCharsets.ISO_8859_1);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeUTF(format);
        wanted.write(out);
        limits.write(out);
        out.flush();
    }

    static DecodingRequest read(DataInputStream in) throws IOException {
        String url = new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1);
        return new DecodingRequest(url, in.readUTF(), WantedFrames.read(in), DecodingLimits.read(in));
    }
}
