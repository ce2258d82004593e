package org.patchreel.runtime.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a checkpoint's files say of its licence. */
public final class LicenseFile {
    private static final int MAX_BYTES = 4000;
    private static final String KEY = "license:";
    private static final int MAX_LINE = 200;

    private LicenseFile() {}

    /**
     * Reads what a checkpoint's licence is called.
     *
     * @param directory of the checkpoint
     * @return the first line of the file LICENSE* that is not blank, else {@code license} of the front matter of README.md, as model
     *     cards have it; at most {@value #MAX_LINE} characters; empty if neither says anything
     * @throws IOException if a file cannot be read
     * @see <a href="https://huggingface.co/docs/hub/model-cards#model-card-metadata">Model card metadata</a>
     */
    public static Optional<String> name(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "LICENSE*")) {
            for (Path file : files) {
                Optional<String> first = start(file)
                        .lines()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .findFirst();
                if (first.isPresent()) {
                    return first.map(LicenseFile::shortened);
                }
            }
        }
        Path readme = directory.resolve("README.md");
        return Files.isRegularFile(readme) ? ofModelCard(start(readme)) : Optional.empty();
    }

    private static Optional<String> ofModelCard(String text) {
        if (!text.startsWith("---")) {
            return Optional.empty();
        }
        return text.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("---"))
                .filter(line -> line.startsWith(KEY))
                .map(line -> line.substring(KEY.length()).strip().replaceAll("^[\"']|[\"']$", ""))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .map(LicenseFile::shortened);
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(MAX_LINE, text.length()));
    }

    /** The beginning of a file; bytes that are not UTF-8 are replaced, as the file comes from anywhere. */
    private static String start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), UTF_8);
        }
    }
}
