/** The causal video autoencoder: latents to frames and back, chunk by chunk in time. */
@NullMarked
package org.patchreel.runtime.family.wan.vae;

import org.jspecify.annotations.NullMarked;
