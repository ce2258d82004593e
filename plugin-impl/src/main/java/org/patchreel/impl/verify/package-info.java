/**
 * Says what a file is: the embedded manifest, the mark in the pictures, and what this installation remembers of its clips.
 *
 * <p>Begin with {@link org.patchreel.impl.verify.RecoveringVerifier}. {@link org.patchreel.impl.verify.ManifestStore} is
 * the memory: watermark ID, manifest and fingerprint of each clip in one SQLite file.
 */
@NullMarked
package org.patchreel.impl.verify;

import org.jspecify.annotations.NullMarked;
