package org.patchreel.runtime.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingPlan;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * A model whose configuration cannot be used: it is listed with the reason, so that requests for it fail instead of being
 * served by another model.
 */
final class MisconfiguredModel implements VideoModel {
    private final String name;
    private final String source;
    private final String problem;

    /**
     * Creates one.
     *
     * @param name by which requests choose it
     * @param source where it is configured, for people
     * @param problem PID, key, value and what is expected
     */
    MisconfiguredModel(String name, String source, String problem) {
        this.name = name;
        this.source = source;
        this.problem = problem;
    }

    @Override
    public ModelDescriptor descriptor() {
        return new ModelDescriptor(name, source, "unknown", "unknown", Optional.empty());
    }

    @Override
    public ModelHealth health() {
        return new ModelHealth(
                ModelHealth.Status.UNAVAILABLE,
                "unknown",
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(problem),
                List.of());
    }

    @Override
    public SamplingPlan plan(ModelTask task) throws GenerationException {
        throw unusable();
    }

    @Override
    public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException {
        throw unusable();
    }

    private GenerationException unusable() {
        return new GenerationException(Reason.NO_MODEL, "model " + name + ": " + problem);
    }
}
