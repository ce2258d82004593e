package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.ProvenanceReport.Manifest;

/** Validates C2PA manifests. */
interface ManifestExaminer {

    /**
     * Validates the manifest that a file carries, with its binding to the file's bytes.
     *
     * @throws IOException if the file cannot be read
     */
    Manifest validate(Path file) throws IOException;

    /** Validates a manifest store by itself, without a file that it is bound to. */
    Manifest validateStore(byte[] store);
}
