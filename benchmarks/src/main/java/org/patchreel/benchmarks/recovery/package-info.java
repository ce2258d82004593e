/** Recovery of stripped copies, measured: how often fingerprints match what they should not, and what look-ups cost. */
@NullMarked
package org.patchreel.benchmarks.recovery;

import org.jspecify.annotations.NullMarked;
