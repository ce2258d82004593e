package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.ContentCredentials;
import org.patchreel.impl.c2pa.validation.ExaminedManifest;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/**
 * Manifests as the validator finds them.
 *
 * @param validator of manifests
 */
record ValidatedManifests(ManifestValidator validator) implements ManifestExaminer {

    @Override
    public ExaminedManifest examine(Path file) throws IOException {
        return validator.examine(file);
    }

    @Override
    public ContentCredentials contentCredentials(Path file) throws IOException {
        return validator.contentCredentials(file);
    }

    @Override
    public ExaminedManifest examineStore(byte[] store) {
        return validator.examineStore(store);
    }
}
