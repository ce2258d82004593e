package org.patchreel.impl.c2pa.cose;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The signature algorithms that C2PA allows (C2PA 2.2, 13.2.1). */
enum CoseAlgorithm {
    ES256(-7, "SHA256withECDSAinP1363Format", 256),
    ES384(-35, "SHA384withECDSAinP1363Format", 384),
    ES512(-36, "SHA512withECDSAinP1363Format", 521),
    PS256(-37, "SHA-256", 32),
    PS384(-38, "SHA-384", 48),
    PS512(-39, "SHA-512", 64),
    ED25519(-8, "Ed25519", 0);

    /** In the <a href="https://www.iana.org/assignments/cose/cose.xhtml">COSE registry</a>. */
    private final int identifier;

    /** Of the signature, or of the hash function of a PSS signature, in the Java platform. */
    private final String name;

    /** Of the curve's field in bits, or of the salt in bytes. */
    private final int size;

    CoseAlgorithm(int identifier, String name, int size) {
        this.identifier = identifier;
        this.name = name;
        this.size = size;
    }

    static Optional<CoseAlgorithm> of(long identifier) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.identifier == identifier)
                .findFirst();
    }

    /** {@return the name that C2PA has for it} */
    String label() {
        return this == ED25519 ? "Ed25519" : name();
    }

    boolean isEcdsa() {
        return this == ES256 || this == ES384 || this == ES512;
    }

    /** {@return whether a key is one for this algorithm} */
    boolean fits(PublicKey key) {
        if (isEcdsa()) {
            return key instanceof ECPublicKey ec
                    && ec.getParams().getCurve().getField().getFieldSize() == size;
        }
        return this == ED25519 ? key instanceof EdECPublicKey : key instanceof RSAPublicKey;
    }

    /** {@return whether a signature is right; false also if the key is not one for this algorithm} */
    boolean verifies(PublicKey key, byte[] data, byte[] signature) {
        if (!fits(key)) {
            return false;
        }
        try {
            Signature verifier;
            if (isEcdsa() || this == ED25519) {
                verifier = Signature.getInstance(name);
            } else {
                verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), size, 1));
            }
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // the key or the signature is of another kind
        }
    }
}
