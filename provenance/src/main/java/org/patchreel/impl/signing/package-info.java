/**
 * The key that claims are signed with, and what its certificate must be like. Start with {@link
 * org.patchreel.impl.signing.KeyStoreClaimSigner}: it takes the credential from a PKCS#12 file, from a PKCS#11 token, or,
 * if nothing is configured, makes one for development.
 */
@NullMarked
package org.patchreel.impl.signing;

import org.jspecify.annotations.NullMarked;
