/** Drives a real Apache Sling with Patchreel in it. */
@NullMarked
package org.patchreel.sling.process;

import org.jspecify.annotations.NullMarked;
