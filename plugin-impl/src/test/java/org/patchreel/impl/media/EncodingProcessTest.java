package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingProcessTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h264", "av1"})
    void printsNothingAndDependsNotOnTheNumberOfProcessors(String codec) throws Exception {
        Path one = folder.resolve("one.mp4");
        Path all = folder.resolve("all.mp4");
        assertEquals("done", EncodingProcess.run("exec", codec, all));
        boolean pin = Files.isExecutable(Path.of("/usr/bin/taskset"));
        assertEquals("done", EncodingProcess.run(pin ? "exec taskset -c 0" : "exec", codec, one));
        assertArrayEquals(Files.readAllBytes(all), Files.readAllBytes(one));
    }

    /** The limit lies within the last kilobyte, so that it is met when the index is moved to the front. */
    @Test
    void saysWhyTheFileCannotBeCompleted() throws Exception {
        Path file = folder.resolve("clip.mp4");
        TestFrames.feed(EncodingProcess.FORMAT, TestEncoders.h264().open(file, EncodingProcess.FORMAT));
        long blocks = (Files.size(file) - 1) / 512;
        Files.delete(file);
        assertEquals(
                file + ": cannot complete: File too large",
                EncodingProcess.run("ulimit -f " + blocks + "; exec", "h264", file));
        assertFalse(Files.exists(file));
    }
}
