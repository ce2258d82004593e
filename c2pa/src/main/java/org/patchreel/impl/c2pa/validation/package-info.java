/**
 * Reads what a file's C2PA manifest says and tells whether it holds (C2PA 2.2, 15). Start with {@link
 * org.patchreel.impl.c2pa.validation.ManifestValidator}: {@link
 * org.patchreel.impl.c2pa.validation.ManifestFinder} looks for the manifest in a file of any format, {@link
 * org.patchreel.impl.c2pa.validation.ManifestStore} reads the manifests, {@link
 * org.patchreel.impl.c2pa.validation.ManifestRules} and {@link org.patchreel.impl.c2pa.validation.ActionRules} check one, and
 * {@link org.patchreel.impl.c2pa.validation.IngredientRules} those that it was made from. The state that follows from the
 * findings is that of c2pa-rs, the validator that most others are built from.
 *
 * <p>Manifests are hostile: sizes, depths and counts are bounded, and whatever is wrong becomes a finding.
 */
@NullMarked
package org.patchreel.impl.c2pa.validation;

import org.jspecify.annotations.NullMarked;
