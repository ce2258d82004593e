package org.patchreel.impl.c2pa.cose;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.patchreel.impl.c2pa.status.StatusCode;

/** What C2PA wants of the certificate of a signer of claims or timestamps (C2PA 2.2, 14.5.1). */
final class CertificateProfile {
    /** What the certificate is used for. */
    enum Purpose {
        CLAIM,
        TIMESTAMP
    }

    /** Why a certificate may not be used. */
    record Fault(StatusCode code, String reason) {}

    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    /** Those for claims that need no mention in the trust list. */
    private static final Set<String> CLAIM_USAGES = Set.of(EMAIL_PROTECTION, TIME_STAMPING, OCSP_SIGNING);

    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    /** Those of RFC 5280 that are understood here: a critical extension beyond them rules the certificate out. */
    private static final Set<String> EXTENSIONS = Set.of(
            "2.5.29.14",
            "2.5.29.15",
            "2.5.29.17",
            "2.5.29.19",
            "2.5.29.20",
            "2.5.29.21",
            "2.5.29.24",
            "2.5.29.30",
            "2.5.29.31",
            "2.5.29.32",
            "2.5.29.33",
            AUTHORITY_KEY_IDENTIFIER,
            "2.5.29.36",
            "2.5.29.37",
            "2.5.29.54",
            "1.3.6.1.5.5.7.1.1",
            "2.16.840.1.113730.1.1");

    private static final String PSS = PKCSObjectIdentifiers.id_RSASSA_PSS.getId();

    /** SHA-256, 384 and 512 with RSA; the same with ECDSA; PSS; Ed25519. */
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            PSS,
            "1.3.101.112");

    private static final Set<ASN1ObjectIdentifier> HASHES =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    private static final int MIN_RSA_BITS = 2048;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;
    private static final int KEY_CERT_SIGN = 5;

    private CertificateProfile() {}

    /**
     * Looks for the first fault.
     *
     * @param usages extended key usages that are accepted for claims besides
     * @param at when it signed, as far as a timestamp proves it, else now
     */
    static Optional<Fault> fault(X509Certificate certificate, Purpose purpose, Set<String> usages, Instant at) {
        try {
            if (certificate.getVersion() != 3) {
                return invalid("is of version " + certificate.getVersion() + ", not 3");
            }
            Instant start = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            if (at.isBefore(start) || at.isAfter(end)) {
                return Optional.of(new Fault(
                        StatusCode.SIGNING_CREDENTIAL_EXPIRED,
                        "the certificate is valid from " + start + " to " + end + ", not at " + at));
            }
            return signatureFault(certificate)
                    .or(() -> keyFault(certificate))
                    .or(() -> usageFault(certificate, purpose, usages))
                    .or(() -> extensionFault(certificate));
        } catch (RuntimeException | StackOverflowError e) {
            return invalid("cannot be read");
        }
    }

    private static Optional<Fault> invalid(String reason) {
        return Optional.of(new Fault(StatusCode.SIGNING_CREDENTIAL_INVALID, "the certificate " + reason));
    }

    private static Optional<Fault> signatureFault(X509Certificate certificate) {
        if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
            return invalid("is signed with " + certificate.getSigAlgName());
        }
        if (certificate.getSigAlgOID().equals(PSS)) {
            byte[] parameters = certificate.getSigAlgParams();
            if (parameters == null) {
                return invalid("is signed with PSS without parameters");
            }
            RSASSAPSSparams pss = RSASSAPSSparams.getInstance(parameters);
            ASN1ObjectIdentifier hash = pss.getHashAlgorithm().getAlgorithm();
            AlgorithmIdentifier mask =
                    AlgorithmIdentifier.getInstance(pss.getMaskGenAlgorithm().getParameters());
            if (!HASHES.contains(hash) || !hash.equals(mask.getAlgorithm())) {
                return invalid("is signed with PSS with " + hash + " and " + mask.getAlgorithm());
            }
        }
        return Optional.empty();
    }

    private static Optional<Fault> keyFault(X509Certificate certificate) {
        SubjectPublicKeyInfo key =
                SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            if (!(key.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
                    || !CURVES.contains(curve)) {
                return invalid("has a key on another curve than P-256, P-384 or P-521");
            }
        } else if (certificate.getPublicKey() instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            return invalid("has an RSA key of " + rsa.getModulus().bitLength() + " bits");
        }
        return Optional.empty();
    }

    /** {@return whether the certificate is one for a purpose} */
    static boolean isFor(X509Certificate certificate, Purpose purpose, Set<String> usages) {
        try {
            List<String> own = certificate.getExtendedKeyUsage();
            return own != null
                    && !own.contains(ANY_USAGE)
                    && own.stream()
                            .anyMatch(
                                    purpose == Purpose.TIMESTAMP
                                            ? TIME_STAMPING::equals
                                            : usage -> CLAIM_USAGES.contains(usage) || usages.contains(usage));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Optional<Fault> usageFault(X509Certificate certificate, Purpose purpose, Set<String> accepted) {
        List<String> usages;
        try {
            usages = certificate.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            return invalid("has an unreadable extended key usage");
        }
        if (usages == null) {
            return invalid("has no extended key usage");
        }
        if (!isFor(certificate, purpose, accepted)) {
            return invalid("is not one for " + (purpose == Purpose.CLAIM ? "claims" : "timestamps") + ": it is for "
                    + String.join(", ", usages));
        }
        boolean exclusive = usages.contains(TIME_STAMPING) || usages.contains(OCSP_SIGNING);
        if (exclusive && Set.copyOf(usages).size() > 1) {
            return invalid("is for timestamps or OCSP, and for something else");
        }
        return Optional.empty();
    }

    private static Optional<Fault> extensionFault(X509Certificate certificate) {
        if (certificate.getIssuerUniqueID() != null || certificate.getSubjectUniqueID() != null) {
            return invalid("has a unique identifier");
        }
        if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
            return invalid("is signed by itself");
        }
        if (certificate.getBasicConstraints() >= 0) {
            return invalid("is that of an authority");
        }
        byte[] authority = certificate.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        if (authority == null) {
            return invalid("has no authority key identifier");
        }
        AuthorityKeyIdentifier.getInstance(
                ASN1OctetString.getInstance(authority).getOctets()); // throws if it is not one
        boolean[] usage = certificate.getKeyUsage();
        if (usage == null || !(usage[DIGITAL_SIGNATURE] || usage[NON_REPUDIATION])) {
            return invalid("has no key usage for signatures");
        }
        if (usage[KEY_CERT_SIGN]) {
            return invalid("may sign certificates");
        }
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        for (String extension : critical == null ? Set.<String>of() : critical) {
            if (!EXTENSIONS.contains(extension)) {
                return invalid("has the critical extension " + extension + ", which is not known");
            }
        }
        return Optional.empty();
    }
}
