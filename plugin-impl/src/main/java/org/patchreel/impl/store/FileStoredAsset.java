package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;

/** An asset in a folder of its own. */
record FileStoredAsset(AssetReference reference, AssetMetadata metadata, Path folder) implements StoredAsset {

    @Override
    public SeekableByteChannel open(AssetFile file) throws IOException {
        return Files.newByteChannel(folder.resolve(file.fileName()), StandardOpenOption.READ);
    }
}
