package org.patchreel.impl.generator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.patchreel.impl.store.FileSourceStore;

/** Source stores in folders. */
final class TestSources {

    private TestSources() {}

    /** A store without files, for requests of a prompt alone. */
    static SourceFiles none() {
        return new SourceFiles(in(Path.of("target", "no-sources")), new CurrentStore(null, Duration.ZERO));
    }

    static FileSourceStore in(Path folder) {
        return new FileSourceStore(
                new FileSourceStore.Limits(folder, 64 << 20, 64 << 20, Duration.ofDays(1)), InstantSource.system());
    }
}
