package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.verify.AgedManifest;

/**
 * Clips that carry the manifest which their metadata name.
 *
 * @param validator of manifests
 */
record SignedOriginals(ManifestValidator validator) implements Originals {

    @Override
    public Optional<SignedManifest> check(Path file, AssetFile kind, AssetMetadata clip) throws IOException {
        Optional<SignedManifest> signed = clip.provenance().manifest();
        if (signed.isEmpty()) {
            return signed;
        }
        Manifest manifest = validator.validate(file);
        String stored = "asset " + clip.id() + ": the stored " + (kind == AssetFile.MASTER ? "master" : "clip");
        if (!AgedManifest.holds(manifest)) {
            throw new IOException(stored + " is not as it was signed: "
                    + (manifest.state() == ManifestState.NONE
                            ? "it carries no manifest"
                            : String.join(", ", new TreeSet<>(AgedManifest.failures(manifest)))));
        }
        if (kind == AssetFile.MASTER) {
            return Optional.of(checkMaster(stored, manifest, clip));
        }
        String label = signed.get().label();
        if (!manifest.label().equals(label)) {
            throw new IOException(stored + " is another one: its manifest is " + manifest.label() + ", not " + label);
        }
        return signed;
    }

    /** Metadata do not name the manifest of a master, but the watermark that both files have. */
    private static SignedManifest checkMaster(String stored, Manifest manifest, AssetMetadata clip) throws IOException {
        List<String> marks = manifest.softBindings().stream()
                .map(SoftBinding::value)
                .map(value -> value.toLowerCase(Locale.ROOT))
                .toList();
        if (!marks.equals(clip.provenance().watermarkId().stream().toList())) {
            throw new IOException(stored + " is another one: its manifest names the marks " + marks);
        }
        return new SignedManifest(
                manifest.label(), manifest.signer(), manifest.signedAt().isPresent());
    }
}
