package org.patchreel.impl.c2pa.cose;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.patchreel.impl.c2pa.cose.CertificateProfile.Fault;
import org.patchreel.impl.c2pa.status.StatusCode;

/**
 * Verifies a timestamp (<a href="https://www.rfc-editor.org/rfc/rfc3161">RFC 3161</a>; C2PA 2.2, 15.8.3). A timestamp that
 * does not hold counts as none; it does not make a manifest invalid.
 *
 * @param holds whether it is one of this signature by the authority that it names
 * @param time when the authority says that it saw the signature; empty if that cannot be relied on
 * @param trusted whether the authority is on the trust list
 * @param code what was found
 * @param explanation in words
 * @param fault of the authority's certificate; a timestamp that is of this signature, but by such an authority, makes the
 *     manifest invalid, as it does for c2pa-rs
 */
record Timestamp(
        boolean holds,
        Optional<Instant> time,
        boolean trusted,
        StatusCode code,
        String explanation,
        Optional<Fault> fault) {
    private static final int MAX_CERTIFICATES = 16;
    private static final int MAX_TOKEN = 1 << 18;

    /**
     * Verifies one.
     *
     * @param encoded a token, or the response that holds it
     * @param data what it must be of
     * @param trustList of authorities
     * @param wantsTrust whether only an authority on the trust list counts
     */
    static Timestamp verify(byte[] encoded, byte[] data, TrustList trustList, boolean wantsTrust) {
        if (encoded.length > MAX_TOKEN) {
            return failed(StatusCode.TIME_STAMP_MALFORMED, "a timestamp of " + encoded.length + " bytes");
        }
        try {
            return verify(token(encoded), data, trustList, wantsTrust);
        } catch (TSPException | CMSException | IOException | RuntimeException | StackOverflowError e) {
            return failed(StatusCode.TIME_STAMP_MALFORMED, "the timestamp cannot be read");
        }
    }

    /** {@return what a token says of itself, nothing of which is verified; empty if it cannot be read} */
    static Optional<SignatureDetails.Stamp> details(byte[] encoded) {
        if (encoded.length > MAX_TOKEN) {
            return Optional.empty();
        }
        try {
            TimeStampToken token = token(encoded);
            @SuppressWarnings("unchecked") // a selector of certificates
            Collection<X509CertificateHolder> signers = token.getCertificates().getMatches(token.getSID());
            return signers.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SignatureDetails.Stamp(
                            token.getTimeStampInfo().getGenTime().toInstant(),
                            TrustList.certificate(signers.iterator().next().getEncoded())));
        } catch (TSPException
                | CMSException
                | IOException
                | CertificateException
                | RuntimeException
                | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private static Timestamp failed(StatusCode code, String explanation) {
        return new Timestamp(false, Optional.empty(), false, code, explanation, Optional.empty());
    }

    private static TimeStampToken token(byte[] encoded) throws TSPException, CMSException, IOException {
        try {
            return new TimeStampToken(new CMSSignedData(encoded));
        } catch (CMSException | RuntimeException e) {
            TimeStampToken token = new TimeStampResponse(encoded).getTimeStampToken();
            if (token == null) {
                throw new TSPException("a response without a token", e);
            }
            return token;
        }
    }

    private static Timestamp verify(TimeStampToken token, byte[] data, TrustList trustList, boolean wantsTrust) {
        Collection<X509CertificateHolder> certificates = token.getCertificates().getMatches(null);
        @SuppressWarnings("unchecked") // a selector of certificates
        Collection<X509CertificateHolder> signers = token.getCertificates().getMatches(token.getSID());
        if (signers.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            return failed(StatusCode.TIME_STAMP_UNTRUSTED, "the timestamp lacks its authority's certificate");
        }
        X509CertificateHolder signer = signers.iterator().next();
        Instant time = token.getTimeStampInfo().getGenTime().toInstant();
        if (!signer.isValidOn(token.getTimeStampInfo().getGenTime())) {
            return failed(
                    StatusCode.TIME_STAMP_OUTSIDE_VALIDITY, "the timestamp's certificate was not valid at " + time);
        }
        SignerInformationVerifier verifier;
        try {
            verifier = new JcaSimpleSignerInfoVerifierBuilder().build(signer);
            if (!token.isSignatureValid(verifier)) {
                return failed(StatusCode.TIME_STAMP_UNTRUSTED, "the timestamp's signature does not hold");
            }
        } catch (TSPException | OperatorCreationException | CertificateException e) {
            return failed(StatusCode.TIME_STAMP_UNTRUSTED, "the timestamp's signature does not hold");
        }
        Optional<MessageDigest> digest = digest(token.getTimeStampInfo().getMessageImprintAlgOID());
        if (digest.isEmpty()) {
            return failed(StatusCode.TIME_STAMP_UNTRUSTED, "the timestamp uses a hash function that is not allowed");
        }
        if (!MessageDigest.isEqual(
                digest.get().digest(data), token.getTimeStampInfo().getMessageImprintDigest())) {
            return failed(StatusCode.TIME_STAMP_MISMATCH, "the timestamp is of something else");
        }
        List<X509Certificate> chain = chain(signer, certificates);
        if (chain.isEmpty()) {
            return failed(
                    StatusCode.TIME_STAMP_UNTRUSTED, "the certificate of the timestamp's authority cannot be read");
        }
        Optional<Fault> fault =
                CertificateProfile.fault(chain.get(0), CertificateProfile.Purpose.TIMESTAMP, Set.of(), time);
        boolean trusted = fault.isEmpty() && namesSigner(token, verifier) && trustList.trustsTimestamp(chain, time);
        if (wantsTrust && !trusted) {
            return new Timestamp(
                    true,
                    Optional.empty(),
                    false,
                    StatusCode.TIME_STAMP_UNTRUSTED,
                    "the timestamp's authority is not on the trust list: " + signer.getSubject(),
                    fault);
        }
        return new Timestamp(
                true,
                Optional.of(time),
                trusted,
                StatusCode.TIME_STAMP_TRUSTED,
                "the timestamp of " + signer.getSubject() + " is of this signature"
                        + (trusted ? "" : "; its authority is not on the trust list, which old manifests do not need"),
                Optional.empty());
    }

    /** {@return whether the token names its signer's certificate by hash, as RFC 5816 wants} */
    private static boolean namesSigner(TimeStampToken token, SignerInformationVerifier verifier) {
        try {
            token.validate(verifier);
            return true;
        } catch (TSPException e) {
            return false;
        }
    }

    private static Optional<MessageDigest> digest(ASN1ObjectIdentifier algorithm) {
        try {
            if (algorithm.equals(NISTObjectIdentifiers.id_sha256)) {
                return Optional.of(MessageDigest.getInstance("SHA-256"));
            } else if (algorithm.equals(NISTObjectIdentifiers.id_sha384)) {
                return Optional.of(MessageDigest.getInstance("SHA-384"));
            } else if (algorithm.equals(NISTObjectIdentifiers.id_sha512)) {
                return Optional.of(MessageDigest.getInstance("SHA-512"));
            }
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks SHA-2", e);
        }
    }

    /** The authority's certificate, then those that issued one another, up to one that cannot be read. */
    private static List<X509Certificate> chain(
            X509CertificateHolder signer, Collection<X509CertificateHolder> certificates) {
        List<X509Certificate> chain = new ArrayList<>();
        List<X509CertificateHolder> left = new ArrayList<>(certificates);
        Optional<X509CertificateHolder> next = Optional.of(signer);
        while (next.isPresent()) {
            X509CertificateHolder certificate = next.get();
            left.remove(certificate);
            try {
                chain.add(TrustList.certificate(certificate.getEncoded()));
            } catch (IOException | CertificateException e) {
                break;
            }
            next = left.stream()
                    .filter(candidate -> candidate.getSubject().equals(certificate.getIssuer()))
                    .findFirst();
        }
        return chain;
    }
}
