/** Pictures are told apart, for those who decide what may be shown. */
@NullMarked
package org.patchreel.runtime.classifier;

import org.jspecify.annotations.NullMarked;
