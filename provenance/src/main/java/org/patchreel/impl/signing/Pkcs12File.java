package org.patchreel.impl.signing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Optional;

/**
 * A PKCS#12 file with one password. It is read anew for each claim, which takes a fraction of a second, so that a file
 * that replaced it counts from then on.
 */
final class Pkcs12File implements CredentialSource {
    /** A key and some certificates take a few kilobytes. */
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final String alias;
    private final char[] password;

    Pkcs12File(Path file, String alias, String password) {
        this.file = file;
        this.alias = alias;
        this.password = password.toCharArray();
    }

    @Override
    public SigningKey load() throws IOException, GeneralSecurityException {
        return StoredKey.find(open(), file.toString(), alias, password, Optional.empty());
    }

    KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(file + ": a keystore of more than " + MAX_BYTES + " bytes");
            }
            keyStore.load(in, password);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such keystore", e);
        } catch (IOException e) {
            boolean wrongPassword = e.getCause() instanceof UnrecoverableKeyException;
            throw new IOException(
                    file + ": " + (wrongPassword ? "wrong password" : "no PKCS#12 keystore: " + e.getMessage()), e);
        }
        return keyStore;
    }
}
