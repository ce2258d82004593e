/** JUMBF boxes, in which manifests are kept. Writing: {@link org.patchreel.impl.c2pa.jumbf.SuperBox}. */
@NullMarked
package org.patchreel.impl.c2pa.jumbf;

import org.jspecify.annotations.NullMarked;
