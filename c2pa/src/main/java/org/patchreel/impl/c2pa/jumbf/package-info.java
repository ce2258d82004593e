/**
 * The boxes of a C2PA manifest store: JUMBF (<a href="https://www.iso.org/standard/84635.html">ISO/IEC 19566-5</a>; C2PA
 * 2.2, 11.1). Start with {@link org.patchreel.impl.c2pa.jumbf.JumbfReader}. Every box keeps its bytes as they were read,
 * because hashes and signatures are over these.
 *
 * <p>{@link org.patchreel.impl.c2pa.jumbf.SuperBox} writes.
 */
@NullMarked
package org.patchreel.impl.c2pa.jumbf;

import org.jspecify.annotations.NullMarked;
