package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.spi.AssetDraft;

/** An asset in the making, in a folder that readers pass over. */
final class FileAssetDraft implements AssetDraft {
    private final Path store;
    private final String id;
    private final Path draft;
    private final Path target;
    private final DraftLock lock;
    private boolean ended;

    FileAssetDraft(Path store, String id, Path draft, DraftLock lock) {
        this.store = store;
        this.id = id;
        this.draft = draft;
        this.target = store.resolve(id);
        this.lock = lock;
    }

    @Override
    public Path directory() {
        return draft;
    }

    @Override
    public AssetReference commit(AssetMetadata metadata) throws IOException {
        if (ended) {
            throw new IllegalStateException("the draft of asset " + id + " has ended");
        }
        if (!metadata.id().equals(id)) {
            throw new IllegalArgumentException("metadata of asset " + metadata.id() + " for asset " + id);
        }
        try {
            String file = metadata.kind().file().fileName();
            if (!Files.isRegularFile(draft.resolve(file))) {
                throw new IOException("asset " + id + " has no " + file);
            }
            MetadataFile.write(metadata, draft.resolve(FileAssetStore.METADATA));
            Tree.sync(draft);
            publish();
        } catch (IOException e) {
            throw StoreFailure.of(store, e);
        }
        ended = true;
        lock.close();
        return reference(id, target);
    }

    private void publish() throws IOException {
        // renaming replaces an empty folder, and fails on one that is not
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        try {
            Tree.syncOne(store);
        } catch (IOException e) {
            Files.move(target, draft, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    static AssetReference reference(String id, Path folder) {
        Path still = folder.resolve(AssetFile.STILL.fileName());
        Path file = Files.isRegularFile(still) ? still : folder.resolve(AssetFile.CLIP.fileName());
        return new AssetReference(id, file.toUri());
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        try (lock) {
            Tree.delete(draft);
        }
    }
}
