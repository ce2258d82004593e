package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;

/** Checks that clips are still as they were signed: damaged ones are not exported. */
@FunctionalInterface
interface Originals {

    /**
     * Refuses a clip that has changed since it was signed. One that never was signed passes.
     *
     * @param file the clip
     * @param kind which file of the asset it is
     * @param clip what is known of it
     * @return the manifest that it carries; empty if it never was signed
     * @throws IOException if it has changed, or cannot be read; the message names the asset and what does not hold
     */
    Optional<SignedManifest> check(Path file, AssetFile kind, AssetMetadata clip) throws IOException;
}
