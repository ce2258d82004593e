package org.patchreel.impl.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hardware security module, or whatever else speaks PKCS#11. The key does not leave it. Its list of keys is read anew for
 * each claim. Java's own provider is used for the token alone, it is not registered.
 */
final class Pkcs11Token implements CredentialSource {
    private final Path library;
    private final String slot;
    private final String alias;
    private final char[] pin;
    private @Nullable Provider opened;

    /**
     * Names a token.
     *
     * @param library the module's shared library
     * @param slot ID of the slot, decimal or hexadecimal with 0x; empty for the first one
     * @param alias label of the key; empty if there is only one
     * @param pin of the user
     */
    Pkcs11Token(Path library, String slot, String alias, String pin) {
        this.library = library;
        this.slot = slot;
        this.alias = alias;
        this.pin = pin.toCharArray();
    }

    @Override
    public SigningKey load() throws IOException, GeneralSecurityException {
        Provider provider = provider();
        KeyStore keyStore;
        try {
            keyStore = KeyStore.getInstance("PKCS11", provider);
            keyStore.load(null, pin);
        } catch (IOException e) {
            throw new IOException(name() + ": cannot be opened: " + reason(e), e);
        } catch (KeyStoreException e) {
            throw new KeyStoreException(name() + ": there is no token", e);
        }
        return StoredKey.find(keyStore, name(), alias, pin, Optional.of(provider));
    }

    private synchronized Provider provider() throws GeneralSecurityException, IOException {
        Provider provider = opened;
        if (provider == null) {
            provider = configure();
            opened = provider;
        }
        return provider;
    }

    private Provider configure() throws GeneralSecurityException, IOException {
        if (!Files.isRegularFile(library)) {
            throw new IOException(library + ": no such PKCS#11 library");
        }
        Provider prototype = Security.getProvider("SunPKCS11");
        if (prototype == null) {
            throw new NoSuchAlgorithmException("this Java platform has no PKCS#11 (module jdk.crypto.cryptoki)");
        }
        String where = slot.isEmpty() ? "slotListIndex = 0" : "slot = " + slot;
        try {
            // what begins with two hyphens is the configuration itself, not a file
            return prototype.configure("--name = Patchreel\nlibrary = \"" + library + "\"\n" + where + "\n");
        } catch (InvalidParameterException | ProviderException e) {
            throw new KeyStoreException(name() + ": " + reason(e), e);
        }
    }

    /** {@return the innermost message: the return value of the module, for example CKR_PIN_INCORRECT} */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }

    private String name() {
        return library + (slot.isEmpty() ? "" : ", slot " + slot);
    }
}
