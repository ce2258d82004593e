/** Decisions of people on stored assets. */
@NullMarked
package org.patchreel.impl.review;

import org.jspecify.annotations.NullMarked;
