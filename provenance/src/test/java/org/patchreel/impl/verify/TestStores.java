package org.patchreel.impl.verify;

import java.nio.file.Path;

/** Stores for tests of other packages. */
public final class TestStores {
    private TestStores() {}

    public static ManifestRepository in(Path folder) {
        return new ManifestRepository(folder.resolve("manifests.db"), null);
    }
}
