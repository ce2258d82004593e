package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    @Test
    void namesTheFolderOfLibrariesThatIsMountedNoexec() throws Exception {
        String mount = "mount -t tmpfs -o noexec none " + folder;
        String isolated = "exec unshare --mount --map-root-user sh -c '" + mount + " && exec ";
        assumeTrue(
                new ProcessBuilder("sh", "-c", isolated + "true'").start().waitFor() == 0,
                "this machine allows no namespaces");
        String output = EncodingProcess.run(
                isolated + "env JAVA_TOOL_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=" + folder + " \"$0\" \"$@\"'",
                "h264",
                Path.of("/dev/null"));
        assertTrue(
                output.matches("(?s).*FFmpeg cannot be loaded: " + folder + "/\\S* is on a file system that is mounted"
                        + " noexec, from which native libraries cannot be loaded"),
                output);
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
