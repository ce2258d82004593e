/**
 * CBOR (<a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>) as far as C2PA uses it. Start with
 * {@link org.patchreel.impl.c2pa.cbor.CborReader}: it is strict and bounded, because what it reads comes from anywhere, and
 * it keeps whole-number keys apart from text keys, which COSE needs and Jackson's CBOR parser does not support.
 *
 * <p>{@link org.patchreel.impl.c2pa.cbor.CborWriter} writes.
 */
@NullMarked
package org.patchreel.impl.c2pa.cbor;

import org.jspecify.annotations.NullMarked;
