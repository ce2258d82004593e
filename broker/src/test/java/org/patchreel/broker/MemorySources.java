package org.patchreel.broker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;

/** Sources in memory. */
public final class MemorySources implements SourceStore {

    /** What is kept, by its digest; a test may put something wrong there. */
    public final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /** {@return the SHA-256 of bytes} */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Media.Upload put(InputStream content, String name) throws IOException {
        byte[] bytes = content.readAllBytes();
        files.put(sha256(bytes), bytes);
        return new Media.Upload(sha256(bytes), name);
    }

    @Override
    public boolean contains(String sha256) {
        return files.containsKey(sha256);
    }

    @Override
    public Optional<InputStream> open(String sha256) {
        return Optional.ofNullable(files.get(sha256)).map(ByteArrayInputStream::new);
    }

    @Override
    public long maxBytes() {
        return Long.MAX_VALUE;
    }
}
