package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFoldersTest {

    @Test
    void whoMakesOneJobAtATimeKeepsNothingOfOthers(@TempDir Path parent) throws IOException {
        WorkFolders folders = new WorkFolders(parent);
        for (String id : List.of("A", "B", "C")) {
            Files.createDirectories(folders.of(id));
            Files.writeString(folders.of(id).resolve("window-0.latents"), id);
        }
        folders.deleteOthers("B");
        try (Stream<Path> left = Files.list(parent)) {
            assertEquals(List.of(folders.of("B")), left.toList());
        }
        assertEquals("B", Files.readString(folders.of("B").resolve("window-0.latents")));
        new WorkFolders(parent.resolve("none")).deleteOthers("B");
    }
}
