package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import org.patchreel.api.ProvenanceReport;

/**
 * A manifest and the bytes that it consists of.
 *
 * @param report what was found
 * @param active the box of the active manifest, with claim, assertions and signature; empty if there is none that is
 *     well-formed
 */
public record ExaminedManifest(ProvenanceReport.Manifest report, ByteBuffer active) {

    static ExaminedManifest without(ProvenanceReport.Manifest report) {
        return new ExaminedManifest(report, ByteBuffer.allocate(0));
    }

    /** {@return whether both active manifests are there and consist of the same bytes} */
    public boolean isSameAs(ExaminedManifest other) {
        return active.hasRemaining() && active.equals(other.active);
    }
}
