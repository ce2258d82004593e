/**
 * From noise to latents: {@link org.patchreel.runtime.denoise.Denoiser} follows a {@link
 * org.patchreel.runtime.denoise.VelocityField} from one noise level to the next. What conditions a model (guidance, two
 * experts, further channels, frames that are known), and what lets it see a long clip in windows, is a field around a field. Knows no family of models.
 */
@NullMarked
package org.patchreel.runtime.denoise;

import org.jspecify.annotations.NullMarked;
