package org.patchreel.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.CameraMove;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.PromptLanguage;
import org.patchreel.spi.VideoModel;

/** A model that plans and is described; its frames are made by a {@link FakeProducer}. */
public record FakeModel(String name) implements VideoModel {

    /** What every fake model can do. */
    public static final ModelCapabilities CAPABILITIES = new ModelCapabilities(
            "Fake 1.0, text-to-video",
            1234567890123L,
            new ModelLicense(Optional.of("Apache-2.0"), List.of("KR"), Optional.of("Jane Doe")),
            new FrameGrid(16, 4, 17),
            new ModelDefaults(
                    new VideoFormat(96, 96, 17, new FrameRate(24000, 1001)),
                    new FrameSize(768, 432),
                    8,
                    3.5,
                    "bl\u00fcr"),
            ModelCapabilities.ImageConditioning.OPTIONAL,
            Set.of(ModelCapabilities.Ability.CONTROL),
            new PromptLanguage(
                    Optional.of(new ClosedVocabulary(
                            Set.of("a", "red", "ball", "the", "camera", "pans", "left"), Map.of("crimson", "red"))),
                    Map.of(CameraMove.PAN_LEFT, "the camera pans left")),
            List.of("ball", "snow"));

    @Override
    public ModelDescriptor descriptor() {
        return new ModelDescriptor(name, "bundle fake", "cpu", "fp32", Optional.of(CAPABILITIES));
    }

    @Override
    public ModelHealth health() {
        return new ModelHealth(
                ModelHealth.Status.READY,
                "cpu, 2 threads",
                Optional.of("PyTorch 2.7.1"),
                Optional.empty(),
                12,
                Optional.empty(),
                List.of("a note"));
    }

    @Override
    public SamplingPlan plan(ModelTask task) {
        int frames = task.format().frameCount();
        return new SamplingPlan(
                SamplingPlan.Method.ROLLING, frames, 17, 8, task.sampling().steps(), frames);
    }

    @Override
    public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor) {
        throw new AssertionError("a worker makes whole clips");
    }
}
