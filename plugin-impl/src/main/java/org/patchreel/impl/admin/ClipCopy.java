package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that is to become a copy of a clip. It appears whole or not at all; one that is there is replaced. */
final class ClipCopy {

    /** Of the file systems of Linux. */
    private static final int MAX_NAME = 255;

    private final Path target;

    /**
     * Checks, before anything is generated, whether the file can be written.
     *
     * @param target absolute path of the file
     * @throws IllegalArgumentException if its folder is missing or read-only, or if it is something else than a file
     */
    ClipCopy(Path target) {
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--out: folder " + folder + " does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("--out: folder " + folder + " is not writable");
        }
        if (target.getFileName().toString().getBytes(UTF_8).length > MAX_NAME) {
            throw new IllegalArgumentException(
                    "--out: " + target.getFileName() + ": a name has at most " + MAX_NAME + " bytes in UTF-8");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IllegalArgumentException("--out: " + target + " is there and is not a file");
        }
        this.target = target;
    }

    Path target() {
        return target;
    }

    void write(SeekableByteChannel clip) throws IOException {
        Path part = target.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel to = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long size = clip.size();
                for (long done = 0; done < size; ) {
                    long copied = to.transferFrom(clip, done, size - done);
                    if (copied == 0) {
                        throw new EOFException("the clip ends at byte " + done + " of " + size);
                    }
                    done += copied;
                }
                to.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
