package org.patchreel.impl.signing;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** Where the credential comes from. May be called from any thread. */
interface CredentialSource {

    /**
     * Reads the credential as it is now, so that a rotation is noticed.
     *
     * @return the key; its certificates fit C2PA's profile, their validity is not checked
     * @throws IOException if the file cannot be read or the password is wrong; the message names it
     * @throws GeneralSecurityException if there is no key that can be used; the message says why
     */
    SigningKey load() throws IOException, GeneralSecurityException;
}
