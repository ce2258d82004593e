package org.patchreel.impl.c2pa.cose;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.patchreel.spi.ClaimSigner;

/** A root, an intermediate CA, and certificates of every kind below it, good ones and bad ones. */
public final class TestCertificates {
    public static final String CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1";
    public static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    public static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    public static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    public static final String TLS_SERVER = "1.3.6.1.5.5.7.3.1";
    public static final String ANY = "2.5.29.37.0";

    private final KeyPair rootKey = keyPair("P-256");
    private final KeyPair intermediateKey = keyPair("P-256");
    private final X509Certificate root;
    private final X509Certificate intermediate;

    public TestCertificates() {
        try {
            Instant now = Instant.now();
            X500Name rootName = new X500Name("O=Example,CN=Example root");
            X500Name intermediateName = new X500Name("O=Example,CN=Example intermediate");
            root = sign(
                    authority(builder(rootName, rootName, rootKey, now), rootKey, Optional.empty()), rootKey, "P-256");
            intermediate = sign(
                    authority(
                            builder(rootName, intermediateName, intermediateKey, now),
                            intermediateKey,
                            Optional.of(rootKey)),
                    rootKey,
                    "P-256");
        } catch (CertIOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A key and its certificates up to the root. */
    public record Issued(PrivateKey key, List<X509Certificate> chain) {
        public ClaimSigner.Credential credential() {
            return TestCredential.of(key, chain.subList(0, chain.size() - 1));
        }

        public Path keystore(Path file, String password) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                KeyStore keyStore = KeyStore.getInstance("PKCS12");
                keyStore.load(null, null);
                keyStore.setKeyEntry("claims", key, password.toCharArray(), chain.toArray(X509Certificate[]::new));
                keyStore.store(out, password.toCharArray());
                return file;
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What the next certificate is like; fit for claims unless something is changed. */
    public static final class Request {
        public String subject = "O=Example,CN=Example signer";
        public String key = "P-256";
        public List<String> purposes = List.of(CLAIM_SIGNING, EMAIL_PROTECTION);
        public int usage = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
        public boolean authority;
        public boolean authorityKeyIdentifier = true;
        public boolean selfSigned;
        public Optional<URI> responder = Optional.empty();
        public Instant start = Instant.now().minus(Duration.ofDays(1));
        public Instant end = Instant.now().plus(Duration.ofDays(300));
    }

    public Issued issue(String key) {
        Request request = new Request();
        request.key = key;
        return issue(request);
    }

    public Issued issue(Request request) {
        return issue(request, keyPair(request.key));
    }

    public Issued issue(Request request, KeyPair leafKey) {
        try {
            X500Name subject = new X500Name(request.subject);
            X500Name issuer = request.selfSigned
                    ? subject
                    : X500Name.getInstance(
                            intermediate.getSubjectX500Principal().getEncoded());
            KeyPair issuerKey = request.selfSigned ? leafKey : intermediateKey;
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(request.start),
                    Date.from(request.end),
                    subject,
                    leafKey.getPublic());
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(request.authority));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(leafKey.getPublic()));
            if (request.usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(request.usage));
            }
            if (!request.purposes.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        request.purposes.contains(TIME_STAMPING),
                        new ExtendedKeyUsage(request.purposes.stream()
                                .map(purpose -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(purpose)))
                                .toArray(KeyPurposeId[]::new)));
            }
            if (request.authorityKeyIdentifier) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(issuerKey.getPublic()));
            }
            if (request.responder.isPresent()) {
                builder.addExtension(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(
                                AccessDescription.id_ad_ocsp,
                                new GeneralName(
                                        GeneralName.uniformResourceIdentifier,
                                        request.responder.get().toString())));
            }
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(sign(builder, issuerKey, request.selfSigned ? request.key : "P-256"));
            if (!request.selfSigned) {
                chain.add(intermediate);
                chain.add(root);
            }
            return new Issued(leafKey.getPrivate(), List.copyOf(chain));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return the key and the chain of the authority that issues, which may tell what is revoked} */
    public Issued intermediate() {
        return new Issued(intermediateKey.getPrivate(), List.of(intermediate, root));
    }

    public String rootPem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(root.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static KeyPair keyPair(String kind) {
        try {
            switch (kind) {
                case "P-256", "P-384", "P-521" -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
                    return generator.generateKeyPair();
                }
                case "Ed25519", "Ed448" -> {
                    return KeyPairGenerator.getInstance(kind).generateKeyPair();
                }
                default -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(Integer.parseInt(kind.substring("RSA-".length())));
                    return generator.generateKeyPair();
                }
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair key, Instant now) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(1000))),
                Date.from(now.plus(Duration.ofDays(3650))),
                subject,
                key.getPublic());
    }

    private static X509v3CertificateBuilder authority(
            X509v3CertificateBuilder builder, KeyPair key, Optional<KeyPair> issuer)
            throws CertIOException, GeneralSecurityException {
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key.getPublic()));
        if (issuer.isPresent()) {
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(issuer.get().getPublic()));
        }
        return builder;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair key, String kind)
            throws GeneralSecurityException {
        String algorithm = switch (kind) {
            case "P-256", "P-384", "P-521" -> "SHA256withECDSA";
            case "Ed25519", "Ed448" -> kind;
            default -> "SHA256withRSA";
        };
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
