package org.patchreel.impl.signing;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.patchreel.impl.c2pa.cose.CertificateProfile;

/**
 * Checks the certificates that claims are to be signed with, before validators refuse the claims: the signer's against
 * C2PA's {@linkplain CertificateProfile profile}, and all as a chain. It is stricter than validators have to be.
 */
final class SigningChain {
    private static final String CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1";

    /** Today's validators want it beside, or instead of, the purpose that C2PA made for itself. */
    private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";

    private static final int DIGITAL_SIGNATURE = 0;

    private SigningChain() {}

    /**
     * Checks a chain, but not whether it is valid today.
     *
     * @param chain the signing certificate first, then each one's issuer
     * @throws CertificateException if it is not fit for claims; the message names the subject and all that is wrong
     */
    static void check(List<X509Certificate> chain) throws CertificateException {
        X509Certificate leaf = chain.get(0);
        List<String> problems = new ArrayList<>();
        CertificateProfile.claimFaults(leaf, Set.of(CLAIM_SIGNING)).forEach(fault -> problems.add("it " + fault));
        List<String> purposes = leaf.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(CLAIM_SIGNING)) {
            problems.add("its extended key usage lacks claim signing (" + CLAIM_SIGNING + ")");
        }
        if (purposes != null && !purposes.contains(EMAIL_PROTECTION)) {
            problems.add("its extended key usage lacks e-mail protection (" + EMAIL_PROTECTION + ")");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            problems.add("its key usage lacks digital signature");
        }
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

    private static void checkIssuers(List<X509Certificate> chain, List<String> problems) {
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate issuer = chain.get(i);
            CertificateProfile.signatureFault(issuer)
                    .ifPresent(fault -> problems.add(issuer.getSubjectX500Principal() + " " + fault));
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
