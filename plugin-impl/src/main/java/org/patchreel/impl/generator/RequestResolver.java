package org.patchreel.impl.generator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Sampling;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Shot;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
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
    private final SourceFiles files;
    private final RandomGenerator random;

    RequestResolver(InstalledModels models, SourceFiles files, RandomGenerator random) {
        this.models = models;
        this.files = files;
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
        Shot shot = request.shots().get(0);
        ShotSources sources = ShotSources.find(shot, request.kind(), files);
        checkImages(descriptor.name(), capabilities.imageConditioning(), sources);
        FrameRate nativeRate = defaults.nativeFormat().frameRate();
        FrameTiming timing = new FrameTiming(
                nativeRate,
                request.frameRate().or(sources::frameRate).orElse(nativeRate),
                request.frameInterpolation());
        FrameSize size = request.size().orElseGet(() -> sources.size(defaults.outputSize()));
        VideoFormat.checkSize(size);
        ShotLayout layout = new ShotLayout(sources, request.loop(), timing, capabilities);
        long asked = request.kind() == OutputKind.STILL
                ? 1
                : length(shot, sources, layout, descriptor.name(), capabilities, timing);
        VideoFormat output = new VideoFormat(
                size.width(),
                size.height(),
                Math.toIntExact(layout.made(asked) + layout.continued()),
                timing.delivered());
        Sampling sampling = request.sampling();
        FrameSize generated = GeneratedSize.nearest(size, capabilities);
        ModelTask task = new ModelTask(
                CameraWords.added(shot.prompt(), shot.camera(), descriptor),
                shot.negativePrompt().isEmpty() ? defaults.negativePrompt() : shot.negativePrompt(),
                new VideoFormat(generated.width(), generated.height(), layout.generated(asked), nativeRate),
                new SamplingParameters(
                        sampling.seed().orElseGet(() -> random.nextLong(SEED_BOUND)),
                        sampling.steps().orElse(defaults.steps()),
                        sampling.guidanceScale().orElse(defaults.guidanceScale())),
                List.of(),
                Optional.empty(),
                layout.isTied());
        return new ResolvedRequest(
                model,
                new WorkOrder(
                        id,
                        descriptor.name(),
                        task,
                        new WorkOrder.Output(request.kind(), output, timing.interpolation(), request.fit()),
                        layout.place(asked),
                        request.destination(),
                        sources.sourceType(),
                        new WorkOrder.GivenPrompt(shot.prompt(), List.of())));
    }

    private void checkImages(String name, ImageConditioning takes, ShotSources sources) {
        if (takes == ImageConditioning.REQUIRED && !sources.haveFirstFrame()) {
            throw new IllegalArgumentException("model " + name
                    + " starts from an image, which this request does not have; choose a text-to-video model");
        }
        if (takes == ImageConditioning.NONE && sources.haveKnownFrames()) {
            throw new IllegalArgumentException("model " + name + " takes no picture and continues no clip"
                    + others(ImageConditioning.OPTIONAL, ImageConditioning.REQUIRED));
        }
    }

    /** Names the models that can do what another one cannot. */
    private String others(ImageConditioning... kinds) {
        String names = models.all().stream()
                .map(VideoModel::descriptor)
                .filter(model -> model.capabilities()
                        .filter(can -> List.of(kinds).contains(can.imageConditioning()))
                        .isPresent())
                .map(ModelDescriptor::name)
                .distinct()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "; no installed model can" : "; these can: " + names;
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

    /** How many frames are asked for, besides those of continued clips. */
    private static long length(
            Shot shot,
            ShotSources sources,
            ShotLayout layout,
            String name,
            ModelCapabilities model,
            FrameTiming timing) {
        FrameRate rate = timing.delivered();
        Length length = shot.length()
                .map(asked -> asked.fold(
                        seconds -> inSeconds(seconds.value(), rate), frames -> inFrames(frames.count(), rate)))
                .orElseGet(() -> inFrames(
                        sources.restyled()
                                .map(restyled -> (long) layout.length(restyled.file()))
                                .orElseGet(() -> timing.deliveredFrames(
                                        model.defaults().nativeFormat().frameCount())),
                        rate));
        int longest = VideoFormat.MAX_FRAMES - layout.continued();
        if (longest < 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the clips to continue have %d frames at %s frames per second, a clip has at most %d (%.3f seconds)",
                    layout.continued(),
                    rate,
                    VideoFormat.MAX_FRAMES,
                    rate.seconds(VideoFormat.MAX_FRAMES)));
        }
        long possible = longest(length.frames(), longest, layout);
        if (length.frames() > possible) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s, model %s makes at most %d (%.3f seconds)",
                    length.asked(),
                    name,
                    possible,
                    rate.seconds(possible)));
        }
        return length.frames();
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

    /** The number of frames, or the largest below it, for which the model need not make more frames than a video may have. */
    private static long longest(long frames, int longest, ShotLayout layout) {
        long possible = Math.min(frames, longest);
        while (possible > 1
                && (layout.made(possible) > longest || layout.generated(possible) > VideoFormat.MAX_FRAMES)) {
            possible--;
        }
        return possible;
    }
}
