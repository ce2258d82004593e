package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedLibrariesTest {

    @Test
    void removesLinksAndLeavesFiles(@TempDir Path folder) throws IOException {
        Path library = Files.writeString(folder.resolve("libva.so.2"), "code");
        Files.createSymbolicLink(folder.resolve("libva.so"), library);
        Files.createSymbolicLink(folder.resolve("libdrm.so"), folder.resolve("gone"));
        new UnpackedLibraries(folder.toFile()).removeLinks();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(library), files.toList());
        }
    }

    @Test
    void isContentWhenNothingWasUnpacked(@TempDir Path folder) throws IOException {
        new UnpackedLibraries(folder.resolve("none").toFile()).removeLinks();
        new UnpackedLibraries((File) null).removeLinks();
    }
}
