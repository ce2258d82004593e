package org.patchreel.remote;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** A host's store, in a folder whose drafts a test can see. Safe for use from any thread. */
final class HeldStore implements AssetStore {

    private final Path folder;

    /** Guarded by this. */
    private final Map<String, StoredAsset> assets = new LinkedHashMap<>();

    /** Guarded by this. */
    private final Map<String, Destination> destinations = new HashMap<>();

    HeldStore(Path folder) {
        this.folder = folder;
    }

    /** {@return the folders of drafts and assets that there are} */
    List<Path> folders() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList();
        }
    }

    synchronized Destination destination(String id) {
        return Objects.requireNonNull(destinations.get(id), id);
    }

    @Override
    public boolean takes(OutputKind kind) {
        return true;
    }

    @Override
    public AssetDraft open(String id, Destination destination) throws IOException {
        Path directory = Files.createTempDirectory(folder, id);
        return new AssetDraft() {
            private boolean committed;

            @Override
            public Path directory() {
                return directory;
            }

            @Override
            public AssetReference commit(AssetMetadata metadata) throws IOException {
                synchronized (HeldStore.this) {
                    if (assets.containsKey(id)) {
                        throw new IOException("there is an asset " + id + " already");
                    }
                    AssetReference reference = new AssetReference(id, directory.toUri());
                    assets.put(id, new Held(reference, metadata, directory));
                    destinations.put(id, destination);
                    committed = true;
                    return reference;
                }
            }

            @Override
            public void close() throws IOException {
                if (!committed) {
                    try (Stream<Path> files = Files.list(directory)) {
                        for (Path file : files.toList()) {
                            Files.delete(file);
                        }
                    }
                    Files.delete(directory);
                }
            }
        };
    }

    @Override
    public synchronized List<AssetReference> list() {
        List<AssetReference> references = new ArrayList<>();
        assets.values().forEach(asset -> references.add(0, asset.reference()));
        return references;
    }

    @Override
    public synchronized Optional<StoredAsset> find(String id) {
        return Optional.ofNullable(assets.get(id));
    }

    private record Held(AssetReference reference, AssetMetadata metadata, Path directory) implements StoredAsset {
        @Override
        public SeekableByteChannel open(AssetFile file) throws IOException {
            return Files.newByteChannel(directory.resolve(file.fileName()));
        }
    }
}
