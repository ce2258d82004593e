package org.patchreel.impl.c2pa.cose;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import org.patchreel.spi.ClaimSigner.Credential;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/** A key in memory that signs claims. */
public record TestCredential(SignatureAlgorithm algorithm, PrivateKey key, List<X509Certificate> certificateChain)
        implements Credential {

    /** {@return a credential with the algorithm that goes with the first certificate's key} */
    public static TestCredential of(PrivateKey key, List<X509Certificate> certificateChain) {
        SignatureAlgorithm algorithm;
        if (certificateChain.get(0).getPublicKey() instanceof ECPublicKey elliptic) {
            algorithm = switch (elliptic.getParams().getOrder().bitLength()) {
                case 256 -> SignatureAlgorithm.ES256;
                case 384 -> SignatureAlgorithm.ES384;
                case 521 -> SignatureAlgorithm.ES512;
                default -> throw new IllegalArgumentException("curve " + elliptic.getParams());
            };
        } else if (certificateChain.get(0).getPublicKey() instanceof RSAPublicKey) {
            algorithm = SignatureAlgorithm.PS256;
        } else {
            algorithm = SignatureAlgorithm.ED25519;
        }
        return new TestCredential(algorithm, key, certificateChain);
    }

    @Override
    public byte[] sign(byte[] data) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case ES256 -> "SHA256withECDSAinP1363Format";
                    case ES384 -> "SHA384withECDSAinP1363Format";
                    case ES512 -> "SHA512withECDSAinP1363Format";
                    case PS256 -> "RSASSA-PSS";
                    case ED25519 -> "Ed25519";
                });
        if (algorithm == SignatureAlgorithm.PS256) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(key);
        signature.update(data);
        return signature.sign();
    }
}
