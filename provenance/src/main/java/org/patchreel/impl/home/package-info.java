/** Where this installation keeps its files. */
@NullMarked
package org.patchreel.impl.home;

import org.jspecify.annotations.NullMarked;
