package org.patchreel.benchmarks.watermark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program that is called as {@code PROGRAM IN.mp4 OUTDIR} and leaves variants of the clip and {@code manifest.json}, a
 * list of objects with the {@code name} and the {@code file} of each. What it leaves is not trusted.
 */
final class AttackProgram {
    private static final long MAX_MANIFEST_BYTES = 1 << 20;
    private static final int MAX_NAME_LENGTH = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path program;

    AttackProgram(Path program) {
        this.program = program;
    }

    /**
     * What an attack left.
     *
     * @param name of the attack
     * @param file an existing file in the program's folder
     */
    record Attacked(String name, Path file) {}

    /**
     * What the program left.
     *
     * @param files usable variants, each name once
     * @param problems what was wrong, in words
     */
    record Outcome(List<Attacked> files, List<String> problems) {}

    /**
     * Runs the program to its end.
     *
     * @param clip the marked clip
     * @param folder an empty folder, for the variants
     * @return what it left; an attack or the whole program that failed is a problem, no exception
     * @throws IOException if the program cannot be started
     * @throws InterruptedException if this thread is interrupted; the program is ended
     */
    Outcome run(Path clip, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolveSibling("attacks.log");
        Process process = new ProcessBuilder(
                        program.toAbsolutePath().toString(),
                        clip.toAbsolutePath().toString(),
                        folder.toAbsolutePath().toString())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        List<String> problems = new ArrayList<>();
        try {
            if (!process.waitFor(2, TimeUnit.HOURS)) {
                problems.add("the attack program was ended after two hours");
            } else if (process.exitValue() != 0) {
                problems.add("the attack program ended with status " + process.exitValue());
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        Outcome outcome = read(folder);
        problems.addAll(outcome.problems());
        return new Outcome(outcome.files(), problems);
    }

    /**
     * Reads a manifest.
     *
     * @param folder that holds it and the files that it names
     * @return what can be used of it
     * @throws IOException if the folder cannot be read
     */
    static Outcome read(Path folder) throws IOException {
        List<Attacked> files = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Path manifest = folder.resolve("manifest.json");
        if (!Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
            return new Outcome(files, List.of("there is no manifest.json"));
        }
        if (Files.size(manifest) > MAX_MANIFEST_BYTES) {
            return new Outcome(files, List.of("manifest.json is larger than " + MAX_MANIFEST_BYTES + " bytes"));
        }
        JsonNode list;
        try {
            list = JSON.readTree(Files.readAllBytes(manifest));
        } catch (JsonProcessingException e) {
            return new Outcome(files, List.of("manifest.json is no JSON: " + e.getOriginalMessage()));
        }
        if (!list.isArray()) {
            return new Outcome(files, List.of("manifest.json is no list"));
        }
        Set<String> names = new HashSet<>();
        names.add(ClipResult.UNATTACKED);
        for (JsonNode entry : list) {
            String name = entry.path("name").asText();
            if (name.isBlank()
                    || name.length() > MAX_NAME_LENGTH
                    || name.chars().anyMatch(Character::isISOControl)) {
                problems.add("an attack without a name of 1 to " + MAX_NAME_LENGTH + " printable characters");
            } else if (!names.add(name)) {
                problems.add(name + ": the name is there twice");
            } else {
                try {
                    files.add(
                            new Attacked(name, inside(folder, entry.path("file").asText())));
                } catch (IOException | InvalidPathException e) {
                    problems.add(name + ": " + e.getMessage());
                }
            }
        }
        return new Outcome(files, problems);
    }

    private static Path inside(Path folder, String file) throws IOException {
        Path named = folder.resolve(file);
        if (file.isBlank() || !Files.isRegularFile(named)) {
            throw new IOException("there is no file '" + file + "'");
        }
        Path real = named.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw new IOException("the file '" + file + "' is not in the program's folder");
        }
        return real;
    }
}
