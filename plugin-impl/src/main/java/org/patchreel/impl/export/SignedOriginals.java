package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.verify.AgedManifest;

/**
 * Clips that carry the manifest which their metadata name.
 *
 * @param validator of manifests
 */
record SignedOriginals(ManifestValidator validator) implements Originals {

    @Override
    public void check(Path file, AssetMetadata clip) throws IOException {
        Optional<String> label = clip.provenance().manifest().map(SignedManifest::label);
        if (label.isEmpty()) {
            return;
        }
        Manifest manifest = validator.validate(file);
        if (!AgedManifest.holds(manifest)) {
            throw new IOException("asset " + clip.id() + ": the stored clip is not as it was signed: "
                    + (manifest.state() == ManifestState.NONE
                            ? "it carries no manifest"
                            : String.join(", ", new TreeSet<>(AgedManifest.failures(manifest)))));
        }
        if (!manifest.label().equals(label.get())) {
            throw new IOException("asset " + clip.id() + ": the stored clip is another one: its manifest is "
                    + manifest.label() + ", not " + label.get());
        }
    }
}
