package org.patchreel.impl.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/**
 * Signs on a PKCS#11 token: {@code LIBRARY SLOT ALIAS KEYSTORE…}, the PIN in the environment. Without an alias it stores
 * the keystores' keys in the token first, and signs with each; it prints alias, algorithm, whether the signature is right,
 * and whether the key can be taken out.
 */
final class TokenProcess {
    private TokenProcess() {}

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Path library = Path.of(arguments[0]);
        String pin = System.getenv("PIN");
        try {
            if (!arguments[2].isEmpty()) {
                sign(new Pkcs11Token(library, arguments[1], arguments[2], pin), arguments[2], false);
                return;
            }
            Provider provider = Security.getProvider("SunPKCS11")
                    .configure("--name = Setup\nlibrary = " + library + "\nslot = " + arguments[1] + "\n"
                            // what the token says of itself: the key cannot be taken out
                            + "attributes(*, CKO_PRIVATE_KEY, *) = {\n CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n"
                            + " CKA_SIGN = true\n}\n");
            KeyStore token = KeyStore.getInstance("PKCS11", provider);
            token.load(null, pin.toCharArray());
            for (String file : List.of(arguments[3], arguments[4])) {
                KeyStore keyStore = KeyStore.getInstance(Path.of(file).toFile(), "password".toCharArray());
                Key key = keyStore.getKey("claims", "password".toCharArray());
                String alias = Path.of(file).getFileName().toString().replace(".p12", "");
                token.setKeyEntry(alias, key, null, keyStore.getCertificateChain("claims"));
            }
            for (String alias : List.of("P-256", "RSA-2048")) {
                sign(
                        new Pkcs11Token(library, arguments[1], alias, pin),
                        alias,
                        token.getKey(alias, null).getEncoded() != null);
            }
        } catch (IOException | GeneralSecurityException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void sign(Pkcs11Token token, String alias, boolean extractable)
            throws IOException, GeneralSecurityException {
        SigningKey key = token.load();
        byte[] data = "a claim".getBytes(UTF_8);
        byte[] signature = key.sign(data);
        boolean elliptic = key.algorithm() == SignatureAlgorithm.ES256;
        Signature verifier = Signature.getInstance(elliptic ? "SHA256withECDSAinP1363Format" : "RSASSA-PSS");
        if (!elliptic) {
            verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        verifier.initVerify(key.certificateChain().get(0));
        verifier.update(data);
        System.out.println(alias + " " + key.algorithm() + " " + verifier.verify(signature) + " " + extractable);
    }
}
