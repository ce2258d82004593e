package org.patchreel.impl.c2pa.cose;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cose.CertificateProfile.Fault;
import org.patchreel.impl.c2pa.cose.CertificateProfile.Purpose;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * The signature of a claim (C2PA 2.2, 15.7 and 15.8): of the claim's bytes, by a certificate of C2PA's profile that was valid
 * when a timestamp says that it signed, or is valid now, and that leads to the trust list.
 */
public final class ClaimSignature {
    private final CoseSign1 sign1;
    private final List<byte[]> encodedChain;

    private ClaimSignature(CoseSign1 sign1, List<byte[]> encodedChain) {
        this.sign1 = sign1;
        this.encodedChain = encodedChain;
    }

    /**
     * Decodes a signature.
     *
     * @param bytes of the signature box
     * @throws CoseException if there is none in them, or no certificate with it
     */
    public static ClaimSignature read(ByteBuffer bytes) throws CoseException {
        CoseSign1 sign1 = CoseSign1.read(bytes);
        return new ClaimSignature(sign1, sign1.certificates());
    }

    /** {@return the subject of the signing certificate: its name and organization; empty if it cannot be read} */
    public String signer() {
        try {
            X500Name subject = X500Name.getInstance(TrustList.certificate(encodedChain.get(0))
                    .getSubjectX500Principal()
                    .getEncoded());
            List<String> parts = new ArrayList<>();
            for (var type : List.of(BCStyle.CN, BCStyle.O)) {
                for (RDN part : subject.getRDNs(type)) {
                    ASN1Encodable value = part.getFirst().getValue();
                    // not escaped: it is for people
                    parts.add(value instanceof ASN1String text ? text.getString() : value.toString());
                }
            }
            return parts.isEmpty() ? subject.toString() : String.join(", ", parts);
        } catch (CertificateException | RuntimeException | StackOverflowError e) {
            return "";
        }
    }

