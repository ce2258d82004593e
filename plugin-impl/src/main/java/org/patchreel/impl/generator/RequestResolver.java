package org.patchreel.impl.generator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Sampling;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Shot;
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
        Shot shot = request.shots().get(0);
        VideoFormat output = output(request, shot, descriptor.name(), capabilities, timing);
        Sampling asked = request.sampling();
        SamplingParameters sampling = new SamplingParameters(
                asked.seed().orElseGet(() -> random.nextLong(SEED_BOUND)),
                asked.steps().orElse(defaults.steps()),
                asked.guidanceScale().orElse(defaults.guidanceScale()));
        String negativePrompt = shot.negativePrompt().isEmpty() ? defaults.negativePrompt() : shot.negativePrompt();
        FrameSize generated = GeneratedSize.nearest(output.size(), capabilities);
        int frames = capabilities.grid().atLeast((int) timing.generatedFrames(output.frameCount()));
        VideoFormat generatedFormat = new VideoFormat(generated.width(), generated.height(), frames, nativeRate);
        ModelTask task = new ModelTask(shot.prompt(), negativePrompt, generatedFormat, sampling, List.of());
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
            GenerationRequest request, Shot shot, String name, ModelCapabilities model, FrameTiming timing) {
        FrameSize size = request.size().orElse(model.defaults().outputSize());
        VideoFormat.checkSize(size);
        FrameRate rate = timing.delivered();
        Length length = shot.length()
                .map(asked -> asked.fold(
                        seconds -> inSeconds(seconds.value(), rate), frames -> inFrames(frames.count(), rate)))
                .orElseGet(() -> inFrames(
                        timing.deliveredFrames(model.defaults().nativeFormat().frameCount()), rate));
        long longest = longest(model.grid(), timing);
        if (length.frames() > longest) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s, model %s makes at most %d (%.3f seconds)",
                    length.asked(),
                    name,
                    longest,
                    rate.seconds(longest)));
        }
        return new VideoFormat(size.width(), size.height(), (int) length.frames(), rate);
    }

    /** How many frames a clip has, and how that was asked for. */
    private record Length(long frames, String asked) {}

    private static Length inFrames(long frames, FrameRate rate) {
        return new Length(frames, "frames: " + frames + " at " + rate + " frames per second");
    }

    private static Length inSeconds(double seconds, FrameRate rate) {
        long frames = rate.frames(seconds);
        if (frames < 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "seconds: %s at %s frames per second are less than one frame, at least %.3f are needed",
                    seconds,
                    rate,
                    rate.seconds(1)));
        }
        return new Length(
                frames, "seconds: " + seconds + " at " + rate + " frames per second are " + frames + " frames");
    }

    /** The longest clip, in its own frames, for which the model need not make more frames than a video may have. */
    private static long longest(FrameGrid grid, FrameTiming timing) {
        long frames = Math.min(VideoFormat.MAX_FRAMES, timing.deliveredFrames(VideoFormat.MAX_FRAMES));
        while (frames > 1 && grid.atLeast((int) timing.generatedFrames(frames)) > VideoFormat.MAX_FRAMES) {
            frames--;
        }
        return frames;
    }
}
