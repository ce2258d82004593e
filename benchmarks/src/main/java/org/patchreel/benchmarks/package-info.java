/**
 * The Java side of the benchmarks: programs that Python scripts start, tell what to do over the standard input, and
 * read the measurements of from the standard output. {@link org.patchreel.benchmarks.StageWorker} runs one network,
 * {@link org.patchreel.benchmarks.Generations} whole generations.
 */
@NullMarked
package org.patchreel.benchmarks;

import org.jspecify.annotations.NullMarked;
