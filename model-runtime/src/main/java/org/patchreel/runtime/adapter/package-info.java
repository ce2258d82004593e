/**
 * LoRA files: finding those that requests name, and checking them against the tensors of the network that they change. Plain
 * Java; nothing of the engine that later computes with them.
 */
@NullMarked
package org.patchreel.runtime.adapter;

import org.jspecify.annotations.NullMarked;
