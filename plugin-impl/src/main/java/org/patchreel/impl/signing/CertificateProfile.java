package org.patchreel.impl.signing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a signing certificate must be like, or validators refuse its claims (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_certificate_profiles">C2PA
 * 2.2, 14.5.1</a>).
 */
final class CertificateProfile {
    private static final String CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1";

    /** Today's validators want it beside, or instead of, the purpose that C2PA made for itself. */
    private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";

    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;

    private static final int MIN_RSA_BITS = 2048;

    private static final Set<String> SIGNATURES = Set.of(
            "SHA256withRSA",
            "SHA384withRSA",
            "SHA512withRSA",
            "SHA256withECDSA",
            "SHA384withECDSA",
            "SHA512withECDSA",
            "RSASSA-PSS",
            "Ed25519",
            "EdDSA");

    private CertificateProfile() {}

    /**
     * Checks a chain, but not whether it is valid today.
     *
     * @param chain the signing certificate first, then each one's issuer
     * @throws CertificateException if it is not fit for claims; the message names the subject and all that is wrong
     */
    static void check(List<X509Certificate> chain) throws CertificateException {
        X509Certificate leaf = chain.get(0);
        List<String> problems = new ArrayList<>();
        if (isSelfSigned(leaf)) {
            problems.add("it is self-signed");
        }
        if (leaf.getVersion() != 3) {
            problems.add("it is of version " + leaf.getVersion() + ", not 3");
        }
        if (leaf.getBasicConstraints() >= 0) {
            problems.add("it is the certificate of a CA");
        }
        checkPurposes(leaf, problems);
        checkUsage(leaf, problems);
        if (leaf.getExtensionValue(AUTHORITY_KEY_IDENTIFIER) == null) {
            problems.add("it has no authority key identifier");
        }
        if (leaf.getIssuerUniqueID() != null || leaf.getSubjectUniqueID() != null) {
            problems.add("it has a unique identifier of issuer or subject");
        }
        for (X509Certificate certificate : chain) {
            if (!SIGNATURES.contains(certificate.getSigAlgName())) {
                problems.add(certificate.getSubjectX500Principal() + " is signed with " + certificate.getSigAlgName());
            }
        }
        checkKey(leaf.getPublicKey(), problems);
        checkIssuers(chain, problems);
        if (!problems.isEmpty()) {
            throw new CertificateException("the certificate of " + leaf.getSubjectX500Principal()
                    + " cannot sign claims: " + String.join("; ", problems));
        }
    }

    /** {@return whether it is signed with its own key, as roots are} */
    static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isSignedBy(certificate, certificate);
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkPurposes(X509Certificate leaf, List<String> problems) throws CertificateParsingException {
        List<String> purposes = leaf.getExtendedKeyUsage();
        if (purposes == null) {
            problems.add("it has no extended key usage");
            return;
        }
        if (!purposes.contains(CLAIM_SIGNING)) {
            problems.add("its extended key usage lacks claim signing (" + CLAIM_SIGNING + ")");
        }
        if (!purposes.contains(EMAIL_PROTECTION)) {
            problems.add("its extended key usage lacks e-mail protection (" + EMAIL_PROTECTION + ")");
        }
        for (String forbidden : List.of(ANY_PURPOSE, TIME_STAMPING, OCSP_SIGNING)) {
            if (purposes.contains(forbidden)) {
                problems.add("its extended key usage includes " + forbidden + ", which must not be");
            }
        }
    }

    private static void checkUsage(X509Certificate leaf, List<String> problems) {
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE]) {
            problems.add("its key usage lacks digital signature");
        }
        if (usage != null && usage[KEY_CERT_SIGN]) {
            problems.add("its key usage includes signing certificates");
        }
    }

    private static void checkKey(PublicKey key, List<String> problems) {
        if (key instanceof RSAPublicKey rsa) {
            BigInteger modulus = rsa.getModulus();
            if (modulus.bitLength() < MIN_RSA_BITS) {
                problems.add("its RSA key has " + modulus.bitLength() + " bits, less than " + MIN_RSA_BITS);
            }
        } else if (key instanceof ECPublicKey elliptic) {
            // Java's own provider knows no other prime curves of these sizes than P-256, P-384 and P-521
            int bits = elliptic.getParams().getOrder().bitLength();
            if (!(elliptic.getParams().getCurve().getField() instanceof ECFieldFp)
                    || (bits != 256 && bits != 384 && bits != 521)) {
                problems.add("its elliptic curve is not one of P-256, P-384 and P-521");
            }
        } else if (!(key instanceof EdECPublicKey edwards
                && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName()))) {
            problems.add("its key is of the kind " + key.getAlgorithm() + ", not RSA, elliptic curve or Ed25519");
        }
    }

    private static void checkIssuers(List<X509Certificate> chain, List<String> problems) {
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate issuer = chain.get(i);
            if (!isSignedBy(chain.get(i - 1), issuer)) {
                problems.add(chain.get(i - 1).getSubjectX500Principal() + " is not signed by "
                        + issuer.getSubjectX500Principal() + ", which follows in the chain");
            }
            if (issuer.getBasicConstraints() < 0) {
                problems.add(issuer.getSubjectX500Principal() + " is not a CA, but follows in the chain");
            }
        }
    }
}
