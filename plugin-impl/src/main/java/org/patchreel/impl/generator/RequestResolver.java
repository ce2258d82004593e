package org.patchreel.impl.generator;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
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
        FrameRate nativeRate = descriptor.nativeFormat().frameRate();
        FrameTiming timing =
                new FrameTiming(nativeRate, request.frameRate().orElse(nativeRate), request.frameInterpolation());
        VideoFormat output = output(request, descriptor, timing);
        SamplingParameters sampling = new SamplingParameters(
                request.seed().orElseGet(() -> random.nextLong(SEED_BOUND)),
                request.steps().orElse(descriptor.defaultSteps()),
                request.guidanceScale().orElse(descriptor.defaultGuidanceScale()));
        String negativePrompt =
                request.negativePrompt().isEmpty() ? descriptor.defaultNegativePrompt() : request.negativePrompt();
        FrameSize generated = GeneratedSize.nearest(output.size(), descriptor);
        VideoFormat generatedFormat = new VideoFormat(
                generated.width(), generated.height(), generatedFrames(output, descriptor, timing), nativeRate);
        ModelTask task = new ModelTask(request.prompt(), negativePrompt, generatedFormat, sampling, Optional.empty());
        return new GenerationPlan(model, descriptor, task, output, timing, request.destination());
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

    private static VideoFormat output(GenerationRequest request, ModelDescriptor model, FrameTiming timing) {
        FrameSize size = request.size().orElse(model.defaultOutputSize());
        VideoFormat.checkSize(size);
        FrameRate rate = timing.delivered();
        long frames;
        String asked;
        if (request.seconds().isPresent()) {
            double seconds = request.seconds().getAsDouble();
            frames = rate.frames(seconds);
            if (frames < 1) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "seconds: %s at %s frames per second are less than one frame, at least %.3f are needed",
                        seconds,
                        rate,
                        rate.seconds(1)));
            }
            asked = "seconds: " + seconds + " at " + rate + " frames per second are " + frames + " frames";
        } else {
            frames = request.frames().isPresent()
                    ? request.frames().getAsInt()
                    : timing.deliveredFrames(model.nativeFormat().frameCount());
            asked = "frames: " + frames + " at " + rate + " frames per second";
        }
        long longest = longest(model, timing);
        if (frames > longest) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s, model %s makes at most %d (%.3f seconds)",
                    asked,
                    model.name(),
                    longest,
                    rate.seconds(longest)));
        }
        return new VideoFormat(size.width(), size.height(), (int) frames, rate);
    }

    /** The longest clip, in its own frames, for which the model need not make more frames than it can. */
    private static long longest(ModelDescriptor model, FrameTiming timing) {
        int most = Math.min(model.maxFrames(), VideoFormat.MAX_FRAMES);
        long frames = Math.min(VideoFormat.MAX_FRAMES, timing.deliveredFrames(most));
        while (frames > 1 && fitting(timing.generatedFrames(frames), model) > most) {
            frames--;
        }
        return frames;
    }

    private static int generatedFrames(VideoFormat output, ModelDescriptor model, FrameTiming timing) {
        return (int) fitting(timing.generatedFrames(output.frameCount()), model);
    }

    /** The least number of frames that the model can make and that is not below another. */
    private static long fitting(long frames, ModelDescriptor model) {
        int stride = model.temporalStride();
        return (frames + stride - 2) / stride * stride + 1;
    }
}
