/**
 * What signing and validating a large clip costs beside hashing it. Start with {@link
 * org.patchreel.benchmarks.signing.SigningBenchmark}: it starts a process for each measurement, which runs {@link
 * org.patchreel.benchmarks.signing.SigningTask}.
 */
@NullMarked
package org.patchreel.benchmarks.signing;

import org.jspecify.annotations.NullMarked;
