package org.patchreel.impl.store;

import java.nio.file.Path;
import org.patchreel.spi.AssetStore;

/** File stores for tests of other packages. */
public final class FileStores {
    private FileStores() {}

    /** A store that keeps its assets in a folder. */
    public static AssetStore in(Path folder) {
        return new FileAssetStore(folder);
    }
}
