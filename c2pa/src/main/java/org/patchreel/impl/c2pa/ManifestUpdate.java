package org.patchreel.impl.c2pa;

import java.time.Instant;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;

/**
 * What is added to the manifest of a file whose content stays as it is (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_update_manifests">C2PA 2.2,
 * 11.2.3</a>).
 *
 * @param title of the file, for people
 * @param mediaType of the file, for example {@code video/mp4}
 * @param created when it is added
 * @param generatorName of the software
 * @param generatorVersion of the software
 * @param disclosure what is said of the model now
 * @param provider of the system that generated it, if one is to be named
 */
public record ManifestUpdate(
        String title,
        String mediaType,
        Instant created,
        String generatorName,
        String generatorVersion,
        AiDisclosure disclosure,
        Optional<AssetMetadata.Provider> provider) {

    /** Checks the texts. */
    public ManifestUpdate {
        ManifestDescription.requireText("title", title);
        ManifestDescription.requireText("generatorName", generatorName);
        ManifestDescription.requireText("generatorVersion", generatorVersion);
    }
}
