/** Whose a file is. */
@NullMarked
package org.patchreel.impl.ownership;

import org.jspecify.annotations.NullMarked;
