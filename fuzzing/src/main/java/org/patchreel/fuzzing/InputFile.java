package org.patchreel.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the memory of the machine, if it has such a folder, that holds the input of the fuzzer. */
final class InputFile {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path file;

    /** @param suffix of its name, which says its format */
    InputFile(String suffix) {
        try {
            file = Files.isWritable(MEMORY)
                    ? Files.createTempFile(MEMORY, "fuzzing-", suffix)
                    : Files.createTempFile("fuzzing-", suffix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.toFile().deleteOnExit();
    }

    /** {@return the file with other content} */
    Path with(byte[] content) throws IOException {
        return Files.write(file, content);
    }
}
