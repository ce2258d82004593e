/**
 * Says what a file is: the embedded manifest, the mark in the pictures, and what this installation remembers of its clips.
 *
 * <p>Begin with {@link org.patchreel.impl.verify.RecoveringVerifier}. {@link org.patchreel.impl.verify.ManifestRepository} is
 * the memory: watermark ID, manifest and fingerprint of each clip in one SQLite file.
 *
 * <p>A sentence of {@link org.patchreel.impl.verify.Sentence} says what was proved and by what. Nothing that anybody can copy
 * or make proves anything: labels of manifests, names of signers, marks without their pictures. The page {@code
 * docs/decisions/0002-what-proves-a-verdict.md} lists for each sentence what proves it, who could fake it, and the test that tries.
 */
@NullMarked
package org.patchreel.impl.verify;

import org.jspecify.annotations.NullMarked;
