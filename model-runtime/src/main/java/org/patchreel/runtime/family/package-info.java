/**
 * What a family of video models is to the rest of the runtime: a {@link org.patchreel.runtime.family.ModelFamily} recognises
 * its checkpoints, describes them without their weights, and loads them. Each family is a package below this one.
 */
@NullMarked
package org.patchreel.runtime.family;

import org.jspecify.annotations.NullMarked;
