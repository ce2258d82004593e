package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Keeps drafts in a directory until they are discarded, and remembers what was committed. */
final class FakeStore implements AssetStore {

    final Map<String, StoredAsset> assets = new LinkedHashMap<>();
    private final Path directory;

    @Nullable
    Exception openFailure;

    @Nullable
    Exception commitFailure;

    boolean takesStills = true;

    FakeStore(Path directory) {
        this.directory = directory;
    }

    /** Throws an exception if there is one. */
    static void fail(@Nullable Exception failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /** {@return all files of the drafts} */
    List<Path> remains() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory)).toList();
        }
    }

    @Override
    public boolean takes(OutputKind kind) {
        return kind == OutputKind.CLIP || takesStills;
    }

    @Override
    public AssetDraft open(String id, Destination destination) throws IOException {
        fail(openFailure);
        Path draft = Files.createDirectory(directory.resolve(id));
        return new AssetDraft() {
            private boolean committed;

            @Override
            public Path directory() {
                return draft;
            }

            @Override
            public AssetReference commit(AssetMetadata metadata) throws IOException {
                fail(commitFailure);
                committed = true;
                AssetReference reference = new AssetReference(
                        id, draft.resolve(metadata.kind().file().fileName()).toUri());
                assets.put(id, new FakeStoredAsset(reference, metadata));
                return reference;
            }

            @Override
            public void close() throws IOException {
                if (committed) {
                    return;
                }
                try (Stream<Path> files = Files.walk(draft)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        };
    }

    private record FakeStoredAsset(AssetReference reference, AssetMetadata metadata) implements StoredAsset {
        @Override
        public SeekableByteChannel open(AssetFile file) throws IOException {
            return Files.newByteChannel(Path.of(reference.location()).resolveSibling(file.fileName()));
        }
    }

    @Override
    public List<AssetReference> list() {
        List<AssetReference> latestFirst = new ArrayList<>();
        assets.values().forEach(asset -> latestFirst.add(0, asset.reference()));
        return latestFirst;
    }

    @Override
    public Optional<StoredAsset> find(String id) {
        return Optional.ofNullable(assets.get(id));
    }
}
