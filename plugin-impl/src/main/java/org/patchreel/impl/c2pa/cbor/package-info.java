/** CBOR as C2PA uses it. Writing: {@link org.patchreel.impl.c2pa.cbor.CborWriter}. */
@NullMarked
package org.patchreel.impl.c2pa.cbor;

import org.jspecify.annotations.NullMarked;
