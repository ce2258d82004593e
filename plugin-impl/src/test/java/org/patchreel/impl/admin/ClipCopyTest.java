package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipCopyTest {

    @Test
    void replacesTheFileByTheWholeClip(@TempDir Path folder) throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Path clip = Files.write(folder.resolve("clip.mp4"), content);
        Path target = Files.writeString(folder.resolve("out.mp4"), "old");
        new ClipCopy(target).write(clip);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of(clip, target), files(folder));
    }

    @Test
    void leavesNothingWhenTheClipIsGone(@TempDir Path folder) throws IOException {
        ClipCopy copy = new ClipCopy(folder.resolve("out.mp4"));
        assertThrows(NoSuchFileException.class, () -> copy.write(folder.resolve("gone.mp4")));
        assertEquals(List.of(), files(folder));
    }

    @Test
    void refusesAFolderThatIsNotThere(@TempDir Path folder) {
        Path target = folder.resolve("no/such/out.mp4");
        assertEquals(
                "--out: folder " + folder.resolve("no/such") + " does not exist",
                assertThrows(IllegalArgumentException.class, () -> new ClipCopy(target))
                        .getMessage());
    }

    @Test
    void refusesToReplaceAFolder(@TempDir Path folder) throws IOException {
        Path target = Files.createDirectory(folder.resolve("out.mp4"));
        assertThrows(IllegalArgumentException.class, () -> new ClipCopy(target));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
