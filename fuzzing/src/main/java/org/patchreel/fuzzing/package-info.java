/**
 * Targets for the fuzzer Jazzer, one for each parser that reads hostile files; {@code fuzzing/run} runs them. Each calls a
 * parser with bytes and expects no more than the exceptions that it declares.
 */
@NullMarked
package org.patchreel.fuzzing;

import org.jspecify.annotations.NullMarked;
