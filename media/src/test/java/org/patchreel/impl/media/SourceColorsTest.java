package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.impl.media.ShownFrames.assertColor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/** What colours the numbers of a file become. Samples are computed here from the standards' formulas. */
class SourceColorsTest {
    private static final int[] CHART = {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0xffffff, 0x000000, 0x336699, 0x808080};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** Luma coefficients of red and blue. */
    private record Matrix(double red, double blue) {
        static final Matrix BT601 = new Matrix(0.299, 0.114);
        static final Matrix BT709 = new Matrix(0.2126, 0.0722);
        static final Matrix BT2020 = new Matrix(0.2627, 0.0593);

        /** Y', Cb, Cr of R'G'B' from 0 to 1. */
        double[] coded(double r, double g, double b) {
            double y = red * r + (1 - red - blue) * g + blue * b;
            return new double[] {y, (b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red)};
        }
    }

    /** Codes of a colour. */
    private static int[] codes(double[] coded, int bits, boolean full) {
        int unit = 1 << (bits - 8);
        double max = (1 << bits) - 1;
        return new int[] {
            (int) Math.round(full ? max * coded[0] : unit * (16 + 219 * coded[0])),
            (int) Math.round(full ? Math.min(max, 128 * unit + max * coded[1]) : unit * (128 + 224 * coded[1])),
            (int) Math.round(full ? Math.min(max, 128 * unit + max * coded[2]) : unit * (128 + 224 * coded[2]))
        };
    }

