package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

class MezzanineTest {
    private static final VideoFormat FORMAT = new VideoFormat(320, 192, 9, 8);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path clip;
    private Path movie;

    @BeforeEach
    void makeClip() throws IOException {
        clip = folder.resolve("clip.mp4");
        movie = folder.resolve("clip.mov");
        TestFrames.feed(FORMAT, TestEncoders.h264().open(clip, FORMAT));
    }

    private static Mezzanine mezzanine(MezzanineCodec codec, VideoFormat format, int repeat) {
        return new Mezzanine(codec, format, repeat, "01:00:00:00", "REEL0001");
    }

    @ParameterizedTest
    @CsvSource({"PRORES,prores,HQ,yuv422p10le", "DNXHR,dnxhd,DNXHR HQ,yuv422p"})
    void isWhatEditorsCallByItsName(MezzanineCodec codec, String name, String profile, String pixels) throws Exception {
        mezzanine(codec, FORMAT, 3).write(clip, movie, done -> {});
        ClipInfo info = ClipReader.probe(movie);
        assertEquals(name, info.codec());
        assertEquals(profile, info.profile());
        assertEquals(pixels, info.pixelFormat());
        assertEquals(
                List.of("tv", "bt709", "bt709", "bt709"),
                List.of(info.range(), info.primaries(), info.transfer(), info.matrix()));
        assertEquals(new FrameSize(320, 192), info.size());
        assertEquals(24, info.frameRate());
        assertEquals(FORMAT.seconds(), info.seconds(), 1e-9);
        assertEquals("01:00:00:00", info.timecode());
        assertEquals(2, info.tracks());
    }

    /** 45 dB: what 8 bits and an intra codec lose; a wrong matrix or range, or a shift of chroma, loses far more. */
    @ParameterizedTest
    @EnumSource(MezzanineCodec.class)
    void showsTheClipsPictures(MezzanineCodec codec) throws Exception {
        mezzanine(codec, FORMAT, 3).write(clip, movie, done -> {});
        List<VideoFrame> before = Mp4EncoderTest.decode(clip);
        List<VideoFrame> after = Mp4EncoderTest.decode(movie);
        assertEquals(3 * before.size(), after.size());
        for (int i = 0; i < after.size(); i++) {
            double psnr = TestFrames.psnr(before.get(i / 3), after.get(i));
            assertTrue(psnr > 45, "frame " + i + ": " + psnr + " dB");
        }
    }

    @ParameterizedTest
    @EnumSource(MezzanineCodec.class)
    void theSameClipGivesTheSameBytes(MezzanineCodec codec) throws Exception {
        Path other = folder.resolve("other.mov");
        mezzanine(codec, FORMAT, 1).write(clip, movie, done -> {});
        mezzanine(codec, FORMAT, 1).write(clip, other, done -> {});
        assertArrayEquals(Files.readAllBytes(movie), Files.readAllBytes(other));
    }

    @Test
    void tellsOfEachFrameAndEndsWhenItIsTold() {
        List<Integer> told = new ArrayList<>();
        assertThrows(
                InterruptedException.class,
                () -> mezzanine(MezzanineCodec.PRORES, FORMAT, 1).write(clip, movie, done -> {
                    told.add(done);
                    if (done == 3) {
                        throw new InterruptedException();
                    }
                }));
        assertEquals(List.of(1, 2, 3), told);
        assertTrue(Files.notExists(movie));
    }

    @Test
    void leavesNoMovieOfAClipThatIsDamagedOrAnother() throws IOException {
        VideoFormat longer = new VideoFormat(320, 192, 13, 8);
        assertEquals(
                clip + ": has 9 frames instead of 13",
                assertThrows(
                                IOException.class,
                                () -> mezzanine(MezzanineCodec.PRORES, longer, 1)
                                        .write(clip, movie, done -> {}))
                        .getMessage());
        assertThrows(
                IOException.class,
                () -> mezzanine(MezzanineCodec.PRORES, new VideoFormat(320, 208, 9, 8), 1)
                        .write(clip, movie, done -> {}));
        Files.writeString(clip, "no clip");
        assertThrows(
                IOException.class,
                () -> mezzanine(MezzanineCodec.PRORES, FORMAT, 1).write(clip, movie, done -> {}));
        assertTrue(Files.notExists(movie));
    }

    /** Non-drop: the timecode track counts every frame, by the nominal rate. */
    @ParameterizedTest
    @CsvSource({"29.97,1", "14.985,2", "23.976,1", "59.94,1"})
    void keepsNtscsRates(String typed, int repeat) throws Exception {
        FrameRate rate = FrameRate.parse("rate", typed);
        VideoFormat format = new VideoFormat(854, 480, 10, rate);
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
        for (MezzanineCodec codec : MezzanineCodec.values()) {
            mezzanine(codec, format, repeat).write(clip, movie, done -> {});
            ClipInfo info = ClipReader.probe(movie);
            FrameRate shown = rate.times(repeat);
            assertEquals((double) shown.numerator() / shown.denominator(), info.frameRate());
            assertEquals(10L * repeat, info.frameCount());
            assertEquals(format.seconds(), info.seconds(), 1e-9);
            assertEquals("01:00:00:00", info.timecode());
            assertEquals(new FrameSize(854, 480), info.size());
        }
    }

    @Test
    void refusesFramesThatAreTooSmall() {
        assertEquals(
                "dnxhr takes frames of at least 256x120, not 96x96",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> mezzanine(MezzanineCodec.DNXHR, new VideoFormat(96, 96, 9, 8), 1)
                                        .write(clip, movie, done -> {}))
                        .getMessage());
    }
}
