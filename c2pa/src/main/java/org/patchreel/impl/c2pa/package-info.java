/**
 * Writes C2PA manifests into MP4, JPEG and PNG files (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html">C2PA 2.2</a>). Start with
 * {@link org.patchreel.impl.c2pa.ManifestEmbedder}: what a {@link org.patchreel.impl.c2pa.ManifestDescription} says becomes
 * assertions, the assertions a claim, the claim is signed, and all of it is put into the file.
 *
 * <p>The hard binding covers the bytes around the manifest, and the manifest holds their hash. So a manifest of the final
 * size goes into a copy of the file first, its hash and signature left blank; the copy is hashed while it is written, and
 * then hash and signature are filled in.
 */
@NullMarked
package org.patchreel.impl.c2pa;

import org.jspecify.annotations.NullMarked;
