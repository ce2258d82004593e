package org.patchreel.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/** One pass of the transformer. Embedding the prompt and the table of positions are the preparation. */
final class DenoisingStage implements Stage {
    private final Transformer transformer;
    private final NDArray latents;
    private final NDArray timesteps;
    private final NDArray text;
    private Transformer.@Nullable Context context;
    private @Nullable NDArray positions;

    /**
     * Loads the transformer.
     *
     * @param directory of the component
     * @param inputs latents (B, C, F, H, W), timestep (B) and text (B, K, width)
     * @param precision of its arithmetic
     */
    DenoisingStage(Path directory, NDList inputs, Precision precision) throws IOException {
        latents = inputs.get("latents");
        timesteps = inputs.get("timestep").reshape(-1, 1);
        text = inputs.get("text");
        transformer = Transformer.load(directory, new Placement(Placement.CPU.device(), precision));
    }

    @Override
    public void prepare(NDManager scope) {
        context = transformer.context(text, Optional.empty(), scope);
        positions = transformer.positions(latents.getShape(), 0, scope);
    }

    @Override
    public NDArray run(NDManager scope) throws GenerationCancelledException {
        return transformer.velocity(
                latents,
                Optional.empty(),
                timesteps,
                Objects.requireNonNull(context),
                Objects.requireNonNull(positions),
                GenerationMonitor.UNWATCHED,
                scope);
    }

    @Override
    public void close() {
        transformer.close();
    }
}
