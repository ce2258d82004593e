package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.spi.SoftBindingResolver;
import org.patchreel.spi.Watermarker;

/** Resolves the marks of this installation's watermarker to what the {@link ManifestRepository} remembers. */
@Component(service = SoftBindingResolver.class)
public final class RepositorySoftBindingResolver implements SoftBindingResolver {

    private final ManifestRepository store;
    private final Algorithm watermark;

    /**
     * Creates a resolver.
     *
     * @param store remembers the manifests
     * @param watermarker names the algorithm
     */
    @Activate
    public RepositorySoftBindingResolver(@Reference ManifestRepository store, @Reference Watermarker watermarker) {
        this(store, watermarker.algorithm());
    }

    RepositorySoftBindingResolver(ManifestRepository store, String algorithm) {
        this.store = store;
        this.watermark = new Algorithm(algorithm, StoredManifest.WATERMARK_ID_BYTES);
    }

    @Override
    public List<Algorithm> supportedWatermarks() {
        return List.of(watermark);
    }

    @Override
    public List<String> manifestIds(String algorithm, byte[] value) throws IOException {
        if (!algorithm.equals(watermark.name())) {
            throw new IllegalArgumentException(
                    "the algorithm is not supported: " + algorithm + ", but " + watermark.name());
        }
        if (value.length != watermark.valueLength()) {
            throw new IllegalArgumentException(
                    "a value of " + algorithm + " has " + watermark.valueLength() + " bytes: " + value.length);
        }
        return store.findByWatermark(value).stream()
                .map(StoredManifest::manifestLabel)
                .distinct()
                .toList();
    }

    @Override
    public Optional<byte[]> manifestStore(String manifestId) throws IOException {
        return store.findByLabel(manifestId).stream().findFirst().map(StoredManifest::manifest);
    }

    @Override
    public Optional<byte[]> activeManifest(String manifestId) throws IOException {
        Optional<byte[]> manifestStore = manifestStore(manifestId);
        return manifestStore.isPresent() ? Optional.of(active(manifestStore.get())) : Optional.empty();
    }

    /** The last manifest of a store is the active one (C2PA 2.2, 11.1.4.2). */
    private static byte[] active(byte[] manifestStore) throws IOException {
        List<JumbfBox.Super> manifests;
        try {
            manifests = JumbfReader.read(ByteBuffer.wrap(manifestStore)).superBoxes();
        } catch (JumbfException e) {
            throw new IOException("a stored manifest is damaged: " + e.getMessage(), e);
        }
        if (manifests.isEmpty()) {
            throw new IOException("a stored manifest store is empty");
        }
        ByteBuffer active = manifests.get(manifests.size() - 1).raw().duplicate();
        byte[] bytes = new byte[active.remaining()];
        active.get(bytes);
        return bytes;
    }
}
