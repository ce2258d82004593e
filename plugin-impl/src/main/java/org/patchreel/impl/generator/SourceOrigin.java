package org.patchreel.impl.generator;

import java.util.Optional;
import org.patchreel.api.AssetMetadata.SourceUse.Trace;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient.Recovered;

/**
 * Where a picture or clip is from, as far as it says itself.
 *
 * @param trace for the metadata
 * @param recovered the manifest that its watermark leads to, if it carries none itself
 */
record SourceOrigin(Trace trace, Optional<Recovered> recovered) {

    /** Nothing is known. */
    static final SourceOrigin UNKNOWN = new SourceOrigin(Trace.NONE, Optional.empty());
}
