package org.patchreel.impl.c2pa.cose;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * What a signature says of itself; nothing of it is verified.
 *
 * @param algorithm as C2PA writes it, for example {@code ES256}; {@code Unknown} if it is none of C2PA's
 * @param certificate of the signer
 * @param timestamp of an authority, if there is one that can be read
 */
public record SignatureDetails(String algorithm, X509Certificate certificate, Optional<Stamp> timestamp) {

    /**
     * A timestamp.
     *
     * @param time that it tells
     * @param certificate of the authority
     */
    public record Stamp(Instant time, X509Certificate certificate) {}
}
