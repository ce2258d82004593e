package org.patchreel.runtime.model;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** A folder of a bundle, unpacked once for each version of the bundle. */
final class UnpackedCheckpoint {
    private UnpackedCheckpoint() {}

    /**
     * Unpacks.
     *
     * @param parent holds the unpacked folders; null if the framework has no file system
     * @return the folder
     */
    static Path of(Bundle bundle, String folder, @Nullable File parent) throws IOException {
        if (parent == null) {
            throw new IOException("this framework gives bundles no data area to unpack a checkpoint into");
        }
        String version = bundle.getBundleId() + "-" + bundle.getLastModified();
        Path target = parent.toPath().resolve(version).toAbsolutePath();
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(target.getParent());
        Path draft = Files.createTempDirectory(target.getParent(), "unpacking-");
        try {
            unpack(bundle, folder, draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(draft); // somebody else was faster
        } catch (IOException | RuntimeException e) {
            delete(draft);
            throw e;
        }
        return target;
    }

    private static void unpack(Bundle bundle, String folder, Path target) throws IOException {
        Enumeration<URL> entries = bundle.findEntries(folder, "*", true);
        if (entries == null) {
            throw new IOException("bundle " + bundle.getSymbolicName() + " has no folder " + folder);
        }
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        while (entries.hasMoreElements()) {
            URL entry = entries.nextElement();
            String path = entry.getPath().replaceFirst("^/", "");
            if (path.endsWith("/") || !path.startsWith(prefix)) {
                continue;
            }
            Path file = target.resolve(path.substring(prefix.length())).normalize();
            if (!file.startsWith(target)) {
                throw new IOException("entry " + path + " of bundle " + bundle.getSymbolicName() + " leads out of it");
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = entry.openStream()) {
                Files.copy(in, file);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
