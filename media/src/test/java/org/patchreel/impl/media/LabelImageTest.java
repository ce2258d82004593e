package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.TestFrames.Collector;
import org.patchreel.spi.VideoFrame;

class LabelImageTest {
    private static final List<FrameSize> SIZES = List.of(
            new FrameSize(1280, 720),
            new FrameSize(720, 1280),
            new FrameSize(480, 480),
            new FrameSize(640, 480),
            new FrameSize(1260, 540));

    /** What WCAG 2 (1.4.3) wants of text. */
    private static final double MIN_CONTRAST = 4.5;

    private static VideoFrame drawn(LabelImage label, VideoFrame frame) throws IOException {
        Collector frames = new Collector();
        try (LabelledFrames sink = new LabelledFrames(label, index -> true, frames)) {
            sink.accept(frame);
        }
        return frames.frames.get(0);
    }

    /** Ink is what is nearer to the text's white than to the box. */
    private static Rectangle ink(LabelLook look, FrameSize size) throws IOException {
        LabelImage label = LabelImage.of(look, size);
        VideoFrame frame = drawn(label, TestFrames.solid(size.width(), size.height(), 0));
        Rectangle box = label.box();
        Rectangle ink = new Rectangle(-1, -1);
        for (int y = box.y; y < box.y + box.height; y++) {
            for (int x = box.x; x < box.x + box.width; x++) {
                if ((TestFrames.pixel(frame, x, y) & 255) > 128) {
                    ink.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        return ink;
    }

    private static LabelLook look(String text, int height) {
        return new LabelLook(text, LabelPosition.TOP_RIGHT, height, 75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AI", "KI", "IA", "HT", "生", "成", "合", "생", "됨"})
    void capitalsIdeographsAndSyllablesAreAsHighAsAsked(String text) throws IOException {
        for (FrameSize size : SIZES) {
            for (int percent : new int[] {2, 5, 8, 15}) {
                int least = (int) Math.ceil(percent * Math.min(size.width(), size.height()) / 100.0);
                int height = ink(look(text, percent), size).height;
                assertTrue(height >= least, height + " of " + least + " rows of " + text + " in " + size);
                assertTrue(height <= 1.6 * least + 6, height + " rows are far more than " + least);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LabelPosition.class)
    void aLabelKeepsItsDistanceFromTheEdgesAtEveryPosition(LabelPosition position) throws IOException {
        for (FrameSize size : SIZES) {
            LabelLook look = new LabelLook("AI GENERATED", position, 5, 75);
            Rectangle box = LabelImage.of(look, size).box();
            double margin = 0.04 * Math.min(size.width(), size.height());
            Rectangle safe = new Rectangle(
                    (int) margin, (int) margin, size.width() - 2 * (int) margin, size.height() - 2 * (int) margin);
            assertTrue(safe.contains(box), box + " in " + size);
            assertTrue(box.contains(ink(look, size)), "ink in " + box);
            String name = position.label();
            assertEquals(name.startsWith("top"), box.y < size.height() / 2);
            assertEquals(name.endsWith("left"), box.getCenterX() < size.width() / 2.0 - 1);
            assertEquals(name.endsWith("right"), box.getCenterX() > size.width() / 2.0 + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x000000, 0xffffff, 0x808080, 0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x00ffff})
    void theTextIsReadableOnEveryBackground(int background) throws IOException {
        for (int opacity : new int[] {LabelLook.MIN_OPACITY, 75, 100}) {
            FrameSize size = SIZES.get(0);
            LabelImage label = LabelImage.of(new LabelLook("AI生成", LabelPosition.TOP, 8, opacity), size);
            VideoFrame frame = drawn(label, TestFrames.solid(size.width(), size.height(), background));
            Rectangle box = label.box();
            // the box has no ink in the middle of its left edge, the text is opaque white
            int behind = TestFrames.pixel(frame, box.x + 3, (int) box.getCenterY());
            double contrast = (luminance(0xffffff) + 0.05) / (luminance(behind) + 0.05);
            assertTrue(contrast >= MIN_CONTRAST, contrast + " at " + opacity + " %");
            boolean white = false;
            for (int x = box.x; x < box.x + box.width; x++) {
                white |= TestFrames.pixel(frame, x, (int) box.getCenterY()) == 0xffffff;
            }
            assertTrue(white);
            assertEquals(background, TestFrames.pixel(frame, box.x - 1, box.y));
        }
    }

    /** Relative luminance (WCAG 2). */
    private static double luminance(int rgb) {
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int channel = 0; channel < 3; channel++) {
            double value = ((rgb >> (16 - 8 * channel)) & 255) / 255.0;
            sum += weights[channel] * (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void aTextThatIsWiderThanTheFrameIsBrokenIntoLines() {
        FrameSize size = new FrameSize(180, 320);
        Rectangle one = LabelImage.of(look("AI", 8), size).box();
        Rectangle two = LabelImage.of(look("MADE BY AI ALONE", 8), size).box();
        assertTrue(two.height > 1.5 * one.height, two + " and " + one);
        assertTrue(two.width <= 180);
    }

    @Test
    void aLabelThatHasNoRoomIsRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> LabelImage.of(look("AI GENERATED", 30), new FrameSize(64, 64)));
        assertEquals(
                "the label “AI GENERATED” in letters of 21 pixels has no room in frames of 64x64",
                refused.getMessage());
    }

    @Test
    void charactersThatNoFontHasAreNamed() {
        assertEquals("", LabelImage.missing("AI GENERATED Ελλάδα Україна Đã tạo 人工智能生成 AI로 생성됨 द्वारा संशोधित"));
        assertEquals("ع😀", LabelImage.missing("AI ع😀ع"));
    }

    @Test
    void onlySomeFramesHaveTheLabelAndTheOthersPassUntouched() throws IOException {
        FrameSize size = new FrameSize(320, 180);
        LabelImage label = LabelImage.of(look("AI", 8), size);
        List<VideoFrame> sources = new ArrayList<>();
        Collector frames = new Collector();
        try (LabelledFrames sink = new LabelledFrames(label, index -> index < 3 || index == 7, frames)) {
            for (int i = 0; i < 10; i++) {
                sources.add(TestFrames.moving(320, 180, i));
                sink.accept(sources.get(i));
            }
        }
        for (int i = 0; i < 10; i++) {
            boolean same = frames.frames.get(i).rgb().equals(sources.get(i).rgb());
            assertEquals(i >= 3 && i != 7, same, "frame " + i);
        }
        assertEquals(1, frames.closed);
    }

    @Test
    void aFrameOfAnotherSizeIsRefused() {
        LabelledFrames sink = new LabelledFrames(
                LabelImage.of(look("AI", 8), new FrameSize(320, 180)), index -> true, new Collector());
        assertThrows(IllegalArgumentException.class, () -> sink.accept(TestFrames.solid(180, 320, 0)));
    }

    @Test
    void looksOutOfRangeAreRefused() {
        for (LabelLookTrial trial : List.<LabelLookTrial>of(
                () -> new LabelLook(" ", LabelPosition.TOP, 5, 75),
                () -> new LabelLook("AI", LabelPosition.TOP, 0, 75),
                () -> new LabelLook("AI", LabelPosition.TOP, 31, 75),
                () -> new LabelLook("AI", LabelPosition.TOP, 5, 59),
                () -> new LabelLook("AI", LabelPosition.TOP, 5, 101))) {
            assertThrows(IllegalArgumentException.class, trial::look);
        }
    }

    /** A look that cannot be. */
    private interface LabelLookTrial {
        LabelLook look();
    }
}
