package org.patchreel.impl.c2pa;

import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.Rights;

/** Descriptions of manifests that say one thing more than another. */
public final class ChangedDescription {
    private ChangedDescription() {}

    /** The same of a file with a text in its pictures. */
    public static ManifestDescription labelled(ManifestDescription plain, String label) {
        return of(plain, Optional.of(label), plain.adapters(), plain.rights());
    }

    /** The same of a file whose model LoRAs have changed. */
    public static ManifestDescription adapted(ManifestDescription plain, List<AdapterFile> adapters) {
        return of(plain, plain.label(), adapters, plain.rights());
    }

    /** The same of a file of which somebody has stated the rights. */
    public static ManifestDescription stating(ManifestDescription plain, Rights rights) {
        return of(plain, plain.label(), plain.adapters(), rights);
    }

    private static ManifestDescription of(
            ManifestDescription plain, Optional<String> label, List<AdapterFile> adapters, Rights rights) {
        return new ManifestDescription(
                plain.title(),
                plain.created(),
                plain.generatorName(),
                plain.generatorVersion(),
                plain.disclosure(),
                plain.softBinding(),
                plain.duration(),
                plain.thumbnail(),
                plain.ingredients(),
                plain.intent(),
                label,
                adapters,
                plain.provider(),
                rights);
    }
}
