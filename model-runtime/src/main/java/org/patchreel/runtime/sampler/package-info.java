/**
 * Numerical solvers of the probability-flow ordinary differential equation, from noise to latents, for models trained
 * with flow matching: x(σ) = (1−σ)·x₀ + σ·noise, and the network predicts the velocity v = noise − x₀ (<a
 * href="https://arxiv.org/abs/2210.02747">Lipman et al., Flow Matching</a>; <a
 * href="https://arxiv.org/abs/2403.03206">Esser et al., Scaling Rectified Flow Transformers</a>, for the shift).
 *
 * <p>A {@link org.patchreel.runtime.sampler.SchedulerConfig} is read once with the checkpoint; it creates one {@link
 * org.patchreel.runtime.sampler.Scheduler} for each generation.
 */
@NullMarked
package org.patchreel.runtime.sampler;

import org.jspecify.annotations.NullMarked;
