package org.patchreel.judges;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A script of the tests for Node.js, in {@code src/test/NAME}, with the packages of npm that a lock file beside it pins. It runs in
 * {@code target/NAME}.
 *
 * @param name of the folder
 * @param script file in it
 */
public record NodeProgram(String name, String script) {

    private Path folder() {
        return Path.of("target", name);
    }

    /** Copies the script, and installs the packages if they are not there. */
    public void install() throws IOException, InterruptedException {
        Path sources = Path.of("src", "test", name);
        Path folder = folder();
        Path lock = folder.resolve("package-lock.json");
        boolean installed = Files.exists(folder.resolve("node_modules"))
                && Files.exists(lock)
                && Files.mismatch(lock, sources.resolve("package-lock.json")) < 0;
        Files.createDirectories(folder);
        for (String file : List.of("package.json", "package-lock.json", script)) {
            Files.copy(sources.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (installed) {
            return;
        }
        Path log = folder.resolve("npm.log");
        int status = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("npm ci failed with status " + status + ":\n" + Files.readString(log));
        }
    }

    /** {@return the command that runs the script} */
    public ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder().toFile());
    }
}
