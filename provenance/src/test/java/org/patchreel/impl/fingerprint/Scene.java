package org.patchreel.impl.fingerprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** A made-up scene: waves that drift and discs that move, another one for each seed. It can be seen at any time and place. */
public final class Scene {
    private static final int WAVES = 8;
    private static final int DISCS = 5;

    private final double[][] waves = new double[WAVES][];
    private final double[][] discs = new double[DISCS][];

    public Scene(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < WAVES; i++) {
            waves[i] = random.doubles(5, -1, 1).toArray();
        }
        for (int i = 0; i < DISCS; i++) {
            discs[i] = random.doubles(6, 0, 1).toArray();
        }
    }

    /** Luma, 0 to 255, of a place (0 to 1 within the picture) at a time in seconds. */
    public double luma(double x, double y, double seconds) {
        double luma = 128;
        for (double[] wave : waves) {
            luma += 25 * wave[0] * Math.sin(14 * wave[1] * x + 14 * wave[2] * y + wave[3] * seconds + 9 * wave[4]);
        }
        for (double[] disc : discs) {
            double dx = x - (disc[0] + 0.12 * (disc[1] - 0.5) * seconds);
            double dy = y - (disc[2] + 0.12 * (disc[3] - 0.5) * seconds);
            if (Math.hypot(dx, dy) < 0.05 + 0.15 * disc[4]) {
                luma += 120 * (disc[5] - 0.5);
            }
        }
        return Math.max(0, Math.min(255, luma));
    }

    /** Says what is at a place of a picture. */
    public interface View {
        double luma(double x, double y, double seconds);
    }

    /** A grey picture of a view. */
    static byte[] picture(View view, int width, int height, double seconds) {
        byte[] grey = new byte[width * height];
        for (int i = 0; i < grey.length; i++) {
            int row = i / width;
            double x = (i % width + 0.5) / width;
            grey[i] = (byte) Math.round(view.luma(x, (row + 0.5) / height, seconds));
        }
        return grey;
    }

    /** Pictures of a view at 12 frames a second; the operator says what time it is in the scene. */
    public static FilePictures film(View view, double seconds, DoubleUnaryOperator time) {
        FilePictures pictures = new FilePictures();
        for (int i = 0; i < 12 * seconds; i++) {
            pictures.add(picture(view, 96, 54, time.applyAsDouble(i / 12.0)), 96, 54, i / 12.0);
        }
        return pictures;
    }

    /** The scene as a generated clip: its fingerprint, taken on the way to the encoder. */
    public Fingerprint fingerprint(VideoFormat format) {
        try (FingerprintingSink sink = new FingerprintingSink(format, new Discarding())) {
            for (int i = 0; i < format.frameCount(); i++) {
                sink.accept(frame(format, i));
            }
            return sink.fingerprint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A frame of the scene as a generated clip. */
    public VideoFrame frame(VideoFormat format, int index) {
        byte[] grey = picture(
                this::luma, format.width(), format.height(), format.frameRate().seconds(index));
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * grey.length);
        for (byte each : grey) {
            rgb.put(each).put(each).put(each);
        }
        return new VideoFrame(format.width(), format.height(), rgb.flip());
    }

    /** Drops what it is given, and counts. */
    static final class Discarding implements FrameSink {
        final List<VideoFrame> frames = new ArrayList<>();
        int closed;

        @Override
        public void accept(VideoFrame frame) {
            frames.add(frame);
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