    /** {@return what the signature says of itself; empty if the signer's certificate cannot be read} */
    public Optional<SignatureDetails> details() {
        try {
            return Optional.of(new SignatureDetails(
                    sign1.algorithm().map(CoseAlgorithm::label).orElse("Unknown"),
                    TrustList.certificate(encodedChain.get(0)),
                    timestampToken().flatMap(ClaimSignature::singleToken).flatMap(Timestamp::details)));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private Optional<CborValue> timestampToken() {
        Dictionary header = sign1.unprotectedHeader();
        return header.get("sigTst2").or(() -> header.get("sigTst"));
    }

    private static Optional<byte[]> singleToken(CborValue container) {
        return container instanceof Dictionary map
                        && map.array("tstTokens").map(List::size).orElse(0) == 1
                        && map.array("tstTokens").get().get(0) instanceof Dictionary token
                ? token.bytes("val")
                : Optional.empty();
    }

    /**
     * Verifies the signature and logs what is found.
     *
     * @param claim bytes of the claim
     * @param url of the signature box
     * @param trustList of signers and of authorities for timestamps
     * @param wantsTrustedTimestamp whether a timestamp counts only if its authority is on the trust list; so from claims of
     *     version 2 on. For older ones the time of another authority counts, but not for whether the signer is trusted
     * @param now the time that counts without a timestamp
     * @return the time of a timestamp by an authority on the trust list
     */
    public Optional<Instant> verify(
            ByteBuffer claim,
            String url,
            TrustList trustList,
            boolean wantsTrustedTimestamp,
            Instant now,
            StatusLog log) {
        Optional<Timestamp> timestamp = timestamp(claim, url, trustList, wantsTrustedTimestamp, log);
        Instant at = timestamp.flatMap(Timestamp::time).orElse(now);
        // Anybody can run an authority that tells any time, one at which a certificate that has expired was valid: what
        // it
        // tells is believed of an old manifest's validity, as c2pa-rs does, but leads to no trust.
        Instant trustAt =
                timestamp.filter(Timestamp::trusted).flatMap(Timestamp::time).orElse(now);
        StapledStatus revocation =
                revocation(trustList, timestamp.filter(Timestamp::trusted).flatMap(Timestamp::time), now);
        log.add(revocation.code(), url, revocation.explanation());
        if (verifySignature(claim, url, trustList, at, trustAt, log)) {
            log.add(
                    StatusCode.CLAIM_SIGNATURE_INSIDE_VALIDITY,
                    url,
                    "the claim was signed while the certificate was valid");
            log.add(StatusCode.CLAIM_SIGNATURE_VALIDATED, url, "the claim is the one that was signed");
        } else {
            log.add(StatusCode.CLAIM_SIGNATURE_MISMATCH, url, "the signature is not one of this claim");
        }
        return timestamp.filter(Timestamp::trusted).flatMap(Timestamp::time);
    }

    private boolean verifySignature(
            ByteBuffer claim, String url, TrustList trustList, Instant at, Instant trustAt, StatusLog log) {
        Optional<CoseAlgorithm> algorithm = sign1.algorithm();
        if (algorithm.isEmpty()) {
            log.add(StatusCode.ALGORITHM_UNSUPPORTED, url, "the signature algorithm is not one of C2PA's");
            return false;
        }
        X509Certificate certificate;
        try {
            certificate = TrustList.certificate(encodedChain.get(0));
        } catch (CertificateException e) {
            log.add(StatusCode.SIGNING_CREDENTIAL_INVALID, url, "the signing certificate cannot be read");
            log.add(StatusCode.SIGNING_CREDENTIAL_UNTRUSTED, url, "the signing certificate cannot be read");
            return false;
        }
        Optional<Fault> fault = CertificateProfile.fault(certificate, Purpose.CLAIM, trustList.usages(), at);
        fault.ifPresent(found -> log.add(found.code(), url, found.reason()));
        if (!algorithm.get().fits(certificate.getPublicKey())) {
            log.add(
                    StatusCode.SIGNING_CREDENTIAL_INVALID,
                    url,
                    "the certificate's key is not one for the signature's algorithm");
        }
        if (CertificateProfile.isFor(certificate, Purpose.CLAIM, trustList.usages())
                && trustList.trusts(chain(), trustAt)) {
            log.add(StatusCode.SIGNING_CREDENTIAL_TRUSTED, url, "the signer is on the trust list");
        } else {
            log.add(StatusCode.SIGNING_CREDENTIAL_UNTRUSTED, url, "the signer is on no trust list");
        }
        return sign1.verifies(algorithm.get(), certificate.getPublicKey(), claim);
    }

    private StapledStatus revocation(TrustList trustList, Optional<Instant> signedAt, Instant now) {
        List<X509Certificate> chain = chain();
        if (chain.isEmpty()) {
            return new StapledStatus(
                    StatusCode.SIGNING_CREDENTIAL_OCSP_SKIPPED, "the signing certificate cannot be read");
        }
        X509Certificate certificate = chain.get(0);
        Optional<X509Certificate> issuer = chain.stream()
                .skip(1)
                .limit(1)
                .filter(next -> TrustList.isSigned(certificate, next))
                .findFirst()
                .or(() -> trustList.issuerOf(certificate));
        return StapledStatus.of(sign1.unprotectedHeader(), certificate, issuer, signedAt, now);
    }

    /** The certificates up to the first that is none. */
    private List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] encoded : encodedChain) {
            try {
                chain.add(TrustList.certificate(encoded));
            } catch (CertificateException e) {
                break;
            }
        }
        return chain;
    }

    /** The timestamp, if there is one and it holds. */
    private Optional<Timestamp> timestamp(
            ByteBuffer claim, String url, TrustList trustList, boolean wantsTrust, StatusLog log) {
        Optional<CborValue> container = timestampToken();
        if (container.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> token = singleToken(container.get());
        if (token.isEmpty()) {
            log.add(StatusCode.TIME_STAMP_MALFORMED, url, "there is not exactly one timestamp");
            return Optional.empty();
        }
        boolean ofSignature = sign1.unprotectedHeader().get("sigTst2").isPresent();
        ByteBuffer payload = ofSignature ? ByteBuffer.wrap(sign1.encodedSignature()) : claim;
        Timestamp timestamp = Timestamp.verify(token.get(), sign1.timestampedBytes(payload), trustList, wantsTrust);
        if (timestamp.holds()) {
            log.add(StatusCode.TIME_STAMP_VALIDATED, url, "the timestamp is one of this signature");
        }
        timestamp
                .fault()
                .ifPresent(fault -> log.add(fault.code(), url, "the timestamp's authority: " + fault.reason()));
        log.add(timestamp.code(), url, timestamp.explanation());
        return Optional.of(timestamp).filter(found -> found.time().isPresent());
    }
}
