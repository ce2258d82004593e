package org.patchreel.impl.c2pa.cose;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Bytes;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;

/**
 * Whether the OCSP responses that a signature brings along say that its certificate was revoked (C2PA 2.2, 15.9). One that
 * cannot be used counts as none, and nobody is asked over the network.
 *
 * @param code what was found
 * @param explanation in words
 */
record StapledStatus(StatusCode code, String explanation) {
    private static final int MAX_RESPONSES = 8;

    /** Clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /**
     * Reads the responses.
     *
     * @param header of the signature, the one that is not signed
     * @param certificate of the signer
     * @param issuer of that; empty if it is not known
     * @param signedAt when it signed, as far as a timestamp of a trusted authority proves it
     * @param now when that is not proved
     */
    static StapledStatus of(
            Dictionary header,
            X509Certificate certificate,
            Optional<X509Certificate> issuer,
            Optional<Instant> signedAt,
            Instant now) {
        List<byte[]> responses = responses(header);
        if (responses.isEmpty()) {
            return skipped(
                    "no OCSP response is with the signature, and nobody was asked whether the certificate is revoked");
        }
        if (issuer.isEmpty()) {
            return skipped("the OCSP response cannot be checked: the issuer of the certificate is not known");
        }
        List<StapledStatus> found = new ArrayList<>();
        for (byte[] response : responses) {
            try {
                found.add(of(RevocationStatus.read(response, certificate, issuer.get()), signedAt, now));
            } catch (CoseException e) {
                found.add(skipped(e.reason()));
            }
        }
        // a response of before does not undo that it was revoked
        for (StatusCode code : List.of(
                StatusCode.SIGNING_CREDENTIAL_OCSP_REVOKED,
                StatusCode.SIGNING_CREDENTIAL_OCSP_NOT_REVOKED,
                StatusCode.SIGNING_CREDENTIAL_OCSP_UNKNOWN)) {
            for (StapledStatus each : found) {
                if (each.code() == code) {
                    return each;
                }
            }
        }
        return found.get(0);
    }

    private static List<byte[]> responses(Dictionary header) {
        List<byte[]> responses = new ArrayList<>();
        for (CborValue item : header.dictionary("rVals")
                .flatMap(values -> values.array("ocspVals"))
                .orElse(List.of())) {
            if (item instanceof Bytes bytes && responses.size() < MAX_RESPONSES) {
                responses.add(bytes.toArray());
            }
        }
        return responses;
    }

    private static StapledStatus skipped(String explanation) {
        return new StapledStatus(StatusCode.SIGNING_CREDENTIAL_OCSP_SKIPPED, explanation);
    }

    private static StapledStatus of(RevocationStatus status, Optional<Instant> signedAt, Instant now) {
        return switch (status.kind()) {
            case REVOKED -> {
                Instant revoked = status.revoked().orElse(Instant.MIN);
                yield signedAt.filter(time -> time.isBefore(revoked)).isPresent()
                        ? new StapledStatus(
                                StatusCode.SIGNING_CREDENTIAL_OCSP_NOT_REVOKED,
                                "the certificate was revoked at " + revoked + ", after the claim was signed")
                        : new StapledStatus(
                                StatusCode.SIGNING_CREDENTIAL_OCSP_REVOKED,
                                "the certificate was revoked at " + revoked
                                        + ", and nothing proves that the claim was signed before");
            }
            case UNKNOWN ->
                new StapledStatus(
                        StatusCode.SIGNING_CREDENTIAL_OCSP_UNKNOWN, "the OCSP responder does not know the certificate");
            case GOOD -> {
                Instant at = signedAt.orElse(now);
                // what is not revoked later was not revoked before
                boolean begun = signedAt.isPresent() || !status.from().isAfter(now.plus(TOLERANCE));
                yield begun && !at.isAfter(status.until())
                        ? new StapledStatus(
                                StatusCode.SIGNING_CREDENTIAL_OCSP_NOT_REVOKED,
                                "the certificate was not revoked, as an OCSP response of " + status.from() + " says")
                        : skipped("the OCSP response is of " + status.from() + " to " + status.until() + ", not of "
                                + at);
            }
        };
    }
}
