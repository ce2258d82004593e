package org.patchreel.impl.signing;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/** A private key of the Java security API and its certificates. */
final class SigningKey implements ClaimSigner.Credential {
    private static final PSSParameterSpec PSS_SHA256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final PrivateKey key;
    private final List<X509Certificate> certificateChain;
    private final SignatureAlgorithm algorithm;
    private final Optional<Provider> provider;

    /**
     * Takes a key whose certificates were checked.
     *
     * @param key the private key, or the handle of one that does not leave its device
     * @param certificateChain the signing certificate first, without root
     * @param provider the one that holds the key; empty for a key in memory
     * @throws InvalidKeyException if C2PA knows no algorithm for such a key
     */
    SigningKey(PrivateKey key, List<X509Certificate> certificateChain, Optional<Provider> provider)
            throws InvalidKeyException {
        this.key = key;
        this.certificateChain = List.copyOf(certificateChain);
        this.algorithm = algorithm(certificateChain.get(0).getPublicKey());
        this.provider = provider;
    }

    private static SignatureAlgorithm algorithm(PublicKey key) throws InvalidKeyException {
        if (key instanceof ECPublicKey elliptic) {
            // only the three curves of NIST get through the certificate profile
            return switch (elliptic.getParams().getOrder().bitLength()) {
                case 256 -> SignatureAlgorithm.ES256;
                case 384 -> SignatureAlgorithm.ES384;
                case 521 -> SignatureAlgorithm.ES512;
                default -> throw new InvalidKeyException("no algorithm of C2PA for the curve " + elliptic.getParams());
            };
        }
        if (key instanceof RSAPublicKey) {
            return SignatureAlgorithm.PS256;
        }
        if (key instanceof EdECPublicKey edwards
                && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            return SignatureAlgorithm.ED25519;
        }
        throw new InvalidKeyException("no algorithm of C2PA for a key of the kind " + key.getAlgorithm());
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public List<X509Certificate> certificateChain() {
        return certificateChain;
    }

    @Override
    public byte[] sign(byte[] data) throws GeneralSecurityException {
        String name = switch (algorithm) {
            case ES256 -> "SHA256withECDSAinP1363Format";
            case ES384 -> "SHA384withECDSAinP1363Format";
            case ES512 -> "SHA512withECDSAinP1363Format";
            case PS256 -> "RSASSA-PSS";
            case ED25519 -> "Ed25519";
        };
        Signature signature =
                provider.isPresent() ? Signature.getInstance(name, provider.get()) : Signature.getInstance(name);
        if (algorithm == SignatureAlgorithm.PS256) {
            signature.setParameter(PSS_SHA256);
        }
        signature.initSign(key);
        signature.update(data);
        return signature.sign();
    }
}
