package org.patchreel.runtime.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/**
 * A folder of a bundle as files. Where the framework runs the bundle from an unpacked folder, these are the bundle's own;
 * otherwise it is unpacked once under a digest of its content, {@code BUNDLE-ID/SHA-256/}.
 */
final class UnpackedCheckpoint {
    /** Locations of bundles that Felix and Equinox read where they lie. */
    private static final String BY_REFERENCE = "reference:file:";

    private static final int BUFFER_BYTES = 1 << 16;

    private UnpackedCheckpoint() {}

    /**
     * Finds or unpacks the folder; what was unpacked of an earlier content of the same bundle is removed.
     *
     * @param parent holds the unpacked folders
     * @return the folder
     */
    static Path of(Bundle bundle, String folder, Path parent) throws IOException {
        Optional<Path> own = inPlace(bundle, folder);
        if (own.isPresent()) {
            return own.get();
        }
        SortedMap<String, URL> files = files(bundle, folder);
        Path versions = parent.resolve(Long.toString(bundle.getBundleId()));
        Path target = versions.resolve(digest(files));
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(versions);
        Path draft = Files.createTempDirectory(versions, "unpacking-");
        try {
            unpack(files, draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(draft); // somebody else was faster
        } catch (IOException | RuntimeException e) {
            delete(draft);
            throw e;
        }
        deleteAllBut(Set.of(target.getFileName().toString()), versions);
        return target;
    }

    /**
     * Deletes what was unpacked of bundles that are no longer installed.
     *
     * @param parent holds the unpacked folders
     * @param installed IDs of the installed bundles
     */
    static void deleteUninstalled(Path parent, Set<String> installed) throws IOException {
        if (Files.isDirectory(parent)) {
            deleteAllBut(installed, parent);
        }
    }

    private static Optional<Path> inPlace(Bundle bundle, String folder) {
        String location = bundle.getLocation();
        if (!location.startsWith(BY_REFERENCE)) {
            return Optional.empty();
        }
        URI uri = URI.create(location.substring(location.indexOf(':') + 1));
        if (uri.isOpaque()) {
            return Optional.empty(); // relative to the framework's working directory
        }
        Path path = Path.of(uri).resolve(folder);
        return Files.isDirectory(path) ? Optional.of(path) : Optional.empty();
    }

    /** {@return the files of the folder by their paths in it} */
    private static SortedMap<String, URL> files(Bundle bundle, String folder) throws IOException {
        Enumeration<URL> entries = bundle.findEntries(folder, "*", true);
        if (entries == null) {
            throw new IOException("bundle " + bundle.getSymbolicName() + " has no folder " + folder);
        }
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        SortedMap<String, URL> files = new TreeMap<>();
        while (entries.hasMoreElements()) {
            URL entry = entries.nextElement();
            String path = entry.getPath().replaceFirst("^/", "");
            if (!path.endsWith("/") && path.startsWith(prefix)) {
                files.put(path.substring(prefix.length()), entry);
            }
        }
        return files;
    }

    private static String digest(SortedMap<String, URL> files) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        for (Map.Entry<String, URL> file : files.entrySet()) {
            digest.update((file.getKey() + "\0").getBytes(UTF_8));
            long length = 0;
            try (InputStream in = new DigestInputStream(file.getValue().openStream(), digest)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    length += count;
                }
            }
            digest.update(("\0" + length + "\0").getBytes(UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void unpack(SortedMap<String, URL> files, Path target) throws IOException {
        for (Map.Entry<String, URL> entry : files.entrySet()) {
            Path file = target.resolve(entry.getKey()).normalize();
            if (!file.startsWith(target)) {
                throw new IOException("entry " + entry.getValue().getPath() + " leads out of its bundle");
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = entry.getValue().openStream()) {
                Files.copy(in, file);
            }
        }
    }

    private static void deleteAllBut(Set<String> names, Path folder) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(folder, entry -> !names.contains(String.valueOf(entry.getFileName())))) {
            for (Path entry : entries) {
                delete(entry);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
