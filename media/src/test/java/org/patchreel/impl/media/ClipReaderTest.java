package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.VideoFormat;

class ClipReaderTest {
    private static final VideoFormat FORMAT = new VideoFormat(64, 48, 9, 24);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void encode() throws IOException {
        file = folder.resolve("clip.mp4");
        TestFrames.feed(FORMAT, TestEncoders.h264().open(file, FORMAT));
    }

    @Test
    void endsAfterTheLastFrameAndStaysThere() throws IOException {
        try (ClipReader reader = ClipReader.open(file)) {
            for (int i = 0; i < 9; i++) {
                assertTrue(reader.next().isPresent());
            }
            assertFalse(reader.next().isPresent());
            assertFalse(reader.next().isPresent());
        }
    }

    @Test
    void namesAFileThatIsMissingEmptyOrSomethingElse() throws IOException {
        Path missing = folder.resolve("missing.mp4");
        assertEquals(
                missing + ": cannot read as MP4: No such file or directory",
                assertThrows(IOException.class, () -> ClipReader.open(missing)).getMessage());
        Path text = folder.resolve("text.mp4");
        for (String content : new String[] {"", "moov", "#EXTM3U\nfile:///etc/passwd\n", "x".repeat(100_000)}) {
            Files.writeString(text, content);
            IOException refused = assertThrows(IOException.class, () -> ClipReader.open(text));
            assertTrue(String.valueOf(refused.getMessage()).startsWith(text + ": "), refused.getMessage());
        }
    }

    /** Whatever the damage, the reader ends, with frames or with an IOException. */
    @Test
    void survivesDamage() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        Path damaged = folder.resolve("damaged.mp4");
        int failures = 0;
        for (int attempt = 0; attempt < 300; attempt++) {
            byte[] bytes =
                    attempt % 3 == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = 0; i < attempt % 3 * 5 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(damaged, bytes);
            try {
                Mp4EncoderTest.decode(damaged);
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith(damaged.toString()), e.getMessage());
                failures++;
            }
        }
        assertTrue(failures > 50, "only " + failures + " of 300 damaged files were noticed");
    }
}
