/**
 * C2PA in files of boxes, MP4 and MOV among them (<a href="https://www.iso.org/standard/83102.html">ISO/IEC 14496-12</a>;
 * C2PA 2.2, 18.6 and A.5). Start with {@link org.patchreel.impl.c2pa.bmff.BmffFile}, which walks the boxes; {@link
 * org.patchreel.impl.c2pa.bmff.C2paBoxes} finds what C2PA put among them, and {@link
 * org.patchreel.impl.c2pa.bmff.HardBinding} tells whether a manifest is bound to the file. Files may be hostile and larger
 * than memory.
 */
@NullMarked
package org.patchreel.impl.c2pa.bmff;

import org.jspecify.annotations.NullMarked;
