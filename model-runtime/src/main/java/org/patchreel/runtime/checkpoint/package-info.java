/** Checkpoints as directories in the layout of Hugging Face diffusers: what one contains and where. */
@NullMarked
package org.patchreel.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
