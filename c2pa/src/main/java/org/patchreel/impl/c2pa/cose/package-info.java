/**
 * Signatures of claims: COSE_Sign1 (<a href="https://www.rfc-editor.org/rfc/rfc9052">RFC 9052</a>; C2PA 2.2, 13.2), the
 * certificates that they come with (14.5), the trust list and timestamps (10.3.2.5). Start with {@link
 * org.patchreel.impl.c2pa.cose.ClaimSignature}. Signatures are verified over the bytes that were read; nothing is encoded
 * anew.
 *
 * <p>{@link org.patchreel.impl.c2pa.cose.CoseSign1Writer} writes.
 */
@NullMarked
package org.patchreel.impl.c2pa.cose;

import org.jspecify.annotations.NullMarked;
