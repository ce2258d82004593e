package org.patchreel.impl.c2pa.cose;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
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

/**
 * What C2PA wants of the certificate of a signer of claims or timestamps (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_certificate_profiles">C2PA
 * 2.2, 14.5.1</a>).
 */
public final class CertificateProfile {
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

    private static final String ED25519 = "1.3.101.112";

    /** SHA-256, 384 and 512 with RSA; the same with ECDSA; PSS; Ed25519. */
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            PSS,
            ED25519);

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
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (certificate.getVersion() == 3 && (at.isBefore(start) || at.isAfter(end))) {
            return Optional.of(new Fault(
                    StatusCode.SIGNING_CREDENTIAL_EXPIRED,
                    "the certificate is valid from " + start + " to " + end + ", not at " + at));
        }
        return faults(certificate, purpose, usages).stream()
                .findFirst()
                .map(reason -> new Fault(StatusCode.SIGNING_CREDENTIAL_INVALID, "the certificate " + reason));
    }

    /**
     * Looks for all that rules a certificate out for claims, but not whether it is valid today.
     *
     * @param certificate of a signer
     * @param usages extended key usages that are accepted besides
     * @return what is wrong, each after the words "the certificate"; empty if nothing is
     */
    public static List<String> claimFaults(X509Certificate certificate, Set<String> usages) {
        return faults(certificate, Purpose.CLAIM, usages);
    }

    /**
     * Looks for a fault of the signature on a certificate.
     *
     * @param certificate of a signer or of an authority
     * @return what is wrong, after the words "the certificate"; empty if nothing is
     */
    public static Optional<String> signatureFault(X509Certificate certificate) {
        if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
            return Optional.of("is signed with " + certificate.getSigAlgName());
        }
        if (certificate.getSigAlgOID().equals(PSS)) {
            byte[] parameters = certificate.getSigAlgParams();
            if (parameters == null) {
                return Optional.of("is signed with PSS without parameters");
            }
            RSASSAPSSparams pss = RSASSAPSSparams.getInstance(parameters);
            ASN1ObjectIdentifier hash = pss.getHashAlgorithm().getAlgorithm();
            AlgorithmIdentifier mask =
                    AlgorithmIdentifier.getInstance(pss.getMaskGenAlgorithm().getParameters());
            if (!HASHES.contains(hash) || !hash.equals(mask.getAlgorithm())) {
                return Optional.of("is signed with PSS with " + hash + " and " + mask.getAlgorithm());
            }
        }
        return Optional.empty();
    }

    private static List<String> faults(X509Certificate certificate, Purpose purpose, Set<String> usages) {
        List<String> faults = new ArrayList<>();
        try {
            if (certificate.getVersion() != 3) {
                faults.add("is of version " + certificate.getVersion() + ", not 3");
            }
            signatureFault(certificate).ifPresent(faults::add);
            keyFault(certificate.getPublicKey()).ifPresent(faults::add);
            purposeFault(certificate, purpose, usages).ifPresent(faults::add);
            addNameFaults(certificate, faults);
            addExtensionFaults(certificate, faults);
        } catch (RuntimeException | StackOverflowError e) {
            faults.add("cannot be read");
        }
        return faults;
    }

    /** {@return whether an algorithm of signatures, by its OID, is one that certificates may be signed with} */
    static boolean isSignatureAlgorithm(String oid) {
        return SIGNATURES.contains(oid);
    }

    private static Optional<String> keyFault(PublicKey publicKey) {
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(publicKey.getEncoded());
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            boolean known =
                    key.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve && CURVES.contains(curve);
            return known ? Optional.empty() : Optional.of("has a key on another curve than P-256, P-384 or P-521");
        } else if (publicKey instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            return bits < MIN_RSA_BITS ? Optional.of("has an RSA key of " + bits + " bits") : Optional.empty();
        }
        return algorithm.getId().equals(ED25519)
                ? Optional.empty()
                : Optional.of(
                        "has a key of the kind " + publicKey.getAlgorithm() + ", not RSA, elliptic curve or Ed25519");
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

    private static Optional<String> purposeFault(X509Certificate certificate, Purpose purpose, Set<String> accepted) {
        List<String> usages;
        try {
            usages = certificate.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            return Optional.of("has an unreadable extended key usage");
        }
        if (usages == null) {
            return Optional.of("has no extended key usage");
        }
        if (!isFor(certificate, purpose, accepted)) {
            return Optional.of("is not one for " + (purpose == Purpose.CLAIM ? "claims" : "timestamps") + ": it is for "
                    + String.join(", ", usages));
        }
        boolean exclusive = usages.contains(TIME_STAMPING) || usages.contains(OCSP_SIGNING);
        return exclusive && Set.copyOf(usages).size() > 1
                ? Optional.of("is for timestamps or OCSP, and for something else")
                : Optional.empty();
    }

    private static void addNameFaults(X509Certificate certificate, List<String> faults) {
        if (certificate.getIssuerUniqueID() != null || certificate.getSubjectUniqueID() != null) {
            faults.add("has a unique identifier");
        }
        if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
            faults.add("is signed by itself");
        }
        if (certificate.getBasicConstraints() >= 0) {
            faults.add("is that of an authority");
        }
    }

    private static void addExtensionFaults(X509Certificate certificate, List<String> faults) {
        byte[] authority = certificate.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        if (authority == null) {
            faults.add("has no authority key identifier");
        } else {
            AuthorityKeyIdentifier.getInstance(
                    ASN1OctetString.getInstance(authority).getOctets()); // throws if it is not one
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage == null || !(usage[DIGITAL_SIGNATURE] || usage[NON_REPUDIATION])) {
            faults.add("has no key usage for signatures");
        }
        if (usage != null && usage[KEY_CERT_SIGN]) {
            faults.add("may sign certificates");
        }
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        for (String extension : critical == null ? Set.<String>of() : critical) {
            if (!EXTENSIONS.contains(extension)) {
                faults.add("has the critical extension " + extension + ", which is not known");
            }
        }
    }
}
