package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

class FrameRateConverterTest {

    /** Grey levels of the frames that were delivered; the model's frame n is 10 n grey. */
    private final List<Integer> delivered = new ArrayList<>();

    private boolean closed;

    @Test
    void repeatsFramesUntilTheNextOneIsDue() throws IOException {
        assertEquals(List.of(0, 0, 0, 10, 10, 10, 20, 20), convert("8", "24", FrameInterpolation.REPEAT, 8, 5));
        assertEquals(List.of(0, 0, 10, 20, 20, 30, 40, 40), convert("16", "24", FrameInterpolation.REPEAT, 8, 9));
    }

    @Test
    void mixesNeighboursByTheirDistanceInTime() throws IOException {
        assertEquals(List.of(0, 3, 7, 10, 13, 17, 20), convert("8", "24", FrameInterpolation.BLEND, 7, 5));
        assertEquals(List.of(0, 7, 13, 20, 27, 33), convert("16", "24", FrameInterpolation.BLEND, 6, 5));
        assertEquals(List.of(0, 13, 27, 40), convert("16", "12", FrameInterpolation.BLEND, 4, 5));
    }

    @Test
    void leavesFramesOutAtALowerRate() throws IOException {
        assertEquals(List.of(0, 20, 40, 60), convert("24", "12", FrameInterpolation.REPEAT, 4, 9));
        assertEquals(List.of(0, 10, 30, 40, 60), convert("24", "16", FrameInterpolation.REPEAT, 5, 9));
    }

    @Test
    void cutsOffWhatTheModelMadeTooMuch() throws IOException {
        assertEquals(List.of(0, 10, 20), convert("8", "8", FrameInterpolation.REPEAT, 3, 5));
        assertEquals(List.of(0, 10, 20), convert("8", "8", FrameInterpolation.BLEND, 3, 5));
    }

    @Test
    void showsEachFrameOnceWhereRatesDifferByNtscsThousandth() throws IOException {
        assertEquals(List.of(0, 10, 20, 30), convert("24", "23.976", FrameInterpolation.BLEND, 4, 5));
        assertEquals(List.of(0, 10, 20, 30), convert("30", "29.97", FrameInterpolation.REPEAT, 4, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "8,24",
        "8,23.976",
        "8,25",
        "8,29.97",
        "8,30",
        "8,59.94",
        "8,60",
        "16,24",
        "16,23.976",
        "16,25",
        "16,29.97",
        "16,60",
        "24,25",
        "24,29.97",
        "24,16",
        "24,12",
        "24,1",
        "30,24",
        "60,59.94",
        "7,120"
    })
    void theMotionKeepsItsSpeedForAnyLength(String from, String to) throws IOException {
        FrameRate generated = FrameRate.parse("from", from);
        FrameRate rate = FrameRate.parse("to", to);
        for (FrameInterpolation interpolation : FrameInterpolation.values()) {
            FrameTiming timing = new FrameTiming(generated, rate, interpolation);
            for (int frames : new int[] {1, 2, 7, 100}) {
                int made = (int) timing.generatedFrames(frames);
                List<Integer> levels = convert(from, to, interpolation, frames, made);
                assertEquals(frames, levels.size());
                for (int i = 0; i < frames && made < 25; i++) {
                    double due = 10 * rate.seconds(i) * generated.numerator() / generated.denominator();
                    double off = due - levels.get(i);
                    assertTrue(
                            interpolation == FrameInterpolation.BLEND ? Math.abs(off) < 0.6 : off > -0.2 && off < 10.2,
                            from + " to " + to + ", frame " + i + ": " + levels.get(i) + " instead of " + due);
                }
                // with one frame less the clip would not be full
                if (made > 1) {
                    assertTrue(
                            convert(from, to, interpolation, frames, made - 1).size() < frames);
                }
            }
        }
    }

    private List<Integer> convert(String from, String to, FrameInterpolation interpolation, int frames, int made)
            throws IOException {
        delivered.clear();
        closed = false;
        FrameTiming timing = new FrameTiming(FrameRate.parse("from", from), FrameRate.parse("to", to), interpolation);
        byte[] shared = new byte[3 * 4 * 4]; // a model may use its buffer again
        try (FrameRateConverter converter = new FrameRateConverter(timing, frames, new Levels())) {
            for (int i = 0; i < made; i++) {
                Arrays.fill(shared, (byte) Math.min(255, 10 * i));
                converter.accept(new VideoFrame(4, 4, ByteBuffer.wrap(shared)));
            }
        }
        assertTrue(closed);
        return List.copyOf(delivered);
    }

    private final class Levels implements FrameSink {
        @Override
        public void accept(VideoFrame frame) {
            delivered.add(frame.rgb().get(0) & 255);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
