/** Hands what happens to those who keep a record of it. */
@NullMarked
package org.patchreel.impl.audit;

import org.jspecify.annotations.NullMarked;
