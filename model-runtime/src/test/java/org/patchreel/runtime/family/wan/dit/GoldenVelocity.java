package org.patchreel.runtime.family.wan.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.spi.GenerationMonitor;

/** What a transformer makes of the inputs of golden vectors. */
final class GoldenVelocity {

    private GoldenVelocity() {}

    static NDArray of(Transformer transformer, Golden golden) throws Exception {
        return of(transformer, golden, "in.hidden_states", "in.timestep", "in.encoder_hidden_states");
    }

    /** The same of inputs with these names. */
    static NDArray of(Transformer transformer, Golden golden, String latents, String time, String text)
            throws Exception {
        NDArray video = golden.tensor(latents);
        NDArray timesteps = golden.tensor(time).toType(DataType.FLOAT32, false);
        return transformer.velocity(
                video,
                Optional.empty(),
                timesteps.reshape(timesteps.getShape().get(0), 1),
                transformer.context(golden.tensor(text), Optional.empty(), golden.manager()),
                transformer.positions(video.getShape(), 0, golden.manager()),
                GenerationMonitor.UNWATCHED,
                golden.manager());
    }
}
