package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

class FrameScalerTest {
    private final TestFrames.Collector output = new TestFrames.Collector();

    private VideoFrame scale(VideoFrame frame, int width, int height) throws IOException {
        try (FrameScaler scaler = new FrameScaler(new FrameSize(width, height), output)) {
            scaler.accept(frame);
        }
        return output.frames.get(output.frames.size() - 1);
    }

    /** One level: swscale works in 15-bit Y'CbCr between the two. */
    @ParameterizedTest
    @ValueSource(ints = {0x000000, 0xffffff, 0x808080, 0xff0000, 0x00ff00, 0x0000ff, 0x12ab7e})
    void keepsAConstantColor(int color) throws IOException {
        for (int[] size : new int[][] {{320, 176}, {96, 96}, {64, 208}, {48, 32}}) {
            VideoFrame scaled = scale(TestFrames.solid(128, 80, color), size[0], size[1]);
            assertEquals(size[0], scaled.width());
            assertEquals(size[1], scaled.height());
            for (int y = 0; y < size[1]; y++) {
                for (int x = 0; x < size[0]; x++) {
                    int pixel = TestFrames.pixel(scaled, x, y);
                    assertTrue(
                            TestFrames.distance(color, pixel) <= 1,
                            String.format("%06x became %06x at %d,%d", color, pixel, x, y));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,400,128,128",
        "128,128,640,368",
        "368,640,640,368",
        "96,64,48,208",
        "832,480,1280,720",
        "16,16,32,64"
    })
    void keepsACircleRoundAndInTheMiddle(int inputWidth, int inputHeight, int width, int height) throws IOException {
        double scale = Math.max((double) width / inputWidth, (double) height / inputHeight);
        double radius = 0.3 * Math.min(width, height) / scale;
        VideoFrame scaled = scale(disc(inputWidth, inputHeight, radius), width, height);

        double sum = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXX = 0;
        double sumYY = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double weight = (TestFrames.pixel(scaled, x, y) & 0xff) / 255.0;
                sum += weight;
                sumX += weight * (x + 0.5);
                sumY += weight * (y + 0.5);
                sumXX += weight * (x + 0.5 - width / 2.0) * (x + 0.5 - width / 2.0);
                sumYY += weight * (y + 0.5 - height / 2.0) * (y + 0.5 - height / 2.0);
            }
        }
        // the cut is made at whole pixels of the input: half a pixel at most, in the output's pixels
        double tolerance = 0.5 * scale + 0.1;
        assertEquals(width / 2.0, sumX / sum, tolerance);
        assertEquals(height / 2.0, sumY / sum, tolerance);
        // both second moments of a disc are r²/4
        double expected = radius * scale;
        assertEquals(expected, 2 * Math.sqrt(sumXX / sum), 0.03 * expected + tolerance);
        assertEquals(1, Math.sqrt(sumXX / sumYY), 0.04);
    }

    /** Lanczos rings beside a step, by 9 % at most; away from it nothing may be seen of it. */
    @Test
    void keepsAnEdgeSharpAndInItsPlace() throws IOException {
        byte[] pixels = new byte[3 * 64 * 64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % 64 < 32 ? 40 : 200);
        }
        VideoFrame scaled = scale(new VideoFrame(64, 64, ByteBuffer.wrap(pixels)), 256, 256);
        for (int y = 0; y < 256; y += 17) {
            assertEquals(40, TestFrames.pixel(scaled, 100, y) & 0xff, 1);
            assertEquals(200, TestFrames.pixel(scaled, 156, y) & 0xff, 1);
            assertTrue((TestFrames.pixel(scaled, 124, y) & 0xff) < 60);
            assertTrue((TestFrames.pixel(scaled, 131, y) & 0xff) > 180);
        }
    }

    @Test
    void cutsTheSameOnBothSides() {
        assertEquals(new FrameSize(80, 80), CoverScaler.crop(new FrameSize(128, 80), new FrameSize(16, 16)));
        assertEquals(new FrameSize(128, 72), CoverScaler.crop(new FrameSize(128, 80), new FrameSize(1280, 720)));
        assertEquals(new FrameSize(128, 80), CoverScaler.crop(new FrameSize(128, 80), new FrameSize(256, 160)));
        assertEquals(new FrameSize(1, 16), CoverScaler.crop(new FrameSize(8192, 16), new FrameSize(16, 8192)));
    }

    @Test
    void passesFramesOfTheRightSizeUntouched() throws IOException {
        VideoFrame frame = TestFrames.moving(64, 48, 0);
        VideoFrame[] seen = new VideoFrame[1];
        FrameSink next = new FrameSink() {
            @Override
            public void accept(VideoFrame passed) {
                seen[0] = passed;
            }

            @Override
            public void close() {}
        };
        try (FrameScaler scaler = new FrameScaler(new FrameSize(64, 48), next)) {
            scaler.accept(frame);
        }
        assertSame(frame, seen[0]);
    }

    @Test
    void closesTheNextSinkOnce() throws IOException {
        FrameScaler scaler = new FrameScaler(new FrameSize(32, 32), output);
        scaler.accept(TestFrames.solid(64, 64, 0));
        scaler.close();
        scaler.close();
        assertEquals(1, output.closed);
        assertThrows(IllegalStateException.class, () -> scaler.accept(TestFrames.solid(64, 64, 0)));
    }

    @Test
    void refusesAChangeOfSize() throws IOException {
        try (FrameScaler scaler = new FrameScaler(new FrameSize(32, 32), output)) {
            scaler.accept(TestFrames.solid(64, 64, 0));
            assertThrows(IllegalArgumentException.class, () -> scaler.accept(TestFrames.solid(48, 64, 0)));
        }
    }

    private static VideoFrame disc(int width, int height, double radius) {
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double distance = Math.hypot(x + 0.5 - width / 2.0, y + 0.5 - height / 2.0);
                byte value = (byte) Math.round(255 * Math.max(0, Math.min(1, radius - distance + 0.5)));
                int at = 3 * (y * width + x);
                pixels[at] = value;
                pixels[at + 1] = value;
                pixels[at + 2] = value;
            }
        }
        return new VideoFrame(width, height, ByteBuffer.wrap(pixels));
    }
}
