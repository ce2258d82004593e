package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/** Processes that decode well, badly, for ever, and not at all. */
class DecoderProcessTest {

    private static final Duration AT_ONCE = Duration.ofMinutes(3);
    private static final DecodingLimits STANDARD = DecodingLimits.STANDARD;

    /** What a process answers that opened a file with frames of 4x2 pixels. */
    private static final String OPENED =
            "printf 'O\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\0\\4\\0\\0\\0\\2\\77\\244\\0\\0\\0\\0\\0\\0'; ";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path clip;

    @BeforeEach
    void encodeAClip() throws IOException {
        clip = folder.resolve("clip.mp4");
        VideoFormat format = new VideoFormat(64, 64, 9, 10);
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
    }

    private LumaReader fake(String script, DecodingLimits limits) throws IOException {
        return LumaReader.open(clip, 360, 1440, limits, List.of("/bin/sh", "-c", script));
    }

    private static DecodingLimits limits(Duration time, Duration processorTime) {
        return new DecodingLimits(
                STANDARD.decodedPixels(), STANDARD.scaledPixels(), time, processorTime, STANDARD.memory());
    }

    private void failsToOpen(String reason, String script, DecodingLimits limits) {
        IOException e = assertTimeoutPreemptively(
                AT_ONCE,
                () -> assertThrows(IOException.class, () -> fake(script, limits).close()));
        assertEquals(clip + ": " + reason, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 3 | ended with status 3",
                "kill -SEGV $$ | ended with status 139",
                "kill -ABRT $$ | ended with status 134"
            })
    void tellsThatAProcessEnded(String script, String reason) {
        failsToOpen("the process that decodes it, with a limit of 3072 MiB of memory, " + reason, script, STANDARD);
    }

    @Test
    void tellsThatAProcessWasKilled() {
        failsToOpen("the process that decodes it was killed", "kill -KILL $$", STANDARD);
    }

    @Test
    void killsAProcessThatHangs() {
        failsToOpen(
                "decoding it takes longer than 500 ms, the limit",
                "while :; do /bin/sleep 1; done",
                limits(Duration.ofMillis(500), Duration.ofMinutes(1)));
    }

