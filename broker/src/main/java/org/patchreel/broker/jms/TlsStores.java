package org.patchreel.broker.jms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one side of a TLS connection, PKCS#12 files. They are read anew for each connection, so that a renewed certificate
 * needs no restart.
 *
 * @param keys own key and certificate
 * @param trusted certificates of authorities; empty for those of Java
 */
public record TlsStores(Optional<Store> keys, Optional<Store> trusted) {

    /** None. */
    public static final TlsStores NONE = new TlsStores(Optional.empty(), Optional.empty());

    /**
     * A file.
     *
     * @param file PKCS#12
     * @param password of the file and its entries
     */
    public record Store(Path file, String password) {

        private KeyStore open() throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(in, password.toCharArray());
                if (store.size() == 0) {
                    throw new IOException(file + " has no entry");
                }
                return store;
            } catch (GeneralSecurityException e) {
                throw new IOException(file + " cannot be read: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IOException(file + " cannot be read: " + e.getMessage(), e);
            }
        }

        /** {@return the file alone} */
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /**
     * Reads both files.
     *
     * @throws IOException if one cannot be read; the message names it
     */
    public void check() throws IOException {
        keyManagers();
        trustManagers();
    }

    KeyManager @Nullable [] keyManagers() throws IOException {
        if (keys.isEmpty()) {
            return null;
        }
        KeyStore store = keys.get().open();
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, keys.get().password().toCharArray());
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(keys.get() + " cannot be read: " + e.getMessage(), e);
        }
    }

    TrustManager @Nullable [] trustManagers() throws IOException {
        if (trusted.isEmpty()) {
            return null;
        }
        KeyStore store = trusted.get().open();
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(trusted.get() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
