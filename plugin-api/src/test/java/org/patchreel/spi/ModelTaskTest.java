package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

class ModelTaskTest {

    private static final VideoFrame FRAME = frame(32, 16);

    @Test
    void takesFramesThatAreKnown() {
        List<KnownFrame> ends = List.of(new KnownFrame(0, FRAME), new KnownFrame(4, FRAME));
        assertEquals(ends, task(ends).known());
    }

    @Test
    void refusesKnownFramesThatDoNotFitTheFormat() {
        refuses("the index of a known frame must be 0 or more: -1", () -> new KnownFrame(-1, FRAME));
        refuses("the known frame 5 is behind the last of 5", () -> task(List.of(new KnownFrame(5, FRAME))));
        refuses(
                "the known frame 1 is given twice",
                () -> task(List.of(new KnownFrame(1, FRAME), new KnownFrame(1, FRAME))));
        refuses("a frame of 16x16 in a clip of 32x16", () -> task(List.of(new KnownFrame(0, frame(16, 16)))));
    }

    private static void refuses(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static ModelTask task(List<KnownFrame> known) {
        return new ModelTask("a red ball", "", new VideoFormat(32, 16, 5, 8), new SamplingParameters(7, 2, 1), known);
    }

    private static VideoFrame frame(int width, int height) {
        return new VideoFrame(width, height, ByteBuffer.allocate(3 * width * height));
    }
}
