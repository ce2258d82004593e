package org.patchreel.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.HomeFolder;

/** The certificates of TLS: the one that this side shows, and those that it trusts. */
final class CertificateStores {

    private CertificateStores() {}

    /** Reads a store. */
    private interface Content {
        InputStream open() throws IOException;
    }

    /**
     * A store in PKCS#12.
     *
     * @param name of the property, or of the file, for messages
     * @param content its bytes
     * @param password of the store and its entries
     */
    record Store(String name, Content content, String password) {

        /** Hosts without files of their own have the store in the configuration. */
        private static final String INLINE = "base64:";

        /**
         * Reads a property.
         *
         * @param home where relative files are
         * @param property its name
         * @param value a file, or {@code base64:} and the store itself; blank for none
         * @param password of the store
         * @throws IOException if the value can be neither
         */
        static Optional<Store> of(HomeFolder home, String property, String value, String password) throws IOException {
            String text = value.strip();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            try {
                if (text.startsWith(INLINE)) {
                    byte[] bytes = Base64.getMimeDecoder().decode(text.substring(INLINE.length()));
                    return Optional.of(new Store(property, () -> new ByteArrayInputStream(bytes), password));
                }
                Path file = home.resolve(text).normalize();
                return Optional.of(new Store(file.toString(), () -> Files.newInputStream(file), password));
            } catch (InvalidPathException e) {
                throw new IOException(property + " is neither a file nor base64:", e);
            } catch (IllegalArgumentException e) {
                throw new IOException(property + " is not in Base64", e);
            }
        }

        private KeyStore open() throws IOException {
            try (InputStream in = content.open()) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(in, password.toCharArray());
                if (store.size() == 0) {
                    throw new IOException("it has no entry");
                }
                return store;
            } catch (NoSuchFileException e) {
                throw new IOException(name + " is not there", e);
            } catch (GeneralSecurityException | IOException e) {
                throw new IOException(name + " cannot be read: " + e.getMessage(), e);
            }
        }

        /** {@return the name} */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * {@return what TLS needs; empty if nothing differs from Java's own}
     *
     * @param keys has the key and the certificate of this side
     * @param trusted has the certificates of the authorities of the other side; those of Java if it is empty
     * @throws IOException if one cannot be read; the message names it
     */
    static Optional<SSLContext> context(Optional<Store> keys, Optional<Store> trusted) throws IOException {
        if (keys.isEmpty() && trusted.isEmpty()) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.isEmpty() ? null : keyManagers(keys.get()),
                    trusted.isEmpty() ? null : trustManagers(trusted.get()),
                    null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keyManagers(Store keys) throws IOException {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(keys.open(), keys.password().toCharArray());
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(keys + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(Store trusted) throws IOException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted.open());
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(trusted + " cannot be read: " + e.getMessage(), e);
        }
    }
}
