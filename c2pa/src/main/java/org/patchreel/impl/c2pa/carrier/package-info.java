/**
 * Files that carry a C2PA manifest and are not made of BMFF boxes (C2PA 2.2, A.3): JPEG, PNG, GIF, RIFF (WebP, AVI, WAV) and
 * TIFF. {@link org.patchreel.impl.c2pa.carrier.CarrierFormat} recognises a format by content, a {@link
 * org.patchreel.impl.c2pa.carrier.Carrier} finds manifest, XMP and boxes of a file, and {@link
 * org.patchreel.impl.c2pa.carrier.DataHash} and {@link org.patchreel.impl.c2pa.carrier.BoxHash} check the binding to its bytes.
 *
 * <p>Files are hostile: they are read through one window, never as a whole, in time that grows with their length.
 */
@NullMarked
package org.patchreel.impl.c2pa.carrier;

import org.jspecify.annotations.NullMarked;
