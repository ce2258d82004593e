package org.patchreel.runtime.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a checkpoint's small files whole, without trusting their size. */
public final class BoundedFile {
    private BoundedFile() {}

    /**
     * Reads a file.
     *
     * @param file a regular file
     * @param maxBytes maximum size
     * @throws CheckpointException if it is missing, not a regular file, or larger
     */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        // a pipe or device would block
        if (!Files.isRegularFile(file)) {
            throw Files.exists(file)
                    ? new CheckpointException(file + " is not a regular file")
                    : CheckpointException.absent(file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new CheckpointException(file + " is larger than the limit of " + maxBytes + " bytes");
            }
            return bytes;
        }
    }
}
