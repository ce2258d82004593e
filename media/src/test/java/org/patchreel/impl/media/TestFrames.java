package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Frames that can be computed again. */
public final class TestFrames {
    private TestFrames() {}

    /** A frame of one colour. */
    public static VideoFrame solid(int width, int height, int rgb) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) (rgb >> 16);
            pixels[i + 1] = (byte) (rgb >> 8);
            pixels[i + 2] = (byte) rgb;
        }
        return new VideoFrame(width, height, ByteBuffer.wrap(pixels));
    }

    /** Soft gradients that drift and a disc that moves, in a direct buffer. */
    public static VideoFrame moving(int width, int height, int time) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(3 * width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double u = (double) x / width;
                double v = (double) y / height;
                boolean disc = Math.hypot(u - 0.3 - 0.01 * time, v - 0.5) < 0.15;
                pixels.put((byte) (disc ? 220 : 120 + 80 * Math.sin(5 * u + 0.1 * time)));
                pixels.put((byte) (disc ? 60 : 120 + 80 * Math.cos(4 * v - 0.1 * time)));
                pixels.put((byte) (disc ? 50 : 130 + 60 * Math.sin(3 * (u + v))));
            }
        }
        return new VideoFrame(width, height, pixels.flip());
    }

    /** Pushes all frames of a format and closes the sink. */
    public static void feed(VideoFormat format, FrameSink sink) throws IOException {
        try (sink) {
            for (int i = 0; i < format.frameCount(); i++) {
                sink.accept(moving(format.width(), format.height(), i));
            }
        }
    }

    /** A pixel as 0xRRGGBB. */
    public static int pixel(VideoFrame frame, int x, int y) {
        int at = 3 * (y * frame.width() + x);
        ByteBuffer rgb = frame.rgb();
        return ((rgb.get(at) & 0xff) << 16) | ((rgb.get(at + 1) & 0xff) << 8) | (rgb.get(at + 2) & 0xff);
    }

    /** The largest difference of a channel. */
    public static int distance(int rgb, int other) {
        int largest = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            largest = Math.max(largest, Math.abs(((rgb >> shift) & 0xff) - ((other >> shift) & 0xff)));
        }
        return largest;
    }

    /** Peak signal-to-noise ratio of the luma (BT.709), in dB. */
    public static double psnr(VideoFrame frame, VideoFrame other) {
        ByteBuffer a = frame.rgb();
        ByteBuffer b = other.rgb();
        double sum = 0;
        for (int i = 0; i < a.remaining(); i += 3) {
            double difference = luma(a, i) - luma(b, i);
            sum += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255.0 * a.remaining() / 3 / Math.max(sum, 1e-9));
    }

    private static double luma(ByteBuffer rgb, int at) {
        return 0.2126 * (rgb.get(at) & 0xff) + 0.7152 * (rgb.get(at + 1) & 0xff) + 0.0722 * (rgb.get(at + 2) & 0xff);
    }

    /** Keeps copies of what it is given. */
    public static final class Collector implements FrameSink {
        public final List<VideoFrame> frames = new ArrayList<>();
        public int closed;

        @Override
        public void accept(VideoFrame frame) {
            ByteBuffer copy = ByteBuffer.allocate(frame.rgb().remaining());
            frames.add(new VideoFrame(
                    frame.width(),
                    frame.height(),
                    copy.put(frame.rgb().duplicate()).flip()));
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
