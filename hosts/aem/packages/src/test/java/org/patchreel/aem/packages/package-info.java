/** The content packages as they are delivered: what they hold, and what they must not hold. */
@NullMarked
package org.patchreel.aem.packages;

import org.jspecify.annotations.NullMarked;
