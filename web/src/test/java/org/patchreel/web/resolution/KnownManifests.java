package org.patchreel.web.resolution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.spi.SoftBindingResolver;

/** An installation that remembers a few manifests, each led to by a mark. */
final class KnownManifests implements SoftBindingResolver {

    static final String ALGORITHM = "org.patchreel.test.1";

    private static final byte[] DAMAGED = new byte[0];

    private final Map<String, ByteBuffer> marks = new LinkedHashMap<>();
    private final Map<String, byte[]> stores = new LinkedHashMap<>();
    private final Map<String, byte[]> actives = new LinkedHashMap<>();

    /** Remembers a manifest. */
    void put(byte[] mark, String id, byte[] store, byte[] active) {
        marks.put(id, ByteBuffer.wrap(mark));
        stores.put(id, store);
        actives.put(id, active);
    }

    /** Remembers one whose store is damaged. */
    void putDamaged(byte[] mark, String id) {
        put(mark, id, new byte[3], DAMAGED);
    }

    @Override
    public List<Algorithm> supportedWatermarks() {
        return List.of(new Algorithm(ALGORITHM, 8));
    }

    @Override
    public List<String> manifestIds(String algorithm, byte[] value) {
        if (!algorithm.equals(ALGORITHM) || value.length != 8) {
            throw new IllegalArgumentException(algorithm + ", " + value.length + " bytes");
        }
        return marks.entrySet().stream()
                .filter(mark -> mark.getValue().equals(ByteBuffer.wrap(value)))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public Optional<byte[]> manifestStore(String manifestId) {
        return Optional.ofNullable(stores.get(manifestId));
    }

    @Override
    public Optional<byte[]> activeManifest(String manifestId) throws IOException {
        byte[] active = actives.get(manifestId);
        if (active == DAMAGED) {
            throw new IOException("a stored manifest is damaged: box \r\nINFO \u001b[2J");
        }
        return Optional.ofNullable(active);
    }
}
