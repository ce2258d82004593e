/** The diffusion transformer: predicts the velocity of a noisy latent video under a text, cut into spacetime patches. */
@NullMarked
package org.patchreel.runtime.family.wan.dit;

import org.jspecify.annotations.NullMarked;
