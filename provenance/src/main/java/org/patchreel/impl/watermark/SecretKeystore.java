package org.patchreel.impl.watermark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.crypto.SecretKey;

/** Master secrets in a PKCS#12 keystore of the operator: its secret-key entries, in the order of their aliases. */
final class SecretKeystore {
    private SecretKeystore() {}

    /**
     * Reads the secrets.
     *
     * @param file the keystore
     * @param password of the keystore and its entries
     * @return the secrets, the newest last
     * @throws IOException if it cannot be read or has no fitting entry; the message names the file
     */
    static List<byte[]> open(Path file, char[] password) throws IOException {
        List<byte[]> secrets = new ArrayList<>();
        try {
            KeyStore keystore = load(file, password);
            List<String> aliases = Collections.list(keystore.aliases());
            Collections.sort(aliases);
            for (String alias : aliases) {
                Key key = keystore.getKey(alias, password);
                if (key instanceof SecretKey secret) {
                    byte[] bytes = secret.getEncoded();
                    if (bytes == null || bytes.length < WatermarkKey.SECRET_BYTES) {
                        throw new IOException(file + ": the secret key " + alias + " has less than "
                                + WatermarkKey.SECRET_BYTES + " bytes");
                    }
                    secrets.add(bytes);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (secrets.isEmpty()) {
            throw new IOException(file + ": no secret-key entry");
        }
        return secrets;
    }

    private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keystore = KeyStore.getInstance("PKCS12");
            keystore.load(in, password);
            return keystore;
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
