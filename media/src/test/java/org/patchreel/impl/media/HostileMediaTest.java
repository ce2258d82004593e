package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            IOException e = assertTimeoutPreemptively(
                    AT_ONCE,
                    () -> assertThrows(
                            IOException.class,
                            () -> LumaReader.open(file, 360, 1440).close()));
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
