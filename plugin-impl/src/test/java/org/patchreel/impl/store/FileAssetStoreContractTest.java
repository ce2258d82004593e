package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.contract.AssetStoreContract;
import org.patchreel.spi.AssetStore;

class FileAssetStoreContractTest extends AssetStoreContract {

    @TempDir
    Path folder;

    private Path assets = Path.of("");
    private @Nullable FileAssetStore store;

    @BeforeEach
    void choose() {
        assets = folder.resolve("assets");
    }

    @Override
    protected AssetStore store() {
        if (store == null) {
            store = new FileAssetStore(assets);
        }
        return store;
    }

    @Override
    protected AssetStore restart() throws IOException {
        // What a killed process leaves: the files, but no locks.
        Path left = assets;
        assets = folder.resolve("restarted");
        try (Stream<Path> files = Files.walk(left)) {
            for (Path file : files.toList()) {
                Files.copy(file, assets.resolve(left.relativize(file)));
            }
        }
        store = null;
        return store();
    }

    @Override
    protected Optional<String> folder(String name) {
        return Optional.empty();
    }

    @Override
    protected String missingFolder() {
        throw new AssertionError("the file store has no folders");
    }

    @Override
    protected Optional<Destination> forbidden() throws IOException {
        Files.createDirectories(assets);
        Files.setPosixFilePermissions(assets, PosixFilePermissions.fromString("r-xr-xr-x"));
        return Files.isWritable(assets) ? Optional.empty() : Optional.of(Destination.DEFAULT);
    }

    @AfterEach
    void permit() throws IOException {
        if (Files.exists(assets)) {
            Files.setPosixFilePermissions(assets, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Override
    protected byte[] read(AssetReference asset, long from, int length) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(Path.of(asset.location()))) {
            ByteBuffer part = ByteBuffer.allocate(length);
            file.position(from);
            while (part.hasRemaining() && file.read(part) >= 0) {
                // until it is full
            }
            return part.array();
        }
    }
}
