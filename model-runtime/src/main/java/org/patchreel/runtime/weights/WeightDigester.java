package org.patchreel.runtime.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.spi.ModelDescriptor.WeightDigest;

/** Computes SHA-256 of weight files, for the record of what made a clip. Reads all of them: minutes for the largest. */
public final class WeightDigester {
    private static final int BUFFER_BYTES = 1 << 20;

    private WeightDigester() {}

    /**
     * Digests files that lie in a checkpoint's directory or below; links are followed.
     *
     * @throws IllegalArgumentException if a file lies elsewhere
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    public static WeightDigest digest(Path checkpoint, Collection<Path> files) throws IOException {
        return digest(checkpoint, Map.of(), files);
    }

    /**
     * The same of a checkpoint of which parts are elsewhere: their files have the paths that they would have in the checkpoint.
     *
     * @param parts folders or files of components by their names
     * @throws IllegalArgumentException if a file lies elsewhere
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    public static WeightDigest digest(Path checkpoint, Map<String, Path> parts, Collection<Path> files)
            throws IOException {
        Path root = checkpoint.toAbsolutePath().normalize();
        List<WeightFile> digests = new ArrayList<>();
        for (Path file : files) {
            Path absolute = file.toAbsolutePath().normalize();
            String path = parts.entrySet().stream()
                    .filter(part ->
                            absolute.startsWith(part.getValue().toAbsolutePath().normalize()))
                    .map(part -> part.getKey() + "/"
                            + slashed(within(part.getValue().toAbsolutePath().normalize(), absolute)))
                    .findFirst()
                    .orElse("");
            if (path.isEmpty() && absolute.startsWith(root)) {
                path = slashed(root.relativize(absolute));
            }
            if (path.isEmpty()) {
                throw new IllegalArgumentException(file + " is not in " + checkpoint);
            }
            digests.add(new WeightFile(path, sha256(file)));
        }
        digests.sort(Comparator.comparing(WeightFile::path));
        return new WeightDigest(List.copyOf(digests));
    }

    private static Path within(Path part, Path file) {
        return part.equals(file) ? file.getFileName() : part.relativize(file);
    }

    private static String slashed(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        return String.join("/", names);
    }

    /**
     * Digests one file.
     *
     * @return 64 hexadecimal digits
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                digest.update(buffer, 0, count);
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while digesting " + file);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
