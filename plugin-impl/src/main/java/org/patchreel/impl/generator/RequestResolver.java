package org.patchreel.impl.generator;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.ImageConditioning;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * Makes the choices that a request leaves open, from the model's description, and refuses what the model cannot do.
 */
final class RequestResolver {

    /** Random seeds are below it, so that every reader of JSON reads them back exactly. */
    private static final long SEED_BOUND = 1L << 53;

    private final InstalledModels models;
    private final RandomGenerator random;

    RequestResolver(InstalledModels models, RandomGenerator random) {
        this.models = models;
        this.random = random;
    }

    /**
     * Completes a request.
     *
     * @throws IllegalArgumentException if the model cannot do what is asked; the message names the value and what would
     *     be accepted
     * @throws GenerationException with {@link Reason#NO_MODEL} if no model is installed, or the one that is asked for, or
     *     is the default, cannot be used: no other one takes its place
     */
    GenerationPlan resolve(GenerationRequest request) throws GenerationException {
        VideoModel model = chooseModel(request.model());
        ModelDescriptor descriptor = model.descriptor();
        ModelHealth health = model.health();
        if (health.status() == ModelHealth.Status.UNAVAILABLE) {
            throw new GenerationException(
                    Reason.NO_MODEL,
                    "model " + descriptor.name() + ": " + health.lastError().orElse("it cannot be used now"));
        }
        if (descriptor.imageConditioning() == ImageConditioning.REQUIRED) {
            throw new IllegalArgumentException("model " + descriptor.name()
                    + " starts from an image, which a text request does not have; choose a text-to-video model");
        }
        VideoFormat output = format(request, descriptor);
        SamplingParameters sampling = new SamplingParameters(
                request.seed().orElseGet(() -> random.nextLong(SEED_BOUND)),
                request.steps().orElse(descriptor.defaultSteps()),
                request.guidanceScale().orElse(descriptor.defaultGuidanceScale()));
        String negativePrompt =
                request.negativePrompt().isEmpty() ? descriptor.defaultNegativePrompt() : request.negativePrompt();
        FrameSize generated = GeneratedSize.nearest(output.size(), descriptor);
        ModelTask task =
                new ModelTask(request.prompt(), negativePrompt, output.withSize(generated), sampling, Optional.empty());
        return new GenerationPlan(model, descriptor, task, output, request.destination());
    }

    private VideoModel chooseModel(Optional<String> name) throws GenerationException {
        VideoModel standard = models.all().stream()
                .findFirst()
                .orElseThrow(() -> new GenerationException(Reason.NO_MODEL, "no model is installed"));
        if (name.isEmpty()) {
            return standard;
        }
        return models.find(name.get())
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown model: " + name.get() + ", installed: " + models.names()));
    }

    private static VideoFormat format(GenerationRequest request, ModelDescriptor model) {
        FrameSize size = request.size().orElse(model.defaultOutputSize());
        VideoFormat.checkMultiple("width", size.width(), model.stride());
        VideoFormat.checkMultiple("height", size.height(), model.stride());
        int frameRate = request.frameRate().orElse(model.nativeFormat().frameRate());
        int frameCount = request.seconds().isEmpty()
                ? model.nativeFormat().frameCount()
                : frameCount(request.seconds().getAsDouble(), frameRate, model);
        return new VideoFormat(size.width(), size.height(), frameCount, frameRate);
    }

    /** The nearest 4n+1: a causal VAE makes one frame of the first latent frame and four of each further one. */
    private static int frameCount(double seconds, int frameRate, ModelDescriptor model) {
        double frames = seconds * frameRate;
        if (frames < 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "seconds: %s at %d frames per second are less than one frame, at least %.3f are needed",
                    seconds,
                    frameRate,
                    1.0 / frameRate));
        }
        long frameCount = 4 * Math.round((frames - 1) / 4) + 1;
        int most = Math.min(model.maxFrames(), VideoFormat.MAX_FRAMES);
        if (frameCount > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "seconds: %s at %d frames per second are %d frames, model %s makes at most %d (%.3f seconds)",
                    seconds,
                    frameRate,
                    frameCount,
                    model.name(),
                    most,
                    (double) most / frameRate));
        }
        return (int) frameCount;
    }
}
