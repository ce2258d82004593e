package org.patchreel.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.patchreel.api.FrameSize;

/**
 * A clip as a player sees it.
 *
 * @param codec FFmpeg's ID of it
 * @param size in pixels
 * @param frameRate frames per second
 * @param seconds length by the container
 * @param frames decoded, 3 bytes a pixel
 */
record ClipFile(int codec, FrameSize size, double frameRate, double seconds, List<byte[]> frames) {

    static ClipFile read(Path file) throws IOException {
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
            grabber.start();
            int rowBytes = 3 * grabber.getImageWidth();
            List<byte[]> frames = new ArrayList<>();
            for (Frame frame = grabber.grabImage(); frame != null; frame = grabber.grabImage()) {
                ByteBuffer pixels = (ByteBuffer) frame.image[0];
                byte[] copy = new byte[rowBytes * frame.imageHeight];
                for (int row = 0; row < frame.imageHeight; row++) {
                    pixels.get(row * frame.imageStride, copy, row * rowBytes, rowBytes);
                }
                frames.add(copy);
            }
            return new ClipFile(
                    grabber.getVideoCodec(),
                    new FrameSize(grabber.getImageWidth(), grabber.getImageHeight()),
                    grabber.getVideoFrameRate(),
                    grabber.getLengthInTime() / 1e6,
                    frames);
        }
    }
}
