package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.RevocationStatus;
import org.patchreel.spi.PrintableText;

/**
 * Asks the OCSP responder that a signing certificate names whether the certificate is revoked (<a
 * href="https://www.rfc-editor.org/rfc/rfc6960">RFC 6960</a>), and remembers the last answer until a newer one is there. May be
 * used by any thread.
 */
final class RevocationResponder {
    /** It goes into every manifest. */
    static final int MAX_RESPONSE = 16_384;

    private final Duration timeout;
    private final InstantSource clock;
    private volatile Optional<Answer> last = Optional.empty();

    /**
     * An answer.
     *
     * @param certificate that it is of
     * @param response in DER
     * @param status that it tells
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Answer(X509Certificate certificate, byte[] response, RevocationStatus status) {}

    /**
     * Makes one.
     *
     * @param timeout for the whole exchange
     * @param clock tells until when an answer counts
     */
    RevocationResponder(Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The certificate is revoked: what it signs is not valid. */
    static final class RevokedException extends IOException {
        private static final long serialVersionUID = 1L;

        RevokedException(String message) {
            super(message);
        }
    }

    /**
     * Gets an answer that says that a certificate is not revoked.
     *
     * @param chain the signing certificate first, then that of its issuer
     * @return the response in DER, at most {@value #MAX_RESPONSE} bytes
     * @throws RevokedException if it is revoked
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if there is no such answer; the message names the responder and the reason
     */
    byte[] response(List<X509Certificate> chain) throws IOException {
        X509Certificate certificate = chain.get(0);
        Optional<Answer> known = last.filter(answer -> answer.certificate().equals(certificate)
                && clock.instant().isBefore(answer.status().until()));
        if (known.isPresent()) {
            return known.get().response().clone();
        }
        if (chain.size() < 2) {
            throw new IOException("OCSP: the certificate of the issuer is not with the signing certificate");
        }
        URI url = responder(certificate)
                .orElseThrow(() -> new IOException("OCSP: the signing certificate names no responder"));
        Answer answer = ask(url, certificate, chain.get(1));
        Instant now = clock.instant();
        switch (answer.status().kind()) {
            case GOOD -> {
                if (!now.isBefore(answer.status().until())) {
                    throw failure(
                            url, "its answer was right until " + answer.status().until(), null);
                }
            }
            case REVOKED ->
                throw new RevokedException("the signing certificate is revoked since "
                        + answer.status().revoked().map(Instant::toString).orElse("") + ", says the OCSP responder "
                        + url);
            case UNKNOWN -> throw failure(url, "it does not know the signing certificate", null);
        }
        last = Optional.of(answer);
        return answer.response().clone();
    }

    private Answer ask(URI url, X509Certificate certificate, X509Certificate issuer) throws IOException {
        byte[] response;
        try {
            response = new HttpAuthority(url, timeout)
                    .ask(
                            request(certificate, issuer),
                            "application/ocsp-request",
                            "application/ocsp-response",
                            MAX_RESPONSE);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw failure(url, PrintableText.of(String.valueOf(e.getMessage())), e);
        }
        try {
            return new Answer(certificate, response, RevocationStatus.read(response, certificate, issuer));
        } catch (CoseException e) {
            throw failure(url, e.reason(), e);
        }
    }

    private static IOException failure(URI url, String reason, @Nullable Exception cause) {
        return new IOException("OCSP responder " + url + ": " + reason, cause);
    }

    /** Without a nonce: the answer is kept, and many responders sign theirs in advance. */
    private static byte[] request(X509Certificate certificate, X509Certificate issuer) throws IOException {
        try {
            CertificateID id = new CertificateID(
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                    new X509CertificateHolder(issuer.getEncoded()),
                    certificate.getSerialNumber());
            return new OCSPReqBuilder().addRequest(id).build().getEncoded();
        } catch (GeneralSecurityException | OCSPException | OperatorCreationException e) {
            throw new IOException("the signing certificate cannot be asked for: " + e.getMessage(), e);
        }
    }

    private static Optional<URI> responder(X509Certificate certificate) throws IOException {
        byte[] extension = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        if (extension == null) {
            return Optional.empty();
        }
        try {
            for (AccessDescription each : AuthorityInformationAccess.getInstance(
                            ASN1OctetString.getInstance(extension).getOctets())
                    .getAccessDescriptions()) {
                if (each.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                        && each.getAccessLocation().getTagNo() == GeneralName.uniformResourceIdentifier) {
                    return Optional.of(
                            URI.create(each.getAccessLocation().getName().toString()));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("OCSP: the responder that the signing certificate names cannot be read", e);
        }
    }
}
