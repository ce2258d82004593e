package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;

class ColorConverterTest {
    /** ITU-R BT.709-6, items 3.2 to 3.5, for 8 bits; swscale's fixed point and its rounding are good for one level. */
    @ParameterizedTest
    @ValueSource(ints = {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x00ffff, 0xff00ff, 0xffffff, 0x000000, 0x336699})
    void convertsToLimitedRangeWithTheMatrixOfBt709(int rgb) {
        double red = (rgb >> 16) / 255.0;
        double green = (rgb >> 8 & 0xff) / 255.0;
        double blue = (rgb & 0xff) / 255.0;
        double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;

        FrameSize size = new FrameSize(64, 32);
        Ffmpeg.load();
        try (Picture source = new Picture(size, avutil.AV_PIX_FMT_RGB24);
                Picture target = new Picture(size, avutil.AV_PIX_FMT_YUV420P);
                ColorConverter converter = ColorConverter.toYuv420p(size)) {
            source.fillFromMiddle(TestFrames.solid(64, 32, rgb));
            converter.convert(source.frame(), target.frame());

            assertEquals(16 + 219 * luma, sample(target.frame(), 0), 1);
            assertEquals(128 + 224 * (blue - luma) / 1.8556, sample(target.frame(), 1), 1);
            assertEquals(128 + 224 * (red - luma) / 1.5748, sample(target.frame(), 2), 1);
        }
    }

    private static int sample(AVFrame frame, int plane) {
        return frame.data(plane).get(5L * frame.linesize(plane) + 7) & 0xff;
    }
}
