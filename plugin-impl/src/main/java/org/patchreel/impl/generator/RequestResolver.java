package org.patchreel.impl.generator;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
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
     * @param id of the job and its asset
     * @param request what is asked for
     * @return what to make, and the model that makes it here
     * @throws IllegalArgumentException if the model cannot do what is asked; the message names the value and what would
     *     be accepted
     * @throws GenerationException with {@link Reason#NO_MODEL} if no model is installed, or the one that is asked for, or
     *     is the default, cannot be used: no other one takes its place
     */
    ResolvedRequest resolve(String id, GenerationRequest request) throws GenerationException {
        VideoModel model = chooseModel(request.model());
        ModelDescriptor descriptor = model.descriptor();
        ModelHealth health = model.health();
        if (health.status() == ModelHealth.Status.UNAVAILABLE) {
            throw new GenerationException(
                    Reason.NO_MODEL,
                    "model " + descriptor.name() + ": " + health.lastError().orElse("it cannot be used now"));
        }
        ModelCapabilities capabilities = descriptor
                .capabilities()
                .orElseThrow(() -> new GenerationException(
                        Reason.NO_MODEL, "model " + descriptor.name() + " cannot be read: " + descriptor.source()));
        ModelDefaults defaults = capabilities.defaults();
        if (capabilities.imageConditioning() == ImageConditioning.REQUIRED) {
            throw new IllegalArgumentException("model " + descriptor.name()
                    + " starts from an image, which a text request does not have; choose a text-to-video model");
        }
        FrameRate nativeRate = defaults.nativeFormat().frameRate();
        FrameTiming timing =
                new FrameTiming(nativeRate, request.frameRate().orElse(nativeRate), request.frameInterpolation());
        VideoFormat output = output(request, descriptor.name(), capabilities, timing);
        SamplingParameters sampling = new SamplingParameters(
                request.seed().orElseGet(() -> random.nextLong(SEED_BOUND)),
                request.steps().orElse(defaults.steps()),
                request.guidanceScale().orElse(defaults.guidanceScale()));
        String negativePrompt =
                request.negativePrompt().isEmpty() ? defaults.negativePrompt() : request.negativePrompt();
        FrameSize generated = GeneratedSize.nearest(output.size(), capabilities);
        int frames = capabilities.grid().atLeast((int) timing.generatedFrames(output.frameCount()));
        VideoFormat generatedFormat = new VideoFormat(generated.width(), generated.height(), frames, nativeRate);
        ModelTask task = new ModelTask(request.prompt(), negativePrompt, generatedFormat, sampling, Optional.empty());
        return new ResolvedRequest(
                model,
                new WorkOrder(
                        id,
                        descriptor.name(),
                        task,
                        new WorkOrder.Output(output, timing.interpolation()),
                        request.destination(),
                        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
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

    private static VideoFormat output(
            GenerationRequest request, String name, ModelCapabilities model, FrameTiming timing) {
        FrameSize size = request.size().orElse(model.defaults().outputSize());
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
                    : timing.deliveredFrames(model.defaults().nativeFormat().frameCount());
            asked = "frames: " + frames + " at " + rate + " frames per second";
        }
        long longest = longest(model.grid(), timing);
        if (frames > longest) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s, model %s makes at most %d (%.3f seconds)",
                    asked,
                    name,
                    longest,
                    rate.seconds(longest)));
        }
        return new VideoFormat(size.width(), size.height(), (int) frames, rate);
    }

    /** The longest clip, in its own frames, for which the model need not make more frames than it can. */
    private static long longest(FrameGrid grid, FrameTiming timing) {
        int max = Math.min(grid.windowFrames(), VideoFormat.MAX_FRAMES);
        long frames = Math.min(VideoFormat.MAX_FRAMES, timing.deliveredFrames(max));
        while (frames > 1 && grid.atLeast((int) timing.generatedFrames(frames)) > max) {
            frames--;
        }
        return frames;
    }
}
