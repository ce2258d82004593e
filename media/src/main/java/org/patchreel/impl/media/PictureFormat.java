package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.patchreel.api.FrameSize;

/**
 * FFmpeg's demuxer for a picture by its signature. It must be told: its own choice would also open the next pictures of a
 * series, or the first frame of an animation alone.
 */
final class PictureFormat {
    private static final int PNG = 0x89504e47;
    private static final int RIFF = 0x52494646;
    private static final int WEBP = 0x57454250;
    private static final int VP8X = 0x56503858;
    private static final int WEBP_IS_ANIMATED = 0x02;
    private static final int ACTL = 0x6163544c;
    private static final int IDAT = 0x49444154;

    /** Chunks of a PNG file that are looked at for one that says that it is animated; it comes before the pixels. */
    private static final int MAX_CHUNKS = 1000;

    private PictureFormat() {}

    /**
     * Looks at a file's signature.
     *
     * @return the demuxer's name; empty if it is not a picture of a format that is known here
     * @throws IOException if the file cannot be read, or is a picture that is not decoded
     */
    static String of(Path file) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            ByteBuffer head = read(in, 0, 32);
            if (head.limit() < 12) {
                return "";
            }
            if ((head.getInt(0) & 0xffffff00) == 0xffd8ff00) {
                return "jpeg_pipe";
            }
            if (head.getInt(0) == PNG) {
                if (head.limit() > 24 && Math.max(head.getInt(16), head.getInt(20)) > FrameSize.MAX_SIDE) {
                    // FFmpeg would say that its size is not known
                    throw TrackDecoder.tooLarge(file, head.getInt(16), head.getInt(20));
                }
                return isAnimated(in) ? "apng" : "png_pipe";
            }
            if (head.getInt(0) == RIFF && head.getInt(8) == WEBP) {
                if (head.limit() > 20 && head.getInt(12) == VP8X && (head.get(20) & WEBP_IS_ANIMATED) != 0) {
                    throw new MediaException(file, "animated WebP cannot be read");
                }
                return "webp_pipe";
            }
            return head.get(0) == 'B' && head.get(1) == 'M' ? "bmp_pipe" : "";
        }
    }

    private static boolean isAnimated(SeekableByteChannel png) throws IOException {
        long at = 8;
        for (int i = 0; i < MAX_CHUNKS; i++) {
            ByteBuffer chunk = read(png, at, 8);
            if (chunk.limit() < 8 || chunk.getInt(4) == IDAT) {
                return false;
            }
            if (chunk.getInt(4) == ACTL) {
                return true;
            }
            at += 12 + (chunk.getInt(0) & 0xffffffffL);
        }
        return false;
    }

    private static ByteBuffer read(SeekableByteChannel in, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        in.position(at);
        while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
        return bytes.flip();
    }
}
