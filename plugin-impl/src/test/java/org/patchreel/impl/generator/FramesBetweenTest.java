package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.Media;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/** The frames here are 16 pixels wide and 4 high, each of one grey. */
class FramesBetweenTest {

    private static final int WIDTH = 16;
    private static final int HEIGHT = 4;

    private final List<Integer> passed = new ArrayList<>();
    private int open;

    @Test
    void blendsTheClipWhereTheModelSaysNothingElse() throws IOException {
        // the model sees everything 20 too dark
        between(List.of(100, 120, 200), 2, List.of(80, 90, 100, 140, 180));
        assertEquals(List.of(110, 160), passed);
    }

    @Test
    void followsTheModelWhereTheClipChanges() throws IOException {
        // half way between 80 and 180 would be 130 for the model, which makes 180 of it: 50 more, nearly all of which
        // is believed
        between(List.of(100, 200), 2, List.of(80, 180, 180));
        assertEquals(List.of(198), passed);
    }

    @Test
    void doesNotFollowTheModelWhereTheClipStays() throws IOException {
        between(List.of(100, 100), 4, List.of(80, 200, 10, 70, 80));
        assertEquals(List.of(100, 100, 100), passed);
    }

    @Test
    void keepsToTheRangeOfAPixel() throws IOException {
        between(List.of(0, 250), 2, List.of(0, 255, 0));
        assertEquals(List.of(255), passed);
    }

    @Test
    void leavesOutWhatComesAfterTheLastFrameOfTheClip() throws IOException {
        between(List.of(100, 120), 2, List.of(100, 110, 120, 0, 0));
        assertEquals(List.of(110), passed);
    }

    @Test
    void endsWithAClipThatHasLostFrames() {
        IOException failure =
                assertThrows(IOException.class, () -> between(3, List.of(100, 120), 2, List.of(100, 110, 120, 0, 0)));
        assertEquals("the clip that is interpolated has lost frames", failure.getMessage());
        assertEquals(0, open);
    }

    @Test
    void framesOfTheClipStandAroundThoseThatWereMade() throws IOException {
        try (FrameSink sink = new InterleavedFrames(() -> source(List.of(1, 2, 3)), clip(3, 3), sink())) {
            for (int grey : List.of(11, 12, 21, 22)) {
                sink.accept(frame(grey));
            }
        }
        assertEquals(List.of(1, 11, 12, 2, 21, 22, 3, 3, 3), passed);
        assertEquals(0, open);
    }

    @Test
    void aModelStartsFromBlends() throws IOException {
        List<Integer> greys = new ArrayList<>();
        try (FrameSource blended = new BlendedFrames(source(List.of(10, 50, 90)), 4, 13)) {
            for (var frame = blended.next(); frame.isPresent(); frame = blended.next()) {
                greys.add(frame.get().rgb().get() & 0xff);
            }
        }
        assertEquals(List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 90, 90, 90, 90), greys);
        assertEquals(0, open);
    }

    @Test
    void changeIsTheMeanAroundAPixel() {
        byte[] one = new byte[3 * WIDTH * HEIGHT];
        byte[] other = one.clone();
        Arrays.fill(other, 0, 3, (byte) 90);
        float[] change = Change.between(one, other, WIDTH, HEIGHT, 1);
        // once 90/4, 90/6 and 90/9 around the corner, then the means of those
        assertEquals((22.5f + 15 + 15 + 10) / 4, change[0], 1e-4);
        assertEquals(0, change[3], 1e-4);
        float[] all = Change.between(one, filled(60), WIDTH, HEIGHT, 30);
        float[] expected = new float[WIDTH * HEIGHT];
        Arrays.fill(expected, 60);
        assertArrayEquals(expected, all, 1e-3f);
    }

    private void between(List<Integer> own, int factor, List<Integer> made) throws IOException {
        between(own.size(), own, factor, made);
    }

    private void between(int length, List<Integer> own, int factor, List<Integer> made) throws IOException {
        try (FrameSink sink = new FramesBetween(() -> source(own), clip(length, factor), 1, sink())) {
            for (int grey : made) {
                sink.accept(frame(grey));
            }
        }
        assertEquals(0, open);
    }

    private static WorkSource.Interpolated clip(int length, int factor) {
        return new WorkSource.Interpolated(
                new Media.Upload("ab".repeat(32), "a.mp4"), Optional.empty(), factor, length, true);
    }

    private FrameSink sink() {
        open++;
        return new FrameSink() {
            @Override
            public void accept(VideoFrame frame) {
                byte[] bytes = new byte[frame.rgb().remaining()];
                frame.rgb().get(bytes);
                for (byte each : bytes) {
                    assertEquals(bytes[0], each);
                }
                passed.add(bytes[0] & 0xff);
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    private FrameSource source(List<Integer> greys) {
        open++;
        Iterator<Integer> left = greys.iterator();
        return new FrameSource() {
            @Override
            public Optional<VideoFrame> next() {
                return left.hasNext() ? Optional.of(frame(left.next())) : Optional.empty();
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    private static VideoFrame frame(int grey) {
        return new VideoFrame(WIDTH, HEIGHT, ByteBuffer.wrap(filled(grey)));
    }

    private static byte[] filled(int grey) {
        byte[] bytes = new byte[3 * WIDTH * HEIGHT];
        Arrays.fill(bytes, (byte) grey);
        return bytes;
    }
}