    private static int[] codes(int rgb, Matrix matrix, int bits, boolean full) {
        return codes(matrix.coded((rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0), bits, full);
    }

    private TestClip clip(int format, int width, int height, int space, int range, int transfer, int primaries) {
        return new TestClip(folder.resolve("clip.mkv"), format, width, height)
                .with(context -> context.colorspace(space)
                        .color_range(range)
                        .color_trc(transfer)
                        .color_primaries(primaries));
    }

    private Path solid(int[] codes, int format, int size, int space, int range) throws IOException {
        return clip(format, size, size, space, range, avutil.AVCOL_TRC_BT709, avutil.AVCOL_PRI_BT709)
                .write(1, (frame, plane, x, y) -> codes[plane]);
    }

    @ParameterizedTest
    @CsvSource({"5,BT601,false", "6,BT601,false", "1,BT709,false", "9,BT2020,false", "1,BT709,true", "5,BT601,true"})
    void everyMatrixAndRangeIsRespected(int space, String name, boolean full) throws IOException {
        Matrix matrix = name.equals("BT601") ? Matrix.BT601 : name.equals("BT709") ? Matrix.BT709 : Matrix.BT2020;
        int range = full ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG;
        for (int bits : new int[] {8, 10}) {
            int format = bits == 8 ? avutil.AV_PIX_FMT_YUV420P : avutil.AV_PIX_FMT_YUV422P10LE;
            Path file = clip(format, 64, 64, space, range, avutil.AVCOL_TRC_BT709, avutil.AVCOL_PRI_BT709)
                    .write(CHART.length, (frame, plane, x, y) -> codes(CHART[frame], matrix, bits, full)[plane]);
            try (SourceReader reader = SourceReader.open(file, new FrameSize(64, 64), Fit.COVER)) {
                for (int rgb : CHART) {
                    assertColor(rgb, reader.next().orElseThrow(), 32, 32, 2);
                }
            }
        }
    }

    /** As players guess. */
    @Test
    void aMatrixThatIsNotToldFollowsFromTheSize() throws IOException {
        int unknown = avutil.AVCOL_SPC_UNSPECIFIED;
        int limited = avutil.AVCOL_RANGE_MPEG;
        int[] sd = codes(0x00ff00, Matrix.BT601, 8, false);
        assertColor(0x00ff00, ShownFrames.color(solid(sd, avutil.AV_PIX_FMT_YUV420P, 480, unknown, limited)), 2);
        int[] hd = codes(0x00ff00, Matrix.BT709, 8, false);
        assertColor(0x00ff00, ShownFrames.color(solid(hd, avutil.AV_PIX_FMT_YUV420P, 720, unknown, limited)), 2);
    }

    @Test
    void aMatrixThatIsNotReadIsNamed() throws IOException {
        Path file = solid(new int[] {100, 128, 128}, avutil.AV_PIX_FMT_YUV444P, 64, avutil.AVCOL_SPC_YCGCO, 1);
        String message = String.valueOf(
                assertThrows(IOException.class, () -> SourceReader.probe(file)).getMessage());
        assertEquals(file + ": colours coded with the matrix ycgco cannot be read", message);
    }

    @Test
    void grayVideoIsRead() throws IOException {
        int[] gray = {128};
        assertColor(0x808080, ShownFrames.color(solid(gray, avutil.AV_PIX_FMT_GRAY8, 64, 2, 2)), 2);
    }

    @Test
    void clipsWithAlphaAreShownOverBlack() throws IOException {
        int[] yuv = codes(0xc86432, Matrix.BT709, 8, false);
        int[] codes = {yuv[0], yuv[1], yuv[2], 128};
        Path file = solid(codes, avutil.AV_PIX_FMT_YUVA444P, 64, 1, 1);
        assertColor(0x643219, ShownFrames.color(file), 2);
        assertTrue(SourceReader.probe(file).alpha());
    }

    /** Chroma changes at luma column 32: with samples at the left it is half way at column 31, the mean at 31.5. */
    @Test
    void chromaLiesWhereTheFileSays() throws IOException {
        int[] gray = codes(0x808080, Matrix.BT709, 8, false);
        int[] colored = codes(0xa08060, Matrix.BT709, 8, false);
        for (int location : new int[] {avutil.AVCHROMA_LOC_LEFT, avutil.AVCHROMA_LOC_CENTER}) {
            Path file = clip(avutil.AV_PIX_FMT_YUV420P, 64, 64, 1, 1, 1, 1)
                    .with(context -> context.chroma_sample_location(location))
                    .write(1, (frame, plane, x, y) -> plane == 0 ? 120 : x < 16 ? gray[plane] : colored[plane]);
            VideoFrame frame = ShownFrames.first(file, new FrameSize(64, 64), Fit.COVER);
            double before = red(frame, 8);
            double after = red(frame, 56);
            double at31 = (red(frame, 31) - before) / (after - before);
            assertEquals(location == avutil.AVCHROMA_LOC_LEFT ? 0.5 : 0.2, at31, 0.12);
        }
    }

    private static int red(VideoFrame frame, int x) {
        return TestFrames.pixel(frame, x, 32) >> 16;
    }

    /** SMPTE ST 2084: the code of a luminance in cd/m². */
    private static double pq(double luminance) {
        double y = Math.pow(luminance / 10_000, 2610.0 / 16384);
        return Math.pow((3424.0 / 4096 + 2413.0 / 128 * y) / (1 + 2392.0 / 128 * y), 2523.0 / 32);
    }

    /** ITU-R BT.2100: the code of a scene's light. */
    private static double hlg(double light) {
        return light <= 1.0 / 12 ? Math.sqrt(3 * light) : 0.17883277 * Math.log(12 * light - 0.28466892) + 0.55991073;
    }

    /** The code that is displayed with a luminance where white is 1000 cd/m². */
    private static double hlgDisplayed(double luminance) {
        return hlg(Math.pow(luminance / 1000, 1 / 1.2));
    }

    private Path hdr(double red, double green, double blue, boolean pq) throws IOException {
        int[] codes = codes(Matrix.BT2020.coded(red, green, blue), 10, false);
        return hdrClip(pq).write(1, (frame, plane, x, y) -> codes[plane]);
    }

    private TestClip hdrClip(boolean pq) {
        int transfer = pq ? avutil.AVCOL_TRC_SMPTE2084 : avutil.AVCOL_TRC_ARIB_STD_B67;
        return clip(avutil.AV_PIX_FMT_YUV420P10LE, 64, 64, avutil.AVCOL_SPC_BT2020_NCL, 1, transfer, 9);
    }

    private int gray(double luminance, boolean pq) throws IOException {
        double code = pq ? pq(luminance) : hlgDisplayed(luminance);
        int color = ShownFrames.color(hdr(code, code, code, pq));
        assertColor(color >> 16 << 16 | (color >> 16) << 8 | color >> 16, color, 2);
        return color >> 16;
    }

    /** sRGB of light from 0 to 1. */
    private static double srgb(double light) {
        return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void highDynamicRangeIsMappedToTheStandardOne(boolean pq) throws IOException {
        assertTrue(SourceReader.probe(hdr(0.5, 0.5, 0.5, pq)).highDynamicRange());
        assertEquals(0, gray(0, pq));
        assertEquals(srgb(0.18), gray(0.18 * 203, pq), 2, "mid grey stays mid grey");
        assertEquals(srgb(0.5), gray(0.5 * 203, pq), 2);
        int white = gray(203, pq);
        assertTrue(white >= 220 && white <= 240, "reference white is near to white: " + white);
        assertEquals(255, gray(1000, pq), 1);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void brighterStaysBrighter(boolean pq) throws IOException {
        Path file = hdrClip(pq).write(1, (frame, plane, x, y) -> plane == 0 ? 64 + 876 * x / 63 : 512);
        VideoFrame frame = ShownFrames.first(file, new FrameSize(64, 64), Fit.COVER);
        int before = -1;
        List<Integer> levels = new ArrayList<>();
        for (int x = 0; x < 64; x++) {
            int green = TestFrames.pixel(frame, x, 32) >> 8 & 0xff;
            assertTrue(green >= before, x + ": " + green + " after " + before);
            before = green;
            levels.add(green);
        }
        assertEquals(0, levels.get(0));
        assertEquals(255, levels.get(63));
        assertTrue(levels.stream().distinct().count() > 40, levels.toString());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void saturatedColorsKeepTheirHue(boolean pq) throws IOException {
        double light = pq ? pq(203) : hlgDisplayed(203);
        int red = ShownFrames.color(hdr(light, 0, 0, pq));
        assertTrue(red >> 16 > 220 && (red & 0xffff) == 0, Integer.toHexString(red));
        int blue = ShownFrames.color(hdr(0, 0, light, pq));
        assertTrue((blue & 0xff) > 180 && (blue >> 8 & 0xff) < 20, Integer.toHexString(blue));
        int brightRed = ShownFrames.color(hdr(1, 0, 0, pq));
        assertEquals(0xff0000, brightRed);
    }

    /** BT.709's own red at 100 cd/m², given in the primaries of BT.2020 (ITU-R BT.2087). */
    @Test
    void primariesAreConverted() throws IOException {
        int red = ShownFrames.color(hdr(pq(62.74), pq(6.91), pq(1.64), true));
        assertColor((int) Math.round(srgb(100 / 203.0)) << 16, red, 10);
        assertEquals(srgb(100 / 203.0), red >> 16, 3);
    }

    /** Half of P3's red, in sRGB by the matrix of its primaries; grey stays as it is. */
    @Test
    void wideGamutOfTheStandardRangeIsConverted() throws IOException {
        int p3 = avutil.AVCOL_PRI_SMPTE432;
        int[] codes = codes(0xb46464, Matrix.BT709, 8, false);
        Path file = clip(avutil.AV_PIX_FMT_YUV444P, 64, 64, 1, 1, avutil.AVCOL_TRC_BT709, p3)
                .write(1, (frame, plane, x, y) -> codes[plane]);
        assertFalse(SourceReader.probe(file).highDynamicRange());
        double red = linear(0xb4);
        double other = linear(0x64);
        int expected = (int) Math.round(srgb(1.224940 * red - 0.224940 * other)) << 16
                | (int) Math.round(srgb(-0.042057 * red + 1.042057 * other)) << 8
                | (int) Math.round(srgb(-0.019638 * red + (1.098274 - 0.078636) * other));
        assertColor(expected, ShownFrames.color(file), 2);
        int[] gray = codes(0x808080, Matrix.BT709, 8, false);
        Path neutral = clip(avutil.AV_PIX_FMT_YUV444P, 64, 64, 1, 1, avutil.AVCOL_TRC_BT709, p3)
                .write(1, (frame, plane, x, y) -> gray[plane]);
        assertColor(0x808080, ShownFrames.color(neutral), 2);
    }

    private static double linear(int code) {
        return Math.pow((code / 255.0 + 0.055) / 1.055, 2.4);
    }
}
