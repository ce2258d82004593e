package org.patchreel.impl.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelledFrames;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.media.TestFrames.Collector;
import org.patchreel.spi.VideoFrame;

/** The label of each profile in 100 frames of five shapes, over whatever is behind it. */
class ProfilesInPixelsTest {
    private static final int FRAMES_OF_A_SHAPE = 20;

    private static final List<FrameSize> SHAPES = List.of(
            new FrameSize(640, 360),
            new FrameSize(360, 640),
            new FrameSize(360, 360),
            new FrameSize(480, 360),
            new FrameSize(840, 360));

    @ParameterizedTest
    @ValueSource(strings = {"eu", "cn", "in", "kr", "ca", "custom"})
    void theTextIsThereInFullHeightAndContrast(String profile) throws IOException {
        Random random = new Random(1);
        for (boolean composite : new boolean[] {false, true}) {
            VisibleLabel label = TestLabels.label(
                            Map.of(
                                    "profile",
                                    profile,
                                    "producer",
                                    "Studio",
                                    "opacity",
                                    60,
                                    "text",
                                    profile.equals("custom") ? "AI" : ""),
                            composite)
                    .orElseThrow();
            for (FrameSize size : SHAPES) {
                LabelImage image = LabelImage.of(label.look(), size);
                Rectangle box = image.box();
                assertTrue(new Rectangle(0, 0, size.width(), size.height()).contains(box));
                for (int i = 0; i < FRAMES_OF_A_SHAPE / 2; i++) {
                    VideoFrame frame = i % 2 == 0
                            ? TestFrames.moving(size.width(), size.height(), i)
                            : TestFrames.solid(size.width(), size.height(), random.nextInt(1 << 24));
                    Collector frames = new Collector();
                    try (LabelledFrames sink = new LabelledFrames(image, index -> true, frames)) {
                        sink.accept(frame);
                    }
                    assertReadable(frames.frames.get(0), frame, box, size);
                }
            }
        }
    }

    /** White text of 5 % of the shorter side or more in the box, which is darker than 46 % everywhere beside it. */
    private static void assertReadable(VideoFrame labelled, VideoFrame frame, Rectangle box, FrameSize size) {
        Rectangle ink = new Rectangle(-1, -1);
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                int pixel = TestFrames.pixel(labelled, x, y);
                if (!box.contains(x, y)) {
                    assertEquals(TestFrames.pixel(frame, x, y), pixel);
                } else if (pixel == 0xffffff) {
                    ink.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        assertTrue(ink.height >= 0.05 * Math.min(size.width(), size.height()), ink + " in " + box);
        for (int x = box.x + 2; x < ink.x - 2; x++) {
            int beside = TestFrames.pixel(labelled, x, (int) box.getCenterY());
            assertTrue(TestFrames.distance(beside, 0) < 118, Integer.toHexString(beside));
        }
    }
}
