package org.patchreel.sling;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Copies a clip or still that another store keeps, for example that of a generator on another machine, byte by byte. */
final class ClipImport {

    private ClipImport() {}

    static AssetReference copy(StoredAsset asset, Destination destination, AssetStore store) throws IOException {
        try (AssetDraft draft = store.open(asset.reference().id(), destination)) {
            for (AssetFile file : AssetFile.values()) {
                try (SeekableByteChannel from = asset.open(file)) {
                    Files.copy(Channels.newInputStream(from), draft.directory().resolve(file.fileName()));
                } catch (NoSuchFileException e) {
                    if (file == asset.metadata().kind().file()) {
                        throw e;
                    }
                }
            }
            return draft.commit(asset.metadata());
        }
    }
}
