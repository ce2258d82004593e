package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/** Small files that would take much memory or time are refused, and what is refused is named. */
class HostileMediaTest {

    private static final Duration AT_ONCE = Duration.ofMinutes(3);
    private static final int HUGE = 15_000;

    /** One picture of {@link #HUGE} alone takes 225 MB, the Java of the process some dozens. */
    private static final long REFUSED_MIB = 220;

    /** What is decoded stays in the other process. */
    private static final long HOST_MIB = 200;

    @Test
    void aSmallFileThatDecodesForDaysEndsAtTheLimitOfTime() throws Exception {
        Path file = Files.write(folder.resolve("days.gif"), HostileFiles.gif(8000, 130_000));
        assertTrue(Files.size(file) < 3_000_000);
        DecodingLimits standard = DecodingLimits.STANDARD;
        DecodingLimits limits = new DecodingLimits(
                standard.decodedPixels(),
                standard.scaledPixels(),
                standard.time(),
                Duration.ofSeconds(5),
                standard.memory());
        try (PeakMemory peak = new PeakMemory();
                LumaReader reader = LumaReader.open(file, 360, 1440, limits, DecoderInstallation.command())) {
            IOException e = assertThrows(IOException.class, () -> {
                while (reader.advance()) {
                    reader.luma();
                }
            });
            assertEquals(file + ": decoding it takes more than 5 seconds of processor time, the limit", e.getMessage());
            assertTrue(peak.ofAnyChild() > 100, "it was watched");
            assertMemory(peak, standard.memory() >> 21);
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private void isRefused(Path file, String reason) throws Exception {
        try (PeakMemory peak = new PeakMemory()) {
            MediaException e = assertTimeoutPreemptively(
                    AT_ONCE,
                    () -> assertThrows(
                            MediaException.class,
                            () -> LumaReader.open(file, 360, 1440).close()));
            assertEquals(reason, e.reason());
            assertEquals(file + ": " + reason, e.getMessage());
            assertMemory(peak, REFUSED_MIB);
        }
    }

    private static void assertMemory(PeakMemory peak, long maxOfDecoder) {
        long decoder = peak.ofAnyChild();
        assertTrue(decoder <= maxOfDecoder, "the process that decodes took " + decoder + " MiB");
        long host = peak.growthOfThisProcess();
        assertTrue(host <= HOST_MIB, "the host took " + host + " MiB more");
    }

    @Test
    void tracksOfHugePicturesAreRefusedBeforeOneIsDecoded() throws Exception {
        Path file = HostileFiles.matroska(
                folder.resolve("five.mkv"), HostileFiles.png(HUGE), HUGE, 5, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "frames of 15000x15000 pixels, at most 8192 a side are read");
    }

    @Test
    void hugePicturesBehindHeadersThatLieAreNotDecoded() throws Exception {
        Path file = HostileFiles.matroska(
                folder.resolve("lies.mkv"), HostileFiles.png(HUGE), 16, 5, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "the size of its frames cannot be read");
    }

    @Test
    void aHugePictureIsRefused() throws Exception {
        Path file = Files.write(folder.resolve("huge.png"), HostileFiles.png(30_000));
        isRefused(file, "frames of 30000x30000 pixels, at most 8192 a side are read");
    }

    private void isRefusedAsASource(Path file, String reason) throws Exception {
        FrameSize size = new FrameSize(64, 64);
        try (PeakMemory peak = new PeakMemory()) {
            MediaException probed = assertTimeoutPreemptively(
                    AT_ONCE, () -> assertThrows(MediaException.class, () -> SourceReader.probe(file)));
            assertEquals(reason, probed.reason());
            assertEquals(file + ": " + reason, probed.getMessage());
            IOException opened = assertTimeoutPreemptively(
                    AT_ONCE,
                    () -> assertThrows(
                            IOException.class,
                            () -> SourceReader.open(file, size, Fit.COVER).close()));
            assertEquals(file + ": " + reason, opened.getMessage());
            assertMemory(peak, REFUSED_MIB);
        }
    }

    @Test
    void whatIsRefusedForItsLumaIsRefusedAsASource() throws Exception {
        Path file = Files.write(folder.resolve("huge.png"), HostileFiles.png(20_000));
        isRefusedAsASource(file, "frames of 20000x20000 pixels, at most 8192 a side are read");
        Path lies = HostileFiles.matroska(
                folder.resolve("lies.mkv"), HostileFiles.png(HUGE), 16, 1, avcodec.AV_CODEC_ID_PNG);
        isRefusedAsASource(lies, "the size of its frames cannot be read");
    }

    /** A bomb: its pixels are more by far than its header says, or fewer. */
    @Test
    void aPictureIsAsLargeAsItsHeaderSays() throws Exception {
        byte[] bomb = HostileFiles.png(HUGE);
        Path file = folder.resolve("bomb.png");
        Files.write(file, withSide(bomb, 16));
        assertEquals(new FrameSize(16, 16), SourceReader.probe(file).size());
        Files.write(file, withSide(HostileFiles.png(16), 4000));
        try (PeakMemory peak = new PeakMemory();
                SourceReader reader = SourceReader.open(file, new FrameSize(64, 64), Fit.COVER)) {
            assertTrue(reader.next().isPresent());
            assertMemory(peak, 400);
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
        }
    }

    private static byte[] withSide(byte[] png, int side) {
        byte[] header = Arrays.copyOfRange(png, 12, 29);
        ByteBuffer.wrap(header).putInt(4, side).putInt(8, side);
        CRC32 sum = new CRC32();
        sum.update(header);
        byte[] changed = png.clone();
        ByteBuffer.wrap(changed).put(12, header).putInt(29, (int) sum.getValue());
        return changed;
    }

    @Test
    void aLongAnimationEndsAtTheLimitOfTimeAsASource() throws Exception {
        Path file = Files.write(folder.resolve("days.gif"), HostileFiles.gif(8000, 130_000));
        DecodingLimits standard = DecodingLimits.STANDARD;
        DecodingLimits limits = new DecodingLimits(
                standard.decodedPixels(),
                standard.scaledPixels(),
                standard.time(),
                Duration.ofSeconds(5),
                standard.memory());
        try (PeakMemory peak = new PeakMemory();
                SourceReader reader = SourceReader.open(
                        file, new FrameSize(640, 368), Fit.CONTAIN, limits, DecoderInstallation.command())) {
            IOException e = assertThrows(IOException.class, () -> {
                while (reader.next().isPresent()) {}
            });
            assertEquals(file + ": decoding it takes more than 5 seconds of processor time, the limit", e.getMessage());
            assertMemory(peak, standard.memory() >> 21);
        }
        assertEquals(
                130_000,
                SourceReader.probe(file, limits, DecoderInstallation.command()).frames(),
                "none is decoded");
    }

    @Test
    void theLargestPictureFitsTheLimits() throws Exception {
        Path file = new TestPng(8192, 8192, 16, TestPng.RGB_ALPHA)
                .write(folder.resolve("large.png"), 200, 200, 100, 100, 50, 50, 255, 255);
        VideoFrame frame = ShownFrames.picture(file, new FrameSize(640, 368), Fit.COVER);
        ShownFrames.assertColor(0xc86432, frame, 320, 184, 2);
    }

    @Test
    void damagedPicturesEndInAFrameOrAnException() throws Exception {
        Random random = new Random(1);
        int frames = 0;
        for (String format : List.of("png", "jpg", "gif")) {
            Path file = folder.resolve("damaged." + format);
            ImageIO.write(ShownFrames.quarters(64, 64), format, file.toFile());
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < 8; i++) {
                byte[] bytes = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                for (int j = 0; j < i % 3 * 4 && bytes.length > 0; j++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                Files.write(file, bytes);
                try (SourceReader reader = SourceReader.open(file, new FrameSize(32, 32), Fit.CONTAIN)) {
                    while (reader.next().isPresent()) {
                        frames++;
                    }
                } catch (IOException e) {
                    assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
                }
            }
        }
        assertTrue(frames > 3, frames + " frames");
    }

    @Test
    void manyTracksOfPicturesAreRefused() throws Exception {
        Path file =
                HostileFiles.matroska(folder.resolve("nine.mkv"), HostileFiles.png(16), 16, 9, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "9 tracks of pictures, at most 8 are read");
    }

    @Test
    void aCodecThatIsNotListedIsNotOpened() throws Exception {
        Path file = HostileFiles.matroska(
                folder.resolve("cinepak.mkv"), HostileFiles.png(16), 16, 1, avcodec.AV_CODEC_ID_CINEPAK);
        isRefused(file, "cinepak is not a codec that is read");
    }
}
