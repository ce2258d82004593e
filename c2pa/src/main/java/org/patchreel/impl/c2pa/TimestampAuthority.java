package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Selector;

/**
 * Asks an authority for trusted timestamps over HTTP (<a href="https://www.rfc-editor.org/rfc/rfc3161">RFC 3161</a>). May
 * be used by any thread.
 */
final class TimestampAuthority {
    /** Answers with a chain of three certificates take some 6000 bytes. */
    static final int MAX_TOKEN = 16_384;

    private final HttpAuthority authority;
    private final SecureRandom random = new SecureRandom();

    /**
     * Names the authority.
     *
     * @param url http or https; redirections are not followed
     * @param timeout for the whole exchange
     */
    TimestampAuthority(URI url, Duration timeout) {
        try {
            this.authority = new HttpAuthority(url, timeout);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("timestamp authority: " + e.getMessage(), e);
        }
    }

    /**
     * A timestamp.
     *
     * @param token DER of the TimeStampToken, at most {@link #MAX_TOKEN} bytes
     * @param time that it attests
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Token(byte[] token, Instant time) {}

    /**
     * Has it attested that data exists now.
     *
     * @param data whose SHA-256 the authority gets
     * @return the timestamp; its signature is right, whether its signer is trusted is left to validators
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if the authority cannot be reached in time, or does not answer as it should; the message names
     *     the authority and the reason
     */
    Token stamp(byte[] data) throws IOException {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(data);
            TimeStampRequest request = generator.generate(TSPAlgorithms.SHA256, hash, new BigInteger(64, random));
            TimeStampToken token = check(
                    request,
                    authority.ask(
                            request.getEncoded(),
                            "application/timestamp-query",
                            "application/timestamp-reply",
                            MAX_TOKEN));
            return new Token(
                    token.getEncoded(), token.getTimeStampInfo().getGenTime().toInstant());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | TSPException | GeneralSecurityException | OperatorCreationException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            // what the parser of a hostile answer may throw
            throw failure(e);
        }
    }

    private IOException failure(Exception cause) {
        return new IOException("timestamp authority " + authority.url() + ": " + cause.getMessage(), cause);
    }

    /** Checks status, nonce, imprint, and the token's own signature. */
    private static TimeStampToken check(TimeStampRequest request, byte[] answer)
            throws IOException, TSPException, GeneralSecurityException, OperatorCreationException {
        TimeStampResponse response = new TimeStampResponse(answer);
        response.validate(request);
        TimeStampToken token = response.getTimeStampToken();
        if (token == null) {
            throw new IOException("gives no timestamp: " + response.getStatusString());
        }
        @SuppressWarnings("unchecked") // getSID() is of a raw type
        Selector<X509CertificateHolder> identifier = token.getSID();
        Collection<X509CertificateHolder> signers = token.getCertificates().getMatches(identifier);
        if (signers.isEmpty()) {
            throw new IOException("gives a timestamp without its certificate");
        }
        token.validate(new JcaSimpleSignerInfoVerifierBuilder()
                .build(signers.iterator().next()));
        return token;
    }
}
