package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;

/** Looks for a mark and a manifest in a source. */
@FunctionalInterface
interface OriginReader {

    /**
     * Looks at a file. May take seconds. May be called from any thread, which ends it when it is interrupted.
     *
     * @param source of a clip
     * @param file its content
     * @return what was found
     * @throws IOException if it cannot be read
     */
    SourceOrigin read(WorkSource source, Path file) throws IOException;
}
