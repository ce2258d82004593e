package org.patchreel.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenseFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theFirstLineOfTheLicenceFileWins() throws IOException {
        write("README.md", "---\nlicense: mit\n---\n");
        write("LICENSE.txt", "\n   Apache License  \nVersion 2.0\n");
        assertEquals(Optional.of("Apache License"), LicenseFile.name(folder));
    }

    @Test
    void theModelCardSaysItElse() throws IOException {
        write(
                "README.md",
                "---\npipeline_tag: text-to-video\nlicense: 'apache-2.0'\n---\n# Wan\nlicense: of the text\n");
        assertEquals(Optional.of("apache-2.0"), LicenseFile.name(folder));
    }

    @Test
    void textOutsideOfTheFrontMatterSaysNothing() throws IOException {
        write("README.md", "# Wan\nlicense: mit\n");
        assertEquals(Optional.empty(), LicenseFile.name(folder));
        write("README.md", "---\ntags: x\n---\nlicense: mit\n");
        assertEquals(Optional.empty(), LicenseFile.name(folder));
    }

    @Test
    void hostileFilesAreReadInPart() throws IOException {
        Files.write(folder.resolve("LICENSE"), new byte[] {(byte) 0xff, (byte) 0xfe, 'x'});
        assertEquals(Optional.of("\ufffd\ufffdx"), LicenseFile.name(folder));
        write("LICENSE", "y".repeat(100_000));
        assertEquals(200, LicenseFile.name(folder).orElseThrow().length());
    }
}
