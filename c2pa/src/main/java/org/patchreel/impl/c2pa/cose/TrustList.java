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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The authorities whose signers, and timestamps, are trusted (C2PA 2.2, 14.4). May be used from several threads. */
public final class TrustList {
    /** A trust list that trusts nobody. */
    public static final TrustList EMPTY = new TrustList(List.of(), Set.of());

    /** C2PA's lists have some 100 kB. */
    private static final int MAX_FILE = 16 << 20;

    private final List<X509Certificate> anchors;
    private final List<X509Certificate> timestampAnchors;
    private final Set<X509Certificate> withdrawn;
    private final Set<String> usages;

    /**
     * Makes a list.
     *
     * @param anchors the authorities
     * @param usages OIDs of extended key usages that make a certificate one for claims, besides that for email protection,
     *     which always does
     */
    public TrustList(List<X509Certificate> anchors, Set<String> usages) {
        this(anchors, anchors, Set.of(), usages);
    }

    private TrustList(
            List<X509Certificate> anchors,
            List<X509Certificate> timestampAnchors,
            Set<X509Certificate> withdrawn,
            Set<String> usages) {
        this.anchors = List.copyOf(anchors);
        this.timestampAnchors = List.copyOf(timestampAnchors);
        this.withdrawn = Set.copyOf(withdrawn);
        this.usages = Set.copyOf(usages);
    }

    /** Makes a list that accepts certificates for email protection only. */
    public TrustList(List<X509Certificate> anchors) {
        this(anchors, Set.of());
    }

    /**
     * Reads anchors for signers and timestamps, for a list that accepts certificates for email protection only.
     *
     * @throws IOException as below
     */
    public static TrustList read(List<Path> files) throws IOException {
        return read(files, Set.of());
    }

    /** {@return the extended key usages that it adds} */
    Set<String> usages() {
        return usages;
    }

    /**
     * Reads anchors for signers and timestamps.
     *
     * @param usages OIDs of extended key usages for claims, see {@link #TrustList}
     * @throws IOException as below
     */
    public static TrustList read(List<Path> files, Set<String> usages) throws IOException {
        return read(files, List.of(), usages);
    }

    /**
     * Reads anchors from files: certificates in PEM, or lists of trusted entities in JSON (ETSI TS 119 602), as the content
     * shows. A certificate that a list withdraws is in no chain that is trusted.
     *
     * @param files anchors of signers
     * @param timestampFiles anchors of authorities for timestamps; if there are none, those of signers count for both
     * @param usages OIDs of extended key usages for claims, see {@link #TrustList}
     * @throws IOException if one cannot be read, or holds no trusted certificate; the message names it
     */
    public static TrustList read(List<Path> files, List<Path> timestampFiles, Set<String> usages) throws IOException {
        List<X509Certificate> anchors = new ArrayList<>();
        List<X509Certificate> timestampAnchors = new ArrayList<>();
        Set<X509Certificate> withdrawn = new HashSet<>();
        for (Path file : files) {
            read(file, anchors, withdrawn);
        }
        for (Path file : timestampFiles) {
            read(file, timestampAnchors, withdrawn);
        }
        return new TrustList(anchors, timestampFiles.isEmpty() ? anchors : timestampAnchors, withdrawn, usages);
    }

    private static void read(Path file, List<X509Certificate> anchors, Set<X509Certificate> withdrawn)
            throws IOException {
        int before = anchors.size();
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE + 1);
        }
        if (content.length > MAX_FILE) {
            throw new IOException(file + ": more than " + MAX_FILE + " bytes");
        }
        if (TrustedEntities.isIn(content)) {
            TrustedEntities entities = TrustedEntities.read(file, content, Instant.now());
            anchors.addAll(entities.trusted());
            withdrawn.addAll(entities.withdrawn());
        } else {
            try {
                for (Certificate certificate : factory().generateCertificates(new ByteArrayInputStream(content))) {
                    anchors.add((X509Certificate) certificate);
                }
            } catch (CertificateException e) {
                throw new IOException(file + ": not a list of certificates in PEM: " + e.getMessage(), e);
            }
        }
        if (anchors.size() == before) {
            throw new IOException(file + ": no trusted certificate in it");
        }
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
     * Tells whether the chain of a signer leads to an anchor, by the rules of RFC 5280 but without revocation lists.
     *
     * @param chain the signer's certificate first, each signed by the next; the anchor may be its end
     * @param at when all of them must be valid
     */
    boolean trusts(List<X509Certificate> chain, Instant at) {
        return leads(chain, anchors, at);
    }

    /** {@return the anchor that has issued a certificate of a signer, if one has} */
    Optional<X509Certificate> issuerOf(X509Certificate certificate) {
        return anchors.stream()
                .filter(anchor -> anchor.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                        && isSigned(certificate, anchor))
                .findFirst();
    }

    /** {@return the same of an authority for timestamps} */
    boolean trustsTimestamp(List<X509Certificate> chain, Instant at) {
        return leads(chain, timestampAnchors, at);
    }

    private boolean leads(List<X509Certificate> chain, List<X509Certificate> to, Instant at) {
        if (chain.stream().anyMatch(withdrawn::contains)) {
            return false;
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!isSigned(chain.get(i - 1), chain.get(i))) {
                return false;
            }
        }
        for (int length = chain.size(); length > 0; length--) {
            X509Certificate last = chain.get(length - 1);
            for (X509Certificate anchor : to) {
                if (!withdrawn.contains(anchor)
                        && anchor.getSubjectX500Principal().equals(last.getIssuerX500Principal())
                        && leads(chain.subList(0, length), anchor, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return whether a certificate is signed by another one's key} */
    static boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
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
