package org.patchreel.impl.c2pa;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** An embedder whose manifests must have a timestamp, for tests of other packages. */
public final class StampingEmbedder {
    private StampingEmbedder() {}

    /** {@return an embedder that asks this authority, and waits for ten seconds at most} */
    public static ManifestEmbedder with(ManifestValidator validator, URI authority) {
        return new ManifestEmbedder(
                validator, Optional.of(new TimestampAuthority(authority, Duration.ofSeconds(10))), true);
    }
}
