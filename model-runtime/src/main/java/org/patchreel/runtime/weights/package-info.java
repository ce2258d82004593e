/**
 * Weight files: finding, checking and mapping the tensors of a checkpoint's component.
 *
 * <p>Whatever is read here comes from outside: every length, name, shape and offset is checked before it is used, by the
 * rules of <a href="https://github.com/huggingface/safetensors#format">the safetensors format</a>. Plain Java; nothing of
 * the engine that later computes with the tensors.
 */
@NullMarked
package org.patchreel.runtime.weights;

import org.jspecify.annotations.NullMarked;
