/** Signing of clips and of what is made of them. */
@NullMarked
package org.patchreel.impl.provenance;

import org.jspecify.annotations.NullMarked;
