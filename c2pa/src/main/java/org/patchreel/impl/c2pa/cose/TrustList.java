package org.patchreel.impl.c2pa.cose;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** The authorities whose signers, and timestamps, are trusted (C2PA 2.2, 14.4). May be used from several threads. */
public final class TrustList {
    /** A trust list that trusts nobody. */
    public static final TrustList EMPTY = new TrustList(List.of(), Set.of());

    private final List<X509Certificate> anchors;
    private final Set<String> usages;

    /**
     * Makes a list.
     *
     * @param anchors the authorities
     * @param usages OIDs of extended key usages that make a certificate one for claims, besides that for email protection,
     *     which always does
     */
    public TrustList(List<X509Certificate> anchors, Set<String> usages) {
        this.anchors = List.copyOf(anchors);
        this.usages = Set.copyOf(usages);
    }

    /** Makes a list that accepts certificates for email protection only. */
    public TrustList(List<X509Certificate> anchors) {
        this(anchors, Set.of());
    }

    /**
     * Reads anchors from PEM files, for a list that accepts certificates for email protection only.
     *
     * @throws IOException if one cannot be read, or holds no certificates; the message names it
     */
    public static TrustList read(List<Path> files) throws IOException {
        return read(files, Set.of());
    }

    /** {@return the extended key usages that it adds} */
    Set<String> usages() {
        return usages;
    }

    /**
     * Reads anchors from PEM files.
     *
     * @param usages OIDs of extended key usages for claims, see {@link #TrustList}
     * @throws IOException if one cannot be read, or holds no certificates; the message names it
     */
    public static TrustList read(List<Path> files, Set<String> usages) throws IOException {
        List<X509Certificate> anchors = new ArrayList<>();
        for (Path file : files) {
            int before = anchors.size();
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate certificate : factory().generateCertificates(in)) {
                    anchors.add((X509Certificate) certificate);
                }
            } catch (CertificateException e) {
                throw new IOException(file + ": not a list of certificates in PEM: " + e.getMessage(), e);
            }
            if (anchors.size() == before) {
                throw new IOException(file + ": no certificate in it");
            }
        }
        return new TrustList(anchors, usages);
    }

    /**
     * Decodes a certificate.
     *
     * @throws CertificateException if it is not one
     */
    static X509Certificate certificate(byte[] encoded) throws CertificateException {
        try {
            return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(encoded));
        } catch (RuntimeException | StackOverflowError e) {
            throw new CertificateException("not a certificate", e);
        }
    }

    private static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("the Java platform lacks X.509", e);
        }
    }

    /**
     * Tells whether a chain leads to an anchor, by the rules of RFC 5280 but without revocation lists.
     *
     * @param chain the signer's certificate first, each signed by the next; the anchor may be its end
     * @param at when all of them must be valid
     */
    boolean trusts(List<X509Certificate> chain, Instant at) {
        for (int i = 1; i < chain.size(); i++) {
            if (!isSigned(chain.get(i - 1), chain.get(i))) {
                return false;
            }
        }
        for (int length = chain.size(); length > 0; length--) {
            X509Certificate last = chain.get(length - 1);
            for (X509Certificate anchor : anchors) {
                if (anchor.getSubjectX500Principal().equals(last.getIssuerX500Principal())
                        && leads(chain.subList(0, length), anchor, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    private static boolean leads(List<X509Certificate> chain, X509Certificate anchor, Instant at) {
        try {
            CertPath path = factory().generateCertPath(chain);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (CertPathValidatorException | CertificateException | InvalidAlgorithmParameterException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform lacks PKIX", e);
        } catch (RuntimeException | StackOverflowError e) {
            return false; // of a certificate that only looked like one
        }
    }
}
