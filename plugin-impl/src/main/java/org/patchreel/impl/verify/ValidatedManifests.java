package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/**
 * Manifests as the validator finds them.
 *
 * @param validator of manifests
 */
record ValidatedManifests(ManifestValidator validator) implements ManifestExaminer {

    @Override
    public Manifest validate(Path file) throws IOException {
        return validator.validate(file);
    }

    @Override
    public Manifest validateStore(byte[] store) {
        return validator.validateStore(store);
    }
}
