/** Tests inside a framework: all bundles of the app but the launcher, the starter model, real encoding and storing. */
@NullMarked
package org.patchreel.it;

import org.jspecify.annotations.NullMarked;
