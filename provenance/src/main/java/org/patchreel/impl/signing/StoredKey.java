package org.patchreel.impl.signing;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds the signing key in an open keystore. */
final class StoredKey {
    private StoredKey() {}

    /**
     * Takes a key and its chain, without root, and checks the certificates.
     *
     * @param keyStore loaded
     * @param name of the keystore, for messages
     * @param alias of the entry; empty if there is only one
     * @param password of the entry
     * @param provider that holds the key; empty for a key in memory
     * @throws GeneralSecurityException if there is no such key, or it cannot be used; the message says why
     */
    static SigningKey find(KeyStore keyStore, String name, String alias, char[] password, Optional<Provider> provider)
            throws GeneralSecurityException {
        String entry = alias.isEmpty() ? onlyAlias(keyStore, name) : alias;
        Key key;
        try {
            key = keyStore.getKey(entry, password);
        } catch (UnrecoverableKeyException e) {
            throw new KeyStoreException(name + ": the key " + entry + " has another password", e);
        }
        Certificate[] stored = keyStore.getCertificateChain(entry);
        if (!(key instanceof PrivateKey privateKey) || stored == null || stored.length == 0) {
            throw new KeyStoreException(name + ": no private key with certificates under the alias " + entry
                    + "; there are " + Collections.list(keyStore.aliases()));
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : stored) {
            if (!(certificate instanceof X509Certificate x509)) {
                throw new KeyStoreException(name + ": a certificate of the kind " + certificate.getType());
            }
            chain.add(x509);
        }
        try {
            SigningChain.check(chain);
        } catch (GeneralSecurityException e) {
            throw new KeyStoreException(name + ": " + e.getMessage(), e);
        }
        chain.removeIf(SigningChain::isSelfSigned);
        return new SigningKey(privateKey, chain, provider);
    }

    private static String onlyAlias(KeyStore keyStore, String name) throws KeyStoreException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(keyStore.aliases())) {
            if (keyStore.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new KeyStoreException(
                    name + (keys.isEmpty() ? ": no private key" : ": name an alias, there are several keys: " + keys));
        }
        return keys.get(0);
    }
}
