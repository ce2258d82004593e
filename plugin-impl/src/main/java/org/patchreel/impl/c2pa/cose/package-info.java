/** COSE signatures of claims. Writing: {@link org.patchreel.impl.c2pa.cose.CoseSign1Writer}. */
@NullMarked
package org.patchreel.impl.c2pa.cose;

import org.jspecify.annotations.NullMarked;
