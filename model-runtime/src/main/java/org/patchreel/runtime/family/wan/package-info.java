/**
 * The Wan family (2.1 and 2.2): a checkpoint's components, and the pipeline from a prompt to frames. A further family is a
 * further package beside this one.
 */
@NullMarked
package org.patchreel.runtime.family.wan;

import org.jspecify.annotations.NullMarked;
