package org.patchreel.runtime.checkpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file LICENSE* of a checkpoint. */
public final class LicenseFile {
    private static final int MAX_CHARACTERS = 1000;
    private static final int MAX_LINE = 200;

    private LicenseFile() {}

    /**
     * Reads what a checkpoint's licence is called.
     *
     * @param directory of the checkpoint
     * @return the first line that is not blank, at most {@value #MAX_LINE} characters; empty without such a file
     * @throws IOException if the file cannot be read
     */
    public static Optional<String> firstLine(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "LICENSE*")) {
            for (Path file : files) {
                try (BufferedReader reader = Files.newBufferedReader(file)) {
                    char[] start = new char[MAX_CHARACTERS];
                    int length = Math.max(0, reader.read(start));
                    return new String(start, 0, length)
                            .lines()
                            .map(String::strip)
                            .filter(text -> !text.isEmpty())
                            .findFirst()
                            .map(text -> text.substring(0, Math.min(MAX_LINE, text.length())));
                }
            }
        }
        return Optional.empty();
    }
}
