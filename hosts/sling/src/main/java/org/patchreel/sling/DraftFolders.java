package org.patchreel.sling;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local folders of assets in the making, in the bundle's data area, which belongs to one process at a time: what another
 * process made was left behind.
 */
final class DraftFolders {

    private static final Logger LOG = LoggerFactory.getLogger(DraftFolders.class);

    private final Path own;

    /**
     * Removes what earlier processes left.
     *
     * @param directory made if it is missing
     * @param process names this one
     */
    DraftFolders(Path directory, String process) {
        this.own = directory.resolve(process);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(directory)) {
            for (Path left : processes) {
                if (!left.equals(own)) {
                    delete(left);
                    LOG.info("{}: removed, left by a process that ended", left);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("{}: what an earlier process left cannot be removed: {}", directory, e.toString());
        }
    }

    /** {@return a name that no other process has had} */
    static String thisProcess() {
        ProcessHandle process = ProcessHandle.current();
        return process.pid() + "-"
                + process.info()
                        .startInstant()
                        .map(start -> start.toEpochMilli())
                        .orElse(0L);
    }

    /**
     * Makes the folder of a draft.
     *
     * @throws IOException if it cannot be made, or a draft of this asset is there already
     */
    Path create(String id) throws IOException {
        Files.createDirectories(own);
        try {
            return Files.createDirectory(own.resolve(id));
        } catch (FileAlreadyExistsException e) {
            FileSystemException refusal =
                    new FileSystemException(own.toString(), null, "asset " + id + " is being made already");
            refusal.initCause(e);
            throw refusal;
        }
    }

    /** Deletes a folder with all that is in it; symbolic links are not followed. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
