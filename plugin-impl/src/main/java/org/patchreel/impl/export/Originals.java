package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.AssetMetadata;

/** Checks that clips are still as they were signed: damaged ones are not exported. */
@FunctionalInterface
interface Originals {

    /**
     * Refuses a clip that has changed since it was signed. One that never was signed passes.
     *
     * @param file the clip
     * @param clip what is known of it
     * @throws IOException if it has changed, or cannot be read; the message names the asset and what does not hold
     */
    void check(Path file, AssetMetadata clip) throws IOException;
}
