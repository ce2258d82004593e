package org.patchreel.runtime.torch;

import org.patchreel.runtime.adapter.LoraFile;

/**
 * A LoRA to apply.
 *
 * @param file checked against the network
 * @param strength that multiplies what it changes
 */
public record AppliedLora(LoraFile file, double strength) {}
