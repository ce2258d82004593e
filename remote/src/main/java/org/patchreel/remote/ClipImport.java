package org.patchreel.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Brings an asset of the generator into the store of this host: all of it, as it is there, or nothing. */
final class ClipImport {

    private static final int BUFFER = 1 << 16;

    private ClipImport() {}

    /**
     * Stores an asset, unless it is stored already.
     *
     * @param api has it
     * @param id of the asset
     * @param destination where it goes; the title is the one that the manifest has
     * @param store takes it
     * @return its name in the store
     * @throws IOException if it cannot be read or stored; nothing is left of it then
     */
    static AssetReference store(RemoteApi api, String id, Destination destination, AssetStore store)
            throws IOException {
        Optional<StoredAsset> known = store.find(id);
        if (known.isPresent()) {
            return known.get().reference();
        }
        RemoteAsset asset = RemoteAsset.find(api, id)
                .orElseThrow(() -> RemoteFailure.lasting(
                        api.name() + " has no asset " + id + " any more, which it had made", null));
        try {
            return store(asset, destination, store);
        } catch (IOException | RuntimeException e) {
            // another process of this host may have been faster
            Optional<StoredAsset> meanwhile = store.find(id);
            if (meanwhile.isPresent()) {
                return meanwhile.get().reference();
            }
            throw e;
        }
    }

    private static AssetReference store(RemoteAsset asset, Destination destination, AssetStore store)
            throws IOException {
        Destination target =
                new Destination(destination.folder(), asset.metadata().title());
        try (AssetDraft draft = store.open(asset.metadata().id(), target)) {
            for (AssetFile file : AssetFile.values()) {
                if (asset.has(file)) {
                    copyIfThere(asset, file, draft.directory().resolve(file.fileName()));
                }
            }
            return draft.commit(asset.metadata());
        }
    }

    /** A master may not be handed out yet, and must not keep the clip away. */
    private static void copyIfThere(RemoteAsset asset, AssetFile file, Path target) throws IOException {
        try {
            copy(asset, file, target);
        } catch (NoSuchFileException e) {
            if (file != AssetFile.MASTER) {
                throw e;
            }
        }
    }

    private static void copy(RemoteAsset asset, AssetFile file, Path target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (SeekableByteChannel from = asset.open(file);
                WritableByteChannel to =
                        Files.newByteChannel(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        }
    }
}
