package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;

/** Stores for tests of other packages. */
public final class TestStores {
    private TestStores() {}

    public static ManifestRepository in(Path folder) {
        return new ManifestRepository(folder.resolve("manifests.db"), null);
    }

    /** Lets a repository have no room for another page, as on a full disk, or room again. */
    public static void fill(ManifestRepository repository, boolean full) throws IOException {
        repository.set("max_page_count = " + (full ? 1 : 1_000_000));
    }
}
