package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelDefaults;

/**
 * What a checkpoint was trained for. The diffusers layout does not say it: a checkpoint may carry a {@value #FILE} that
 * does (what it says of prompts, {@link PromptTerms} reads), with any of {@code width, height, frames, frame_rate, steps, guidance_scale, guidance_scale_2, negative_prompt,
 * scheduler, shift, timesteps};
 * what is missing is taken from the release that the checkpoint's kind was made for.
 *
 * @param nativeFormat size, length and frame rate
 * @param steps of denoising
 * @param guidanceScale of the first expert
 * @param guidanceScale2 of the second; empty for the first one's
 * @param negativePrompt may be empty
 * @param scheduler what is said of it beside its file: {@code scheduler} ({@code euler}, {@code unipc}), {@code shift}, {@code
 *     timesteps}
 * @see <a href="https://github.com/Wan-Video/Wan2.2/tree/main/wan/configs">the authors' defaults</a>
 */
record GenerationDefaults(
        VideoFormat nativeFormat,
        int steps,
        double guidanceScale,
        OptionalDouble guidanceScale2,
        String negativePrompt,
        SchedulerChoice scheduler) {

    static final String FILE = "patchreel.json";

    private static final int MIN_OUTPUT_LINES = 360;

    /** Those of a release, sampled as its scheduler's file says. */
    private GenerationDefaults(
            VideoFormat nativeFormat, int steps, double guidanceScale, OptionalDouble guidanceScale2) {
        this(nativeFormat, steps, guidanceScale, guidanceScale2, "", SchedulerChoice.NONE);
    }

    /**
     * Reads a checkpoint's defaults.
     *
     * @param index of the checkpoint
     * @param grid that its native format lies on
     * @throws IOException if the file {@value #FILE} cannot be read or has a value that cannot be; the message names both
     */
    static GenerationDefaults read(WanIndex index, FrameGrid grid) throws IOException {
        return read(index, grid, SamplingChoice.NONE);
    }

    /**
     * The same, sampled as an operator says.
     *
     * @param choice counts in the place of the checkpoint's values
     */
    static GenerationDefaults read(WanIndex index, FrameGrid grid, SamplingChoice choice) throws IOException {
        GenerationDefaults own = ofCheckpoint(index, grid);
        SchedulerChoice scheduler = choice.scheduler().or(own.scheduler);
        int given = scheduler.timesteps().size();
        return new GenerationDefaults(
                own.nativeFormat,
                given > 0 ? given : choice.steps().orElse(own.steps),
                choice.guidanceScale().orElse(own.guidanceScale),
                choice.guidanceScale().isPresent() ? OptionalDouble.empty() : own.guidanceScale2,
                own.negativePrompt,
                scheduler);
    }

    private static GenerationDefaults ofCheckpoint(WanIndex index, FrameGrid grid) throws IOException {
        GenerationDefaults release = ofRelease(index);
        Path file = index.directory().resolve(FILE);
        if (!Files.exists(file)) {
            return release;
        }
        ConfigFile config = ConfigFile.read(file);
        VideoFormat format = release.nativeFormat;
        OptionalDouble secondScale = config.optionalNumber("guidance_scale_2", 1, 100);
        try {
            VideoFormat own = new VideoFormat(
                    config.integer("width", format.width(), VideoFormat.MIN_SIDE, FrameSize.MAX_SIDE),
                    config.integer("height", format.height(), VideoFormat.MIN_SIDE, FrameSize.MAX_SIDE),
                    config.integer("frames", format.frameCount(), 1, VideoFormat.MAX_FRAMES),
                    FrameRate.parse(
                            "frame_rate",
                            String.valueOf(config.number(
                                    "frame_rate", format.frameRate().decimal().doubleValue(), 1, FrameRate.MAX))));
            grid.check(own);
            return new GenerationDefaults(
                    own,
                    config.integer("steps", release.steps, 1, 1000),
                    config.number("guidance_scale", release.guidanceScale, 1, 100),
                    secondScale.isPresent() ? secondScale : release.guidanceScale2,
                    config.text("negative_prompt").orElse(release.negativePrompt),
                    new SchedulerChoice(
                            kind(config),
                            config.optionalNumber("shift", 0.01, 100),
                            config.numbers("timesteps", List.of(), 0, SchedulerChoice.MAX_TIMESTEP)));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<SchedulerChoice.Kind> kind(ConfigFile config) throws CheckpointException {
        Optional<String> name = config.text("scheduler");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name.get()) {
                    case "euler" -> SchedulerChoice.Kind.EULER;
                    case "unipc" -> SchedulerChoice.Kind.UNIPC;
                    default -> throw config.refused("scheduler", "expected euler or unipc");
                });
    }

    /** {@return the number of steps if no other one is possible} */
    OptionalInt fixedSteps() {
        int given = scheduler.timesteps().size();
        return given == 0 ? OptionalInt.empty() : OptionalInt.of(given);
    }

    private static GenerationDefaults ofRelease(WanIndex index) {
        boolean image = index.pipeline() == WanIndex.Pipeline.IMAGE_TO_VIDEO;
        if (index.expandTimesteps()) { // 2.2 TI2V-5B
            return new GenerationDefaults(new VideoFormat(1280, 704, 121, 24), 50, 5, OptionalDouble.empty());
        }
        VideoFormat format = new VideoFormat(832, 480, 81, 16);
        if (index.boundaryRatio().isPresent() && index.pipeline() != WanIndex.Pipeline.VACE) { // 2.2 A14B
            return image
                    ? new GenerationDefaults(format, 40, 3.5, OptionalDouble.of(3.5))
                    : new GenerationDefaults(format, 40, 4, OptionalDouble.of(3));
        }
        return new GenerationDefaults(format, 50, 5, OptionalDouble.empty()); // 2.1, and VACE
    }

    /** What a request gets that leaves it open. */
    ModelDefaults forRequests() {
        return new ModelDefaults(nativeFormat, outputSize(), steps, guidanceScale, negativePrompt);
    }

    /**
     * The native size if it has at least {@value #MIN_OUTPUT_LINES} lines, else its smallest whole multiple that has twice
     * as many: then a copy at half the size still has the lines at which a watermark is read well.
     */
    FrameSize outputSize() {
        int height = nativeFormat.height();
        int factor = height >= MIN_OUTPUT_LINES ? 1 : (2 * MIN_OUTPUT_LINES + height - 1) / height;
        return new FrameSize(nativeFormat.width() * factor, nativeFormat.height() * factor);
    }

    /**
     * The second expert's guidance scale: its own default while the first's is the default, else the first's, as in the
     * reference.
     */
    double secondScale(double firstScale) {
        return firstScale == guidanceScale ? guidanceScale2.orElse(firstScale) : firstScale;
    }
}
