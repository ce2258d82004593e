package org.patchreel.impl.c2pa.cose;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What an OCSP response says of a certificate (<a href="https://www.rfc-editor.org/rfc/rfc6960">RFC 6960</a>), by an authority
 * that may say so: the issuer of the certificate, or a responder that the issuer has made a certificate for.
 *
 * @param kind of the status
 * @param from when the status was known to be right
 * @param until when a newer status is there; 24 hours later, if the response does not say
 * @param revoked since when; empty unless it is revoked
 */
public record RevocationStatus(Kind kind, Instant from, Instant until, Optional<Instant> revoked) {

    /** What is known of a certificate. */
    public enum Kind {
        /** It is not revoked. */
        GOOD,
        /** It is revoked. */
        REVOKED,
        /** The responder does not know it. */
        UNKNOWN
    }

    /** Maximum length of a response in bytes; that of a certificate and one status takes some 2000. */
    public static final int MAX_RESPONSE = 1 << 16;

    private static final int MAX_CERTIFICATES = 16;
    private static final int MAX_STATUSES = 100;
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final Duration WITHOUT_END = Duration.ofHours(24);

    /**
     * Reads a response.
     *
     * @param encoded in DER
     * @param certificate that it is to be of
     * @param issuer of that certificate
     * @return what it says
     * @throws CoseException if it is none, or not of this certificate, or by nobody who may say so
     */
    public static RevocationStatus read(byte[] encoded, X509Certificate certificate, X509Certificate issuer)
            throws CoseException {
        if (encoded.length > MAX_RESPONSE) {
            throw new CoseException("an OCSP response of " + encoded.length + " bytes");
        }
        try {
            OCSPResp response = new OCSPResp(encoded);
            if (response.getStatus() != OCSPResp.SUCCESSFUL) {
                throw new CoseException("the OCSP responder refuses, with status " + response.getStatus());
            }
            if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new CoseException("the OCSP response is of another kind");
            }
            requireAuthority(basic, issuer);
            return status(basic, certificate, issuer);
        } catch (IOException
                | OCSPException
                | GeneralSecurityException
                | OperatorCreationException
                | RuntimeException
                | StackOverflowError e) {
            throw new CoseException("the OCSP response cannot be read");
        }
    }

    private static void requireAuthority(BasicOCSPResp response, X509Certificate issuer)
            throws CoseException, OperatorCreationException, OCSPException, CertificateException {
        if (!CertificateProfile.isSignatureAlgorithm(
                response.getSignatureAlgorithmID().getAlgorithm().getId())) {
            throw new CoseException("the OCSP response is signed with "
                    + response.getSignatureAlgorithmID().getAlgorithm().getId());
        }
        X509CertificateHolder[] certificates = response.getCerts();
        if (certificates.length > MAX_CERTIFICATES) {
            throw new CoseException("an OCSP response with " + certificates.length + " certificates");
        }
        List<X509Certificate> authorities = new ArrayList<>(List.of(issuer));
        for (X509CertificateHolder each : certificates) {
            try {
                X509Certificate responder = TrustList.certificate(each.getEncoded());
                if (isResponder(responder, issuer, response.getProducedAt())) {
                    authorities.add(responder);
                }
            } catch (IOException | CertificateException e) {
                // it could not have signed
            }
        }
        for (X509Certificate authority : authorities) {
            if (response.isSignatureValid(new JcaContentVerifierProviderBuilder().build(authority.getPublicKey()))) {
                return;
            }
        }
        throw new CoseException("the OCSP response is by nobody whom the issuer of the certificate has authorised");
    }

    /** {@return whether the issuer has made a certificate for responders (RFC 6960, 4.2.2.2)} */
    private static boolean isResponder(X509Certificate certificate, X509Certificate issuer, Date at)
            throws CertificateParsingException {
        List<String> usages = certificate.getExtendedKeyUsage();
        return usages != null
                && usages.contains(OCSP_SIGNING)
                && !at.toInstant().isBefore(certificate.getNotBefore().toInstant())
                && !at.toInstant().isAfter(certificate.getNotAfter().toInstant())
                && certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && TrustList.isSigned(certificate, issuer);
    }

    private static RevocationStatus status(BasicOCSPResp response, X509Certificate certificate, X509Certificate issuer)
            throws CoseException, OCSPException, GeneralSecurityException, OperatorCreationException, IOException {
        SingleResp[] statuses = response.getResponses();
        if (statuses.length > MAX_STATUSES) {
            throw new CoseException("an OCSP response of " + statuses.length + " certificates");
        }
        X509CertificateHolder issued = new X509CertificateHolder(issuer.getEncoded());
        for (SingleResp each : statuses) {
            if (each.getCertID().getSerialNumber().equals(certificate.getSerialNumber())
                    && each.getCertID().matchesIssuer(issued, new JcaDigestCalculatorProviderBuilder().build())) {
                return status(each);
            }
        }
        throw new CoseException("the OCSP response is of another certificate");
    }

    private static RevocationStatus status(SingleResp response) {
        Instant from = response.getThisUpdate().toInstant();
        Instant until = response.getNextUpdate() == null
                ? from.plus(WITHOUT_END)
                : response.getNextUpdate().toInstant();
        if (response.getCertStatus() == null) { // as the library says that it is good
            return new RevocationStatus(Kind.GOOD, from, until, Optional.empty());
        }
        if (response.getCertStatus() instanceof RevokedStatus revoked) {
            // a certificate that was on hold, and is not any more
            return revoked.hasRevocationReason() && revoked.getRevocationReason() == CRLReason.removeFromCRL
                    ? new RevocationStatus(Kind.GOOD, from, until, Optional.empty())
                    : new RevocationStatus(
                            Kind.REVOKED,
                            from,
                            until,
                            Optional.of(revoked.getRevocationTime().toInstant()));
        }
        return new RevocationStatus(Kind.UNKNOWN, from, until, Optional.empty());
    }
}
