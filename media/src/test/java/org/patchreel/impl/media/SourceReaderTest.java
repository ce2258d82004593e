package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.impl.media.ShownFrames.assertColor;
import static org.patchreel.impl.media.ShownFrames.assertQuarters;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/** How pictures and frames are laid out: size, orientation, aspect, transparency, formats of pictures. */
class SourceReaderTest {
    private static final FrameSize SMALL = new FrameSize(16, 16);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path picture(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    @ParameterizedTest
    @CsvSource({"png,1", "bmp,1", "gif,1", "jpg,8"})
    void picturesKeepTheirColors(String format, int tolerance) throws IOException {
        Path file = picture(ShownFrames.quarters(200, 100), format);
        SourceInfo info = SourceReader.probe(file);
        assertEquals(new FrameSize(200, 100), info.size());
        assertTrue(info.picture());
        assertEquals(1, info.frames());
        assertQuarters("RGBW", ShownFrames.picture(file, new FrameSize(100, 50), Fit.COVER), tolerance);
        assertQuarters("RGBW", ShownFrames.picture(file, new FrameSize(400, 200), Fit.COVER), tolerance);
        assertQuarters("RGBW", ShownFrames.picture(file, new FrameSize(200, 100), Fit.CONTAIN), tolerance);
    }

    @Test
    void coverCutsWhatStandsOver() throws IOException {
        BufferedImage image = new BufferedImage(300, 100, BufferedImage.TYPE_3BYTE_BGR);
        for (int x = 0; x < 300; x++) {
            for (int y = 0; y < 100; y++) {
                image.setRGB(x, y, x < 100 ? 0xff0000 : x < 200 ? 0x00ff00 : 0x0000ff);
            }
        }
        VideoFrame frame = ShownFrames.picture(picture(image, "png"), new FrameSize(60, 60), Fit.COVER);
        for (int x : new int[] {3, 30, 56}) {
            assertColor(0x00ff00, frame, x, 30, 1);
        }
    }

    @Test
    void containShowsAllWithBlackBorders() throws IOException {
        Path file = picture(ShownFrames.quarters(300, 100), "png");
        VideoFrame wide = ShownFrames.picture(file, new FrameSize(60, 60), Fit.CONTAIN);
        assertColor(0, wide, 30, 19, 0);
        assertColor(0xff0000, wide, 5, 22, 1);
        assertColor(0xffffff, wide, 55, 37, 1);
        assertColor(0, wide, 30, 40, 0);
        VideoFrame narrow = ShownFrames.picture(file, new FrameSize(600, 100), Fit.CONTAIN);
        assertColor(0, narrow, 149, 50, 0);
        assertColor(0xff0000, narrow, 152, 25, 1);
        assertColor(0xffffff, narrow, 447, 75, 1);
        assertColor(0, narrow, 450, 50, 0);
    }

    /** By Lanczos and by the area. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 8, 50})
    void finePatternsBecomeTheirMeanWhereItShrinks(int factor) throws IOException {
        BufferedImage image = new BufferedImage(400, 400, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 400; y++) {
            for (int x = 0; x < 400; x++) {
                image.setRGB(x, y, (x + y) % 2 == 0 ? 0xffffff : 0);
            }
        }
        FrameSize size = new FrameSize(400 / factor, 400 / factor);
        VideoFrame frame = ShownFrames.picture(picture(image, "png"), size, Fit.COVER);
        for (int i = 0; i < size.width(); i++) {
            assertColor(0x7f7f7f, frame, i, size.height() / 2, 8);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "3,5", "17,1", "8192,1", "1,8192", "101,67"})
    void everySizeIsReadIntoEverySize(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, 0x4080c0);
            }
        }
        Path file = picture(image, "jpg");
        for (FrameSize size : new FrameSize[] {new FrameSize(1, 1), new FrameSize(7, 3), new FrameSize(640, 368)}) {
            VideoFrame cover = ShownFrames.picture(file, size, Fit.COVER);
            assertColor(0x4080c0, cover, size.width() / 2, size.height() / 2, 3);
            assertColor(0x4080c0, cover, size.width() - 1, size.height() - 1, 3);
            VideoFrame contain = ShownFrames.picture(file, size, Fit.CONTAIN);
            assertColor(0x4080c0, contain, (size.width() - 1) / 2, (size.height() - 1) / 2, 3);
        }
    }

    /** TIFF 6.0 and Exif 2.3: what the first row and the first column of the stored picture are displayed as. */
    @ParameterizedTest
    @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB"})
    void photosAreTurnedAsTheirExifDataSay(int orientation, String order) throws IOException {
        Path file = picture(ShownFrames.quarters(128, 64), "jpg");
        Files.write(file, withExif(Files.readAllBytes(file), orientation));
        assertOriented(file, orientation >= 5, order);
    }

    private static void assertOriented(Path file, boolean turned, String order) throws IOException {
        FrameSize size = turned ? new FrameSize(64, 128) : new FrameSize(128, 64);
        assertEquals(size, SourceReader.probe(file).size());
        assertQuarters(order, ShownFrames.first(file, size, Fit.COVER), 8);
        assertQuarters(order, ShownFrames.first(file, new FrameSize(90, 90), Fit.COVER), 8);
        VideoFrame contained = ShownFrames.first(file, new FrameSize(90, 90), Fit.CONTAIN);
        assertColor(0, contained, turned ? 10 : 45, turned ? 45 : 10, 0);
        assertTrue(TestFrames.pixel(contained, turned ? 33 : 55, turned ? 55 : 33) != 0);
    }

    private static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    private static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] exif = exif(orientation);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(jpeg, 0, 2);
        whole.writeBytes(ByteBuffer.allocate(10)
                .putShort((short) 0xffe1)
                .putShort((short) (8 + exif.length))
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .array());
        whole.writeBytes(exif);
        whole.write(jpeg, 2, jpeg.length - 2);
        return whole.toByteArray();
    }

    @Test
    void pngPicturesAreTurnedAsTheirExifDataSay() throws IOException {
        Path file = picture(ShownFrames.quarters(128, 64), "png");
        byte[] png = Files.readAllBytes(file);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(png, 0, 33);
        HostileFiles.chunk(new DataOutputStream(whole), "eXIf", exif(6));
        whole.write(png, 33, png.length - 33);
        Files.write(file, whole.toByteArray());
        assertOriented(file, true, "BRWG");
    }

    private static TestClip.Samples quarters(int width, int height) {
        int[][] values = {{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}};
        return (frame, plane, x, y) ->
                values[plane == 0 ? 0 : plane == 1 ? 1 : 2][(x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2)];
    }

    /** The matrices that phones write: x′ = ax + cy, y′ = bx + dy. */
    @ParameterizedTest
    @CsvSource({
        "1,0,0,1,RGBW",
        "-1,0,0,1,GRWB",
        "-1,0,0,-1,WBGR",
        "1,0,0,-1,BWRG",
        "0,1,1,0,RBGW",
        "0,1,-1,0,BRWG",
        "0,-1,-1,0,WGBR",
        "0,-1,1,0,GWRB"
    })
    void clipsAreTurnedAsTheirTrackSays(int a, int b, int c, int d, String order) throws IOException {
        Path file = new TestClip(folder.resolve("phone.mov"), avutil.AV_PIX_FMT_RGB24, 128, 64)
                .encoder("png")
                .displayed(a, b, c, d)
                .write(3, quarters(128, 64));
        assertOriented(file, a == 0, order);
    }

    @Test
    void pixelsThatAreNotSquareBecomeSquare() throws IOException {
        Path file = new TestClip(folder.resolve("anamorphic.mov"), avutil.AV_PIX_FMT_RGB24, 64, 64)
                .encoder("png")
                .with(context ->
                        context.sample_aspect_ratio(new AVRational().num(2).den(1)))
                .track(stream ->
                        stream.sample_aspect_ratio(new AVRational().num(2).den(1)))
                .write(1, quarters(64, 64));
        assertEquals(new FrameSize(128, 64), SourceReader.probe(file).size());
        VideoFrame contained = ShownFrames.first(file, new FrameSize(120, 120), Fit.CONTAIN);
        assertColor(0, contained, 60, 28, 0);
        assertColor(0xff0000, contained, 4, 33, 2);
        assertColor(0xffffff, contained, 115, 86, 2);
        assertColor(0, contained, 60, 91, 0);
        assertQuarters("RGBW", ShownFrames.first(file, new FrameSize(128, 64), Fit.COVER), 2);
    }

    @Test
    void tallPixelsOfATurnedClipBecomeSquare() throws IOException {
        Path file = new TestClip(folder.resolve("tall.mov"), avutil.AV_PIX_FMT_RGB24, 64, 64)
                .encoder("png")
                .with(context ->
                        context.sample_aspect_ratio(new AVRational().num(1).den(2)))
                .track(stream ->
                        stream.sample_aspect_ratio(new AVRational().num(1).den(2)))
                .displayed(0, 1, -1, 0)
                .write(1, quarters(64, 64));
        assertEquals(new FrameSize(128, 64), SourceReader.probe(file).size());
        assertQuarters("BRWG", ShownFrames.first(file, new FrameSize(128, 64), Fit.CONTAIN), 2);
    }

    @Test
    void transparentPixelsAreShownOverBlack() throws IOException {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_4BYTE_ABGR);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, i % 64 < 32 ? 0x80c86432 : 0x00ffffff);
        }
        Path file = picture(image, "png");
        assertTrue(SourceReader.probe(file).alpha());
        VideoFrame frame = ShownFrames.picture(file, new FrameSize(32, 32), Fit.COVER);
        assertColor(0x643219, frame, 8, 16, 1); // 128 of 255 parts of 200, 100, 50
        assertColor(0x000000, frame, 24, 16, 0);
        assertColor(0x643219, frame, 14, 16, 12); // no white of what is invisible
    }

    @Test
    void aPictureWithAnOpaqueAlphaChannelHasNone() throws IOException {
        Path file = new TestPng(16, 16, 8, TestPng.RGB_ALPHA).write(folder.resolve("a.png"), 10, 20, 30, 255);
        assertEquals(new SourceInfo(SMALL, 0, 1, 0, false, false), SourceReader.probe(file));
        assertColor(0x0a141e, ShownFrames.color(file), 1);
    }

    @Test
    void everyFormOfPngIsRead() throws IOException {
        Path file = folder.resolve("form.png");
        assertColor(0xffffff, color(new TestPng(16, 16, 1, TestPng.GRAY).write(file, 0xff)), 0);
        assertColor(0x555555, color(new TestPng(16, 16, 2, TestPng.GRAY).write(file, 0x55)), 1);
        assertColor(0x888888, color(new TestPng(16, 16, 4, TestPng.GRAY).write(file, 0x88)), 1);
        assertColor(0x646464, color(new TestPng(16, 16, 8, TestPng.GRAY).write(file, 100)), 1);
        assertColor(0x808080, color(new TestPng(16, 16, 16, TestPng.GRAY).write(file, 0x80, 0x80)), 1);
        assertColor(0x326496, color(new TestPng(16, 16, 8, TestPng.RGB).write(file, 50, 100, 150)), 1);
        assertColor(
                0x40c020, color(new TestPng(16, 16, 16, TestPng.RGB).write(file, 0x40, 0x40, 0xc0, 0xc0, 32, 32)), 1);
        assertColor(0x643219, color(new TestPng(16, 16, 8, TestPng.RGB_ALPHA).write(file, 200, 100, 50, 128)), 1);
        assertColor(
                0x643219,
                color(new TestPng(16, 16, 16, TestPng.RGB_ALPHA).write(file, 200, 200, 100, 100, 50, 50, 128, 128)),
                2);
        assertColor(0x646464, color(new TestPng(16, 16, 8, TestPng.GRAY_ALPHA).write(file, 200, 128)), 1);
        assertColor(0x646464, color(new TestPng(16, 16, 16, TestPng.GRAY_ALPHA).write(file, 200, 200, 128, 128)), 2);
        for (int depth : new int[] {1, 2, 4, 8}) {
            TestPng opaque = new TestPng(16, 16, depth, TestPng.PALETTE).chunk("PLTE", 9, 9, 9, 50, 100, 150);
            int ones = new int[] {0xff, 0x55, 0, 0x11, 0, 0, 0, 1}[depth - 1];
            assertColor(0x326496, color(opaque.write(file, ones)), 1);
            TestPng transparent = new TestPng(16, 16, depth, TestPng.PALETTE)
                    .chunk("PLTE", 9, 9, 9, 200, 100, 50)
                    .chunk("tRNS", 255, 128);
            assertColor(0x643219, color(transparent.write(file, ones)), 1);
            assertTrue(SourceReader.probe(file).alpha());
        }
        TestPng keyed = new TestPng(16, 16, 8, TestPng.RGB).chunk("tRNS", 0, 50, 0, 100, 0, 150);
        assertColor(0, color(keyed.write(file, 50, 100, 150)), 0);
    }

    private static int color(Path file) throws IOException {
        return ShownFrames.color(file);
    }

    /** Red, green, blue and a grey of half the ink, as printers mix them: written by Pillow, inverted as Photoshop does. */
    @Test
    void picturesForPrintersAreConverted() throws IOException {
        Path file = resource("cmyk.jpg");
        VideoFrame frame = ShownFrames.picture(file, new FrameSize(32, 32), Fit.COVER);
        assertColor(0xff0000, frame, 8, 8, 4);
        assertColor(0x00ff00, frame, 24, 8, 4);
        assertColor(0x0000ff, frame, 8, 24, 4);
        assertColor(0x7f7f7f, frame, 24, 24, 4);
        assertEquals(new SourceInfo(new FrameSize(32, 32), 0, 1, 0, false, false), SourceReader.probe(file));
    }

    @Test
    void webpIsRead() throws IOException {
        Path file = resource("picture.webp");
        assertEquals(new SourceInfo(new FrameSize(96, 64), 0, 1, 0, false, false), SourceReader.probe(file));
        assertEquals(
                96, ShownFrames.picture(file, new FrameSize(96, 64), Fit.COVER).width());
    }

    /** The track of pictures of a clip with sound is taken out. */
    @Test
    void aFileOfSoundAloneIsRefused() throws IOException {
        Path file = resource("delayed.mp4");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        int track = bytes.lastIndexOf("trak", bytes.indexOf("vide"));
        String sound = bytes.substring(0, track) + "free" + bytes.substring(track + 4);
        Files.writeString(file, sound, StandardCharsets.ISO_8859_1);
        for (IOException e : refusals(file)) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": no video track: "), e.toString());
        }
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SourceReaderTest.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return file;
    }

    private static List<IOException> refusals(Path file) {
        return List.of(
                assertThrows(IOException.class, () -> SourceReader.probe(file)),
                assertThrows(
                        IOException.class,
                        () -> SourceReader.open(file, SMALL, Fit.COVER).close()));
    }

    @Test
    void whatHasNoFrameIsRefusedByName() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no picture at all\n".repeat(50));
        Path empty = Files.createFile(folder.resolve("empty.png"));
        byte[] jpeg = Files.readAllBytes(picture(ShownFrames.quarters(64, 64), "jpg"));
        Path head = Files.write(folder.resolve("head.jpg"), Arrays.copyOf(jpeg, 200));
        for (Path file : new Path[] {text, empty, head, folder.resolve("missing.png")}) {
            for (IOException e : refusals(file)) {
                assertTrue(e.toString().contains(file.toString()), e.toString());
            }
        }
    }
}
