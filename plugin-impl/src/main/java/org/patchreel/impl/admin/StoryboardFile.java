package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.Storyboard;

/**
 * The file of a storyboard.
 *
 * @param path absolute
 */
record StoryboardFile(Path path) {

    /** UTF-8 has at most three bytes for a UTF-16 unit. */
    private static final int MAX_BYTES = 3 * Storyboard.MAX_LENGTH;

    /**
     * Finds a file.
     *
     * @param directory that relative names start from
     * @param name as it was typed
     * @return empty if there is none
     */
    static Optional<StoryboardFile> find(Path directory, String name) {
        try {
            return Optional.of(directory.resolve(name).toAbsolutePath())
                    .filter(Files::isRegularFile)
                    .map(StoryboardFile::new);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** {@return the folder that the names of pictures and clips start from: they are moved together with the storyboard} */
    Path folder() {
        return path.resolveSibling("");
    }

    /** {@return what messages call it} */
    String name() {
        return String.valueOf(path.getFileName());
    }

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException if it is too long or not UTF-8; the message names the file
     * @throws IOException if it cannot be read
     */
    String text() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    name() + ": a storyboard has at most " + Storyboard.MAX_LENGTH + " characters");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name() + ": is not UTF-8", e);
        }
    }
}
