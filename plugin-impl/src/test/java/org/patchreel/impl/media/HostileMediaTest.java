package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

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

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private void isRefused(Path file, String reason) {
        IOException e = assertTimeoutPreemptively(
                AT_ONCE,
                () -> assertThrows(
                        IOException.class,
                        () -> LumaReader.open(file, 360, 1440).close()));
        assertEquals(file + ": " + reason, e.getMessage());
    }

    @Test
    void tracksOfHugePicturesAreRefusedBeforeOneIsDecoded() throws IOException {
        Path file = HostileFiles.matroska(
                folder.resolve("five.mkv"), HostileFiles.png(HUGE), HUGE, 5, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "frames of 15000x15000 pixels, at most 8192 a side are read");
    }

    @Test
    void hugePicturesBehindHeadersThatLieAreNotDecoded() throws IOException {
        Path file = HostileFiles.matroska(
                folder.resolve("lies.mkv"), HostileFiles.png(HUGE), 16, 5, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "the size of its frames cannot be read");
    }

    @Test
    void aHugePictureIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("huge.png"), HostileFiles.png(30_000));
        isRefused(file, "frames of 30000x30000 pixels, at most 8192 a side are read");
    }

    @Test
    void manyTracksOfPicturesAreRefused() throws IOException {
        Path file =
                HostileFiles.matroska(folder.resolve("nine.mkv"), HostileFiles.png(16), 16, 9, avcodec.AV_CODEC_ID_PNG);
        isRefused(file, "9 tracks of pictures, at most 8 are read");
    }

    @Test
    void aCodecThatIsNotListedIsNotOpened() throws IOException {
        Path file = HostileFiles.matroska(
                folder.resolve("cinepak.mkv"), HostileFiles.png(16), 16, 1, avcodec.AV_CODEC_ID_CINEPAK);
        isRefused(file, "cinepak is not a codec that is read");
    }
}
