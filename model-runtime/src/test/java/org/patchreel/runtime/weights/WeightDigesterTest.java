package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.spi.ModelDescriptor.WeightDigest;

class WeightDigesterTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void digestsFilesInTheOrderOfTheirPaths() throws IOException {
        Path vae = Files.createDirectory(directory.resolve("vae"));
        Path abc = Files.writeString(vae.resolve("abc"), "abc");
        Path empty = Files.createFile(directory.resolve("empty"));
        // test vectors of FIPS 180-4
        assertEquals(
                new WeightDigest(List.of(
                        new WeightFile("empty", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                        new WeightFile("vae/abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))),
                WeightDigester.digest(directory, List.of(abc, empty)));
    }

    @Test
    void namesASingleFileAsAPart() throws IOException {
        Path file = Files.createFile(directory.resolve("umt5.gguf"));
        WeightDigest digest =
                WeightDigester.digest(directory.resolve("checkpoint"), Map.of("text_encoder", file), List.of(file));
        assertEquals("text_encoder/umt5.gguf", digest.files().get(0).path());
    }

    @Test
    void refusesAFileOutsideTheCheckpoint() {
        assertThrows(
                IllegalArgumentException.class,
                () -> WeightDigester.digest(directory, List.of(directory.resolve("../other"))));
    }

    @Test
    void stopsWhenInterrupted() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Thread.currentThread().interrupt();
        try {
            assertThrows(InterruptedIOException.class, () -> WeightDigester.digest(directory, List.of(file)));
        } finally {
            assertTrue(Thread.interrupted(), "the flag stays set");
        }
    }
}
