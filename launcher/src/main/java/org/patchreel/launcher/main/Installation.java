package org.patchreel.launcher.main;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The app as one process uses it. Its bundles are unpacked once for each build of the executable jar and shared by all
 * processes, which read them where they lie; a framework storage of its own, which refers to them, belongs to each process
 * while it runs.
 *
 * <pre>
 * app/SIZE-TIME/jar              names the executable jar of that size and modification time
 * app/SIZE-TIME/bundles/NAME/    an unpacked bundle
 * app/SIZE-TIME/natives/         native libraries that bundles unpack
 * app/SIZE-TIME/storage/N/       storage of the process that holds the lock beside it, with a folder for temporary files
 * </pre>
 */
final class Installation implements AutoCloseable {

    private static final int MAX_PROCESSES = 8;

    private static final String JAR = "jar";
    private static final String BUNDLES = "bundles";
    private static final String STORAGE = "storage";
    private static final String LOCK = "lock";

    private final Path folder;
    private final Path storage;
    private final FileChannel lock;

    private Installation(Path folder, Path storage, FileChannel lock) {
        this.folder = folder;
        this.storage = storage;
        this.lock = lock;
    }

    /**
     * Unpacks the app unless that was done, and acquires a storage.
     *
     * @param jar the executable jar
     * @param home in which to unpack it
     * @throws IOException if a file cannot be written, or too many processes use the app already
     */
    static Installation of(Path jar, Path home) throws IOException {
        Path apps = Files.createDirectories(home.resolve("app"));
        Path folder = apps.resolve(version(jar));
        if (!Files.isDirectory(folder)) {
            unpackOnce(jar, apps, folder);
        }
        for (int n = 1; n <= MAX_PROCESSES; n++) {
            Path storage = Files.createDirectories(folder.resolve(STORAGE).resolve(Integer.toString(n)));
            FileChannel channel = openLock(storage);
            if (channel.tryLock() != null) {
                return new Installation(folder, storage, channel);
            }
            channel.close();
        }
        throw new IOException(MAX_PROCESSES + " processes use " + home
                + " already: wait for one to end, or set another PATCHREEL_HOME");
    }

    private static String version(Path jar) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
        return attributes.size() + "-" + attributes.lastModifiedTime().toMillis() / 1000;
    }

    private static FileChannel openLock(Path folder) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void unpackOnce(Path jar, Path apps, Path folder) throws IOException {
        try (FileChannel channel = openLock(apps);
                FileLock exclusive = channel.lock()) {
            if (!exclusive.isValid() || Files.isDirectory(folder)) {
                return;
            }
            removeReplaced(apps); // and what a process left that was killed while it unpacked
            Path draft = Files.createDirectory(apps.resolve(folder.getFileName() + ".unpacking"));
            requireExecutable(draft);
            Files.writeString(draft.resolve(JAR), jar.toString());
            new ExecutableJar(jar).unpackBundles(Files.createDirectory(draft.resolve(BUNDLES)));
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Native libraries are loaded from here, which a file system that is mounted {@code noexec} does not allow. */
    private static void requireExecutable(Path folder) throws IOException {
        Path program = Files.writeString(folder.resolve("executable"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        try {
            new ProcessBuilder(program.toString()).start().waitFor();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while the app was unpacked");
        } catch (IOException e) {
            throw new IOException(
                    folder.getParent()
                            + " is on a file system that is mounted noexec, from which native libraries cannot be loaded:"
                            + " set PATCHREEL_HOME to a folder on another",
                    e);
        }
        Files.delete(program);
    }

    /** Removes what was unpacked of jars that are gone or were replaced, unless a process still uses it. */
    private static void removeReplaced(Path apps) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(apps, Files::isDirectory)) {
            entries.forEach(folders::add);
        }
        for (Path folder : folders) {
            if (!isCurrent(folder) && !isInUse(folder)) {
                Tree.delete(folder);
            }
        }
    }

    private static boolean isCurrent(Path folder) throws IOException {
        try {
            return version(Path.of(Files.readString(folder.resolve(JAR))))
                    .equals(folder.getFileName().toString());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isInUse(Path folder) throws IOException {
        Path storages = folder.resolve(STORAGE);
        if (!Files.isDirectory(storages)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(storages)) {
            for (Path storage : entries) {
                try (FileChannel channel = openLock(storage)) {
                    if (channel.tryLock() == null) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** {@return the folder of the unpacked bundles, by the names that the executable jar gives them} */
    Path bundles() {
        return folder.resolve(BUNDLES);
    }

    /** {@return the folder of native libraries that all processes share; it need not exist} */
    Path natives() {
        return folder.resolve("natives");
    }

    /** {@return the folder of the framework's storage} */
    Path storage() {
        return storage.resolve("framework");
    }

    /** {@return an empty folder for temporary files; what a process that was killed left in it is deleted} */
    Path temporary() throws IOException {
        Path temporary = Files.createDirectories(storage.resolve("tmp"));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary)) {
            for (Path entry : left) {
                Tree.delete(entry);
            }
        }
        return temporary;
    }

    /** Deletes the framework's storage, because it is damaged. */
    void clearStorage() throws IOException {
        Tree.delete(storage());
    }

    /** Gives the storage up. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
