/** Tests that install Patchreel into a real Apache Karaf and drive it from its shell; {@link KarafProcess} is that Karaf. */
@NullMarked
package org.patchreel.karaf;

import org.jspecify.annotations.NullMarked;
