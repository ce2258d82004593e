package org.patchreel.impl.c2pa;

import java.util.Optional;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** An embedder without timestamps, for tests of other packages. */
public final class PlainEmbedder {
    private PlainEmbedder() {}

    public static ManifestEmbedder with(ManifestValidator validator) {
        return new ManifestEmbedder(validator, Optional.empty(), false);
    }
}
