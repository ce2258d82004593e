package org.patchreel.spi;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Holds the key that claims are signed with. May be called from any thread. */
@ConsumerType
public interface ClaimSigner {

    /**
     * The credential to sign the next claim with. One claim uses one credential, so that a rotation of keys falls between
     * claims.
     *
     * @return key and certificates of now
     * @throws GeneralSecurityException if there is none that may be used: the keystore cannot be opened, the certificate
     *     has expired or is not fit for claims; the message names it
     */
    Credential credential() throws GeneralSecurityException;

    /** A private key and its certificates. */
    interface Credential {

        /** {@return how it signs} */
        SignatureAlgorithm algorithm();

        /** {@return the signing certificate, then those between it and the root; the root is left out} */
        List<X509Certificate> certificateChain();

        /**
         * Signs.
         *
         * @param data the Sig_structure of <a href="https://www.rfc-editor.org/rfc/rfc9052#section-4.4">RFC 9052, 4.4</a>
         * @return the signature as COSE wants it: r and s of equal length for ECDSA
         * @throws GeneralSecurityException if the key, or the device that holds it, refuses
         */
        byte[] sign(byte[] data) throws GeneralSecurityException;
    }

    /** The algorithms that C2PA allows for claims and that are offered here. */
    enum SignatureAlgorithm {
        /** ECDSA on P-256 with SHA-256. */
        ES256(-7),
        /** ECDSA on P-384 with SHA-384. */
        ES384(-35),
        /** ECDSA on P-521 with SHA-512. */
        ES512(-36),
        /** RSASSA-PSS with SHA-256. */
        PS256(-37),
        /** Ed25519. */
        ED25519(-8);

        private final int coseIdentifier;

        SignatureAlgorithm(int coseIdentifier) {
            this.coseIdentifier = coseIdentifier;
        }

        /** {@return the identifier in the <a href="https://www.iana.org/assignments/cose/cose.xhtml">COSE registry</a>} */
        public int coseIdentifier() {
            return coseIdentifier;
        }
    }
}
