package org.patchreel.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of a checkpoint's files, to be compared with a later one: as long as both are equal, what was read from the
 * files still holds.
 *
 * @param files size and time of each file and folder, by its path
 */
public record CheckpointStamp(Map<Path, State> files) {

    /** Size and time of a file; unknown if its attributes cannot be read. */
    public record State(long bytes, FileTime modified) {
        private static final State UNKNOWN = new State(-1, FileTime.fromMillis(0));
    }

    /** Reads the state of a checkpoint's folder, of what is in it, and of what is in its folders. */
    public static CheckpointStamp of(Path directory) {
        return of(directory, List.of());
    }

    /** Reads the state of a checkpoint's folder and of folders of its parts that are elsewhere. */
    public static CheckpointStamp of(Path directory, Collection<Path> parts) {
        Map<Path, State> files = new TreeMap<>();
        add(directory, files, 2);
        parts.forEach(part -> add(part, files, 1));
        return new CheckpointStamp(files);
    }

    private static void add(Path file, Map<Path, State> files, int depth) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            files.put(file, new State(attributes.size(), attributes.lastModifiedTime()));
            if (attributes.isDirectory() && depth > 0) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
                    entries.forEach(entry -> add(entry, files, depth - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            files.put(file, State.UNKNOWN);
        }
    }
}
