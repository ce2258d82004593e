package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.ContentCredentials;
import org.patchreel.impl.c2pa.validation.ExaminedManifest;

/** Validates C2PA manifests. */
interface ManifestExaminer {

    /**
     * Validates the manifest that a file carries, with its binding to the file's bytes.
     *
     * @throws IOException if the file cannot be read
     */
    ExaminedManifest examine(Path file) throws IOException;

    /**
     * Does the same, and gives all manifests with what was found.
     *
     * @throws IOException if the file cannot be read
     */
    ContentCredentials contentCredentials(Path file) throws IOException;

    /** Validates a manifest store by itself, without a file that it is bound to. */
    ExaminedManifest examineStore(byte[] store);
}
