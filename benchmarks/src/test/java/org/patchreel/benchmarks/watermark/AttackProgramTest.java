package org.patchreel.benchmarks.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttackProgramTest {
    @TempDir
    Path root;

    Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(root.resolve("attacked"));
    }

    private AttackProgram.Outcome read(String manifest) throws IOException {
        Files.writeString(folder.resolve("manifest.json"), manifest);
        return AttackProgram.read(folder);
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(root.resolve("program"), "#!/bin/sh\n" + script);
        assertTrue(program.toFile().setExecutable(true));
        return program;
    }

    @Test
    void readsNamesAndFiles() throws IOException {
        Files.writeString(folder.resolve("a.mp4"), "");
        AttackProgram.Outcome outcome = read("[{\"name\": \"crop 50 %\", \"file\": \"a.mp4\", \"more\": 1}]");
        assertEquals(List.of(), outcome.problems());
        assertEquals("crop 50 %", outcome.files().get(0).name());
        assertEquals(
                folder.toRealPath().resolve("a.mp4"), outcome.files().get(0).file());
    }

    @Test
    void takesAnAbsolutePathWithinTheFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("a.mp4"), "");
        assertEquals(
                1,
                read("[{\"name\": \"a\", \"file\": \"" + file + "\"}]").files().size());
    }

    @Test
    void missingFilesAreProblemsAndTheOthersCount() throws IOException {
        Files.writeString(folder.resolve("a.mp4"), "");
        AttackProgram.Outcome outcome =
                read("[{\"name\": \"lost\", \"file\": \"b.mp4\"}, {\"name\": \"a\", \"file\": \"a.mp4\"}]");
        assertEquals(List.of("lost: there is no file 'b.mp4'"), outcome.problems());
        assertEquals("a", outcome.files().get(0).name());
    }

    @Test
    void refusesFilesOutsideTheFolderAlsoThroughLinks() throws IOException {
        Path secret = Files.writeString(root.resolve("secret.mp4"), "");
        Files.createSymbolicLink(folder.resolve("link.mp4"), secret);
        AttackProgram.Outcome outcome = read("[{\"name\": \"up\", \"file\": \"../secret.mp4\"},"
                + " {\"name\": \"root\", \"file\": \"/etc/hostname\"}, {\"name\": \"link\", \"file\": \"link.mp4\"}]");
        assertEquals(List.of(), outcome.files());
        assertEquals(3, outcome.problems().size());
    }

    @Test
    void refusesNamesThatAreMissingDoubleTooLongOrUnprintable() throws IOException {
        Files.writeString(folder.resolve("a.mp4"), "");
        AttackProgram.Outcome outcome = read("[{\"file\": \"a.mp4\"}, {\"name\": \"a\", \"file\": \"a.mp4\"},"
                + " {\"name\": \"a\", \"file\": \"a.mp4\"}, {\"name\": \"b\\nc\", \"file\": \"a.mp4\"}, 7, null,"
                + " {\"name\": \"" + "x".repeat(121) + "\", \"file\": \"a.mp4\"},"
                + " {\"name\": \"unattacked\", \"file\": \"a.mp4\"}]");
        assertEquals(1, outcome.files().size());
        assertEquals(7, outcome.problems().size());
    }

    @Test
    void toldApartWhatIsNoManifest() throws IOException {
        assertEquals(
                List.of("there is no manifest.json"), AttackProgram.read(folder).problems());
        assertEquals(List.of("manifest.json is no list"), read("{}").problems());
        assertTrue(read("[{").problems().get(0).startsWith("manifest.json is no JSON"));
        assertTrue(read("[" + " ".repeat(1 << 20) + "]").problems().get(0).contains("larger than"));
    }

    @Test
    void aProgramThatFailsLateKeepsWhatItLeft() throws Exception {
        Path program = program(
                "touch \"$2/a.mp4\"; echo '[{\"name\":\"a\",\"file\":\"a.mp4\"}]' >\"$2/manifest.json\"; exit 3\n");
        AttackProgram.Outcome outcome = new AttackProgram(program).run(root.resolve("in.mp4"), folder);
        assertEquals(List.of("the attack program ended with status 3"), outcome.problems());
        assertEquals(1, outcome.files().size());
    }
}
