/** The image encoder: pictures that a clip starts from become states that the transformer attends to. */
@NullMarked
package org.patchreel.runtime.family.wan.vision;

import org.jspecify.annotations.NullMarked;
