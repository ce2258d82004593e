package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.patchreel.runtime.denoise.Level;
import org.patchreel.runtime.denoise.VelocityField;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * What a transformer predicts under a prompt, or under several for a batch. One of VACE is given its condition in the channels
 * behind those of the noisy latents.
 *
 * @param transformer that predicts
 * @param context embedded prompts, one for each of the batch
 * @param positions of the tokens
 * @param monitor asked before each layer whether to stop
 */
record TransformerField(
        Transformer transformer, Transformer.Context context, NDArray positions, GenerationMonitor monitor)
        implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        NDArray timesteps = timesteps(x.getShape(), level, scope);
        Optional<TransformerConfig.Vace> vace = transformer.config().vace();
        if (vace.isEmpty()) {
            return transformer.velocity(x, Optional.empty(), timesteps, context, positions, monitor, scope);
        }
        int channels = transformer.config().inChannels();
        try (NDArray latents = x.get(":, :" + channels);
                NDArray condition = x.get(":, " + channels + ":")) {
            Transformer.Control control = new Transformer.Control(
                    condition, Collections.nCopies(vace.get().layers().size(), 1.0));
            return transformer.velocity(latents, Optional.of(control), timesteps, context, positions, monitor, scope);
        }
    }

    /** (B, 1), or (B, L) if the tokens of clean frames have a timestep of their own. */
    private NDArray timesteps(Shape x, Level level, NDManager scope) {
        int batch = Math.toIntExact(x.get(0));
        if (level.cleanFrames().isEmpty()) {
            float[] same = new float[batch];
            Arrays.fill(same, level.timestep());
            return scope.create(same, new Shape(batch, 1));
        }
        int patch = transformer.config().patch().time();
        int frames = Math.toIntExact(x.get(2) / patch);
        int tokens = Math.toIntExact(positions.getShape().get(0)); // frame by frame
        float[] values = new float[batch * tokens];
        for (int i = 0; i < values.length; i++) {
            int frame = i % tokens / (tokens / frames) * patch;
            values[i] = level.cleanFrames().contains(frame) ? 0 : level.timestep();
        }
        return scope.create(values, new Shape(batch, tokens));
    }
}