    @Test
    void endsAProcessThatComputesTooLong() {
        failsToOpen(
                "decoding it takes more than 1 seconds of processor time, the limit",
                "while :; do :; done",
                limits(Duration.ofMinutes(1), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo hello; /bin/sleep 9 | byte 104",
                "/bin/cat /dev/zero | byte 0",
                "printf 'O\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\40\\0\\0\\0\\40\\0\\77\\244\\0\\0\\0\\0\\0\\0'; /bin/sleep 9"
                        + " | frames of 8192x8192",
                "printf 'O\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\0\\0\\377\\0\\40\\0\\0\\0\\0\\0\\0\\0\\0\\0'; /bin/sleep 9"
                        + " | frames of 0x-16769024"
            })
    void believesNothingThatIsNoAnswer(String script, String what) {
        failsToOpen("the process that decodes it answered what is not understood: " + what, script, STANDARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\0\\0\\0\\0\\0\\0\\0\\1 | frames of 0x1",
                "\\0\\0\\40\\1\\0\\0\\0\\1 | frames of 8193x1",
                "\\0\\0\\0\\4\\0\\0\\0\\2\\177\\370\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\0"
                        + " | 1 frames in NaN seconds, 0.0 a second",
                "\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\0\\0\\0\\0\\0\\0\\377\\377\\377\\377\\377\\377\\377\\377\\0\\0\\0\\0\\0\\0\\0\\0"
                        + " | -1 frames in 0.0 seconds, 0.0 a second"
            })
    void believesNoDescriptionThatCannotBe(String answer, String what) {
        List<String> command = List.of("/bin/sh", "-c", "printf 'O" + answer + "'; /bin/sleep 9");
        IOException e = assertTimeoutPreemptively(
                AT_ONCE, () -> assertThrows(IOException.class, () -> SourceReader.probe(clip, STANDARD, command)));
        assertEquals(clip + ": the process that decodes it answered what is not understood: " + what, e.getMessage());
    }

    @Test
    void readsNoMoreColorThanWasAskedFor() {
        List<String> command = List.of(
                "/bin/sh",
                "-c",
                "printf 'O\\77\\244\\0\\0\\0\\0\\0\\0F\\0\\0\\0\\0\\0\\0\\0\\0\\1P'; exec /bin/cat /dev/zero");
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (SourceReader reader = SourceReader.open(clip, new FrameSize(4, 2), Fit.COVER, STANDARD, command)) {
                assertEquals(24, reader.next().orElseThrow().rgb().remaining());
                String message = String.valueOf(
                        assertThrows(IOException.class, reader::next).getMessage());
                assertTrue(message.endsWith("is not understood: byte 0"), message);
            }
        });
    }

    /** A decoder that holds back none, with parameter sets of a byte each; what follows is the first frame. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "P\\0\\0\\0\\11\\0\\0\\0\\1a | the process that decodes it answered what is not understood: frame 9",
                "P\\0\\0\\0\\0\\177\\0\\0\\0 | the process that decodes it answered what is not understood: 2130706432 bytes",
                "P\\0\\0\\0\\0\\0\\0\\0\\5\\0\\0\\0\\1g | frame 0: a unit of type 7 in a frame",
                "P\\0\\0\\0\\0\\0\\0\\0\\5\\0\\0\\0\\1A | decoding cannot begin with its first frame"
            })
    void believesNoCodedFrameThatCannotBe(String answer, String reason) {
        String opened = "O\\0\\0\\0\\0\\0\\0\\0\\15\\1\\0\\0\\0\\377\\341\\0\\1g\\1\\0\\1h";
        List<String> command =
                List.of("/bin/sh", "-c", "printf '" + opened + "'; printf '" + answer + "'; /bin/sleep 9");
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (CodedClip coded = CodedClip.open(clip, new VideoFormat(64, 64, 9, 10), command)) {
                assertEquals(2, coded.parameterSets().size());
                IOException e = assertThrows(IOException.class, coded::next);
                assertEquals(clip + ": " + reason, e.getMessage());
            }
        });
    }

    @Test
    void readsNoMoreThanWasAskedFor() {
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (LumaReader reader = fake(OPENED + "exec /bin/cat /dev/zero", STANDARD)) {
                assertEquals(4, reader.size().width());
                String message = String.valueOf(
                        assertThrows(IOException.class, reader::advance).getMessage());
                assertTrue(message.endsWith("is not understood: byte 0"), message);
            }
        });
    }

    @Test
    void tellsThatAProcessEndedAmidAFrame() {
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (LumaReader reader =
                    fake(OPENED + "printf 'F\\0\\0\\0\\0\\0\\0\\0\\0\\1Pabc'; /bin/sleep 5", STANDARD)) {
                assertTrue(reader.advance());
                assertTrue(reader.isIntra());
                String message = String.valueOf(
                        assertThrows(IOException.class, reader::luma).getMessage());
                assertTrue(message.endsWith("ended with status 0"), message);
            }
        });
    }

    @Test
    void refusesATimeThatIsNone() {
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (LumaReader reader =
                    fake(OPENED + "printf 'F\\177\\370\\0\\0\\0\\0\\0\\0\\0'; /bin/sleep 9", STANDARD)) {
                String message = String.valueOf(
                        assertThrows(IOException.class, reader::advance).getMessage());
                assertTrue(message.endsWith("is not understood: a frame at NaN seconds"), message);
            }
        });
    }

    /** The shell ends with another status for each thing that is not as it should be. */
    @Test
    void givesAProcessLimitsAndNothingElse() {
        failsToOpen(
                "the process that decodes it, with a limit of 3072 MiB of memory, ended with status 7",
                "[ -z \"$HOME$USER$PATCHREEL_HOME\" ] || exit 2; [ \"$(ulimit -v)\" = 3145728 ] || exit 3;"
                        + " [ \"$(ulimit -t)\" = 900 ] || exit 4; [ \"$(ulimit -f)\" = 0 ] || exit 5;"
                        + " [ \"$(pwd)\" = / ] || exit 6; exit 7",
                STANDARD);
    }

    @Test
    void anInterruptEndsTheProcess() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reading = new Thread(() -> {
            try {
                fake("while :; do /bin/sleep 1; done", STANDARD).close();
            } catch (IOException e) {
                thrown.set(e);
            }
        });
        reading.start();
        Thread.sleep(300);
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        reading.interrupt();
        reading.join(AT_ONCE.toMillis());
        assertEquals(
                ClosedByInterruptException.class,
                Objects.requireNonNull(thrown.get()).getClass());
        for (ProcessHandle each : children) {
            each.onExit().get(AT_ONCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertFalse(children.isEmpty());
    }

    @Test
    void theDecoderEndsWithTheProcessThatStartedIt() throws Exception {
        Process decoder = new ProcessBuilder(DecoderInstallation.command()).start();
        DataOutputStream out = new DataOutputStream(decoder.getOutputStream());
        new DecodingRequest(Ffmpeg.url(clip), "", new WantedFrames.Luma(List.of(new LumaSize(360, 1440))), STANDARD)
                .write(out);
        assertEquals('O', decoder.getInputStream().read());
        out.close();
        assertTrue(decoder.waitFor(AT_ONCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void aBudgetOfPixelsEndsTheDecoding() throws IOException {
        DecodingLimits limits = new DecodingLimits(
                64 * 64 * 4, Long.MAX_VALUE, STANDARD.time(), STANDARD.processorTime(), STANDARD.memory());
        try (LumaReader reader = LumaReader.open(clip, 360, 1440, limits, DecoderInstallation.command())) {
            for (int i = 0; i < 4; i++) {
                assertTrue(reader.advance());
            }
            IOException e = assertThrows(IOException.class, reader::advance);
            assertEquals(clip + ": there are more than 0 million pixels to decode, the limit", e.getMessage());
        }
    }

    @Test
    void aBudgetOfScaledPixelsEndsTheDecoding() throws IOException {
        DecodingLimits limits = new DecodingLimits(
                Long.MAX_VALUE, 64 * 64, STANDARD.time(), STANDARD.processorTime(), STANDARD.memory());
        try (LumaReader reader = LumaReader.open(clip, 360, 1440, limits, DecoderInstallation.command())) {
            assertTrue(reader.advance());
            byte[] luma = reader.luma();
            assertEquals(luma, reader.luma(), "is scaled once");
            assertTrue(reader.advance());
            IOException e = assertThrows(IOException.class, reader::luma);
            assertEquals(clip + ": there are more than 0 million pixels to scale, the limit", e.getMessage());
        }
    }

    @Test
    void namesInAnyAlphabetReachTheDecoder() throws IOException {
        Path named = Files.copy(clip, folder.resolve("日本 %d 'ü'.mp4"));
        try (LumaReader reader = LumaReader.open(named, 360, 1440)) {
            assertTrue(reader.advance());
        }
    }
}
