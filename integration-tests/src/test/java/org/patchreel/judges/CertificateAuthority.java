package org.patchreel.judges;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.patchreel.impl.c2pa.cose.TestCredential;
import org.patchreel.spi.ClaimSigner.Credential;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/** A root, an intermediate authority, and the certificates that it issues: for tests, and in memory only. */
final class CertificateAuthority {
    private static final KeyPurposeId CLAIM_SIGNING =
            KeyPurposeId.getInstance(new ASN1ObjectIdentifier("1.3.6.1.4.1.62558.2.1"));

    private final Instant now = Instant.now();
    private final KeyPair rootKey = keys("secp256r1");
    private final KeyPair intermediateKey = keys("secp384r1");
    private final X509Certificate root;
    private final X509Certificate intermediate;
    private int serial = 1;

    CertificateAuthority(String name) throws GeneralSecurityException {
        root = issue(
                name + " root", rootKey.getPublic(), name + " root", rootKey, Duration.ofDays(3650), Kind.AUTHORITY);
        intermediate = issue(
                name + " intermediate",
                intermediateKey.getPublic(),
                name + " root",
                rootKey,
                Duration.ofDays(1800),
                Kind.AUTHORITY);
        this.name = name;
    }

    private final String name;

    /** What a certificate is for. */
    enum Kind {
        AUTHORITY,
        CLAIMS,
        TIMESTAMPS,
        /** Not of C2PA's profile. */
        WEB_SERVER
    }

    private static KeyPair keys(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** {@return the root in PEM} */
    String pem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(root.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** {@return a new signer of claims} */
    Credential credential(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        return credential(algorithm, Kind.CLAIMS, Duration.ofDays(90));
    }

    /** {@return a new signer whose certificate is of a kind and valid from an hour ago for a while} */
    Credential credential(SignatureAlgorithm algorithm, Kind kind, Duration validity) throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(3072);
        KeyPair keys = switch (algorithm) {
            case ES256 -> keys("secp256r1");
            case ES384 -> keys("secp384r1");
            case ES512 -> keys("secp521r1");
            case PS256 -> rsa.generateKeyPair();
            case ED25519 -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        };
        X509Certificate certificate =
                issue(name + " signer", keys.getPublic(), name + " intermediate", intermediateKey, validity, kind);
        return new TestCredential(algorithm, keys.getPrivate(), List.of(certificate, intermediate));
    }

    private X509Certificate issue(
            String subject, PublicKey key, String issuer, KeyPair issuerKey, Duration validity, Kind kind)
            throws GeneralSecurityException {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer + ", O=" + issuer),
                    BigInteger.valueOf(serial++),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.minus(Duration.ofHours(1)).plus(validity)),
                    new X500Name("CN=" + subject + ", O=" + subject),
                    key);
            boolean authority = kind == Kind.AUTHORITY;
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    authority ? new BasicConstraints(1) : new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            if (!authority) {
                builder.addExtension(Extension.extendedKeyUsage, kind == Kind.TIMESTAMPS, usage(kind));
            }
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(issuerKey.getPublic()));
            String signature = issuerKey.equals(rootKey) ? "SHA256withECDSA" : "SHA384withECDSA";
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(signature).build(issuerKey.getPrivate())));
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException("cannot issue " + subject, e);
        }
    }

    private static ExtendedKeyUsage usage(Kind kind) {
        return switch (kind) {
            case CLAIMS -> new ExtendedKeyUsage(new KeyPurposeId[] {CLAIM_SIGNING, KeyPurposeId.id_kp_emailProtection});
            case TIMESTAMPS -> new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping);
            default -> new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
        };
    }

    /** {@return a timestamp authority on the loopback interface, at {@code /}} */
    HttpServer timestamps() throws GeneralSecurityException, IOException {
        KeyPair keys = keys("secp256r1");
        X509Certificate certificate = issue(
                name + " timestamps",
                keys.getPublic(),
                name + " intermediate",
                intermediateKey,
                Duration.ofDays(90),
                Kind.TIMESTAMPS);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] response = stamp(exchange.getRequestBody().readAllBytes(), keys, certificate);
                exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
                exchange.sendResponseHeaders(200, response.length);
                exchange.getResponseBody().write(response);
            }
        });
        server.start();
        return server;
    }

    private byte[] stamp(byte[] query, KeyPair keys, X509Certificate certificate) throws IOException {
        try {
            TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", keys.getPrivate(), certificate),
                    new JcaDigestCalculatorProviderBuilder()
                            .build()
                            .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                    new ASN1ObjectIdentifier("1.2.3.4"));
            tokens.addCertificates(new JcaCertStore(List.of(certificate, intermediate)));
            return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
                    .generate(new TimeStampRequest(query), BigInteger.ONE, Date.from(Instant.now()))
                    .getEncoded();
        } catch (TSPException | OperatorCreationException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
