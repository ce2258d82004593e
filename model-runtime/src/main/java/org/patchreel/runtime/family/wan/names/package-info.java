/** The names of the original release's tensors, and those of diffusers that they are translated into. */
@NullMarked
package org.patchreel.runtime.family.wan.names;

import org.jspecify.annotations.NullMarked;
