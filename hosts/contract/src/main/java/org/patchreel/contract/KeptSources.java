package org.patchreel.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;

/** A source store in memory. Safe for use from any thread. */
public final class KeptSources implements SourceStore {

    /** Maximum size of a file. */
    public static final int MAX_BYTES = 1 << 20;

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private boolean full;

    /** Creates an empty one. */
    public KeptSources() {}

    /**
     * What a request refers to a file by.
     *
     * @param name of the file
     * @param content its bytes
     * @return its digest and name
     */
    public static Media.Upload upload(String name, byte[] content) {
        try {
            return new Media.Upload(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
                    name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** From now on it has no room. */
    public synchronized void fill() {
        full = true;
    }

    @Override
    public synchronized Media.Upload put(InputStream content, String name) throws IOException {
        byte[] bytes = content.readNBytes(MAX_BYTES + 1);
        if (bytes.length == 0) {
            throw new IllegalArgumentException(name + " is empty");
        }
        if (bytes.length > MAX_BYTES) {
            throw new TooLargeException(name + " is larger than 1 MiB, the limit of a source");
        }
        if (full) {
            throw new FullException("there is no room for " + name);
        }
        Media.Upload upload = upload(name, bytes);
        files.put(upload.sha256(), bytes);
        return upload;
    }

    @Override
    public synchronized boolean contains(String sha256) {
        return files.containsKey(sha256);
    }

    @Override
    public synchronized Optional<InputStream> open(String sha256) {
        return Optional.ofNullable(files.get(sha256)).map(ByteArrayInputStream::new);
    }

    /**
     * Reads a file.
     *
     * @param sha256 of its content
     * @return its bytes; empty if it is not kept
     */
    public synchronized Optional<byte[]> file(String sha256) {
        return Optional.ofNullable(files.get(sha256)).map(byte[]::clone);
    }

    @Override
    public long maxBytes() {
        return MAX_BYTES;
    }
}
