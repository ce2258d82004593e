/**
 * The native engine: libtorch through DJL. The only package that touches the engine's own classes; the others see {@link
 * ai.djl.ndarray.NDArray}s and the classes of this package.
 *
 * <p>Networks are TorchScript sources (resources under {@code torchscript/}), zipped into code-only archives when they
 * are loaded; their weights are passed as dictionaries. libtorch can be loaded once in a process: replacing this bundle
 * in a running framework needs a restart of the process.
 */
@NullMarked
package org.patchreel.runtime.torch;

import org.jspecify.annotations.NullMarked;
