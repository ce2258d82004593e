package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.patchreel.api.Adapter;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Sampling;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Shot;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.generator.WorkShot.Opening;
import org.patchreel.impl.generator.WorkSource.Guide.Role;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.Ability;
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

    /** How long a dissolve takes, if both shots are long enough. */
    private static final double DISSOLVE_SECONDS = 0.5;

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
        checkAdapters(descriptor.name(), capabilities, request.adapters());
        ModelDefaults defaults = capabilities.defaults();
        List<Shot> shots = request.shots();
        List<ShotSources> sources = new ArrayList<>();
        for (int i = 0; i < shots.size(); i++) {
            Shot shot = shots.get(i);
            boolean continues = i > 0 && shots.get(i - 1).next() == Transition.CONTINUE;
            sources.add(ofShot(i, shots, () -> {
                ShotSources found = ShotSources.find(shot, request.kind(), files);
                checkImages(descriptor.name(), capabilities.imageConditioning(), found, continues);
                checkAbilities(descriptor.name(), capabilities, found);
                return found;
            }));
        }
        FrameRate nativeRate = defaults.nativeFormat().frameRate();
        FrameTiming timing = new FrameTiming(
                nativeRate,
                request.frameRate().or(sources.get(0)::frameRate).orElse(nativeRate),
                request.frameInterpolation());
        FrameSize size = request.size().orElseGet(() -> size(sources, defaults.outputSize()));
        VideoFormat.checkSize(size);
        Choices choices = new Choices(
                request,
                descriptor,
                capabilities,
                timing,
                size,
                GeneratedSize.nearest(size, capabilities),
                request.sampling().seed().orElseGet(() -> random.nextLong(SEED_BOUND)));
        List<WorkShot> made = new ArrayList<>();
        ShotLayout.Lead lead = ShotLayout.Lead.NONE;
        for (int i = 0; i < shots.size(); i++) {
            int index = i;
            ShotLayout.Lead before =
                    i > 0 && shots.get(i - 1).next() == Transition.CONTINUE ? lead : ShotLayout.Lead.NONE;
            made.add(ofShot(i, shots, () -> shot(index, sources.get(index), before, made, choices)));
            WorkShot last = made.get(i);
            lead = new ShotLayout.Lead(before.delivered() + last.frames(), last.skipped() + (long) last.used());
        }
        VideoFormat output =
                new VideoFormat(size.width(), size.height(), length(made, sources.get(0), choices), timing.delivered());
        return new ResolvedRequest(
                model,
                new WorkOrder(
                        id,
                        descriptor.name(),
                        made,
                        new WorkOrder.Output(
                                request.kind(),
                                output,
                                timing.interpolation(),
                                request.fit(),
                                outpaints(request.fit(), capabilities)),
                        request.destination(),
                        ShotSources.sourceType(sources),
                        Optional.empty(),
                        request.rights()));
    }

    /** What is the same for all shots. */
    private record Choices(
            GenerationRequest request,
            ModelDescriptor model,
            ModelCapabilities capabilities,
            FrameTiming timing,
            FrameSize size,
            FrameSize generated,
            long seed) {}

    private static WorkShot shot(
            int index, ShotSources sources, ShotLayout.Lead lead, List<WorkShot> before, Choices choices) {
        GenerationRequest request = choices.request();
        Shot shot = request.shots().get(index);
        ModelDefaults defaults = choices.capabilities().defaults();
        FrameTiming timing = choices.timing();
        checkInpainted(sources, choices.size(), request.fit());
        ShotLayout layout = new ShotLayout(sources, lead, request.loop(), timing, choices.capabilities());
        long asked = request.kind() == OutputKind.STILL
                ? 1
                : length(shot, layout, choices.model().name(), choices.capabilities(), timing);
        int frames = Math.toIntExact(layout.made(asked));
        int generated = layout.generated(asked);
        boolean single = request.shots().size() == 1;
        Sampling sampling = request.sampling();
        ModelTask task = new ModelTask(
                CameraWords.added(shot.prompt(), shot.camera(), choices.model()),
                shot.negativePrompt().isEmpty() ? defaults.negativePrompt() : shot.negativePrompt(),
                new VideoFormat(
                        choices.generated().width(), choices.generated().height(), generated, timing.generated()),
                new SamplingParameters(
                        ShotSeed.of(choices.seed(), index),
                        sampling.steps().orElse(defaults.steps()),
                        sampling.guidanceScale().orElse(defaults.guidanceScale()),
                        sampling.denoising()),
                List.of(),
                Optional.empty(),
                layout.isTied(),
                Guides.NONE,
                request.adapters());
        Opening opening = Opening.CUT;
        if (layout.knownOfLead() > 0) {
            opening = new Opening(Transition.CONTINUE, layout.knownOfLead());
        } else if (index > 0 && request.shots().get(index - 1).next() == Transition.DISSOLVE) {
            opening = new Opening(
                    Transition.DISSOLVE, dissolved(before.get(index - 1).frames(), frames, timing.delivered()));
        }
        WorkShot placed = new WorkShot(
                task, layout.place(asked), new WorkShot.GivenPrompt(shot.prompt(), List.of()), opening, 0, frames);
        // what the model makes at the end to reach its grid is cut off where the clip ends, but not before another shot
        return placed.using(single ? generated - placed.skipped() : layout.used(frames));
    }

    /** How many frames two shots have in common: each has as many left that are its own. */
    private static int dissolved(int before, int after, FrameRate rate) {
        int common = (int) Math.min(rate.frames(DISSOLVE_SECONDS), Math.min(before, after) / 2);
        if (common < 1) {
            throw new IllegalArgumentException(
                    "a dissolve needs shots of 2 frames or more, these have " + before + " and " + after);
        }
        return common;
    }

    /** The number of frames of the clip. */
    private static int length(List<WorkShot> shots, ShotSources first, Choices choices) {
        FrameTiming timing = choices.timing();
        ShotLayout layout =
                new ShotLayout(first, ShotLayout.Lead.NONE, choices.request().loop(), timing, choices.capabilities());
        long frames = layout.continued()
                + shots.stream()
                        .mapToLong(shot -> shot.frames() - shot.dissolved())
                        .sum();
        long generated = shots.stream()
                .mapToLong(shot -> shot.task().format().frameCount())
                .sum();
        if (shots.size() > 1 && Math.max(frames, generated) > VideoFormat.MAX_FRAMES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the shots have %d frames together (%.3f seconds), of which the model makes %d; a clip has at most %d",
                    frames,
                    timing.delivered().seconds(frames),
                    generated,
                    VideoFormat.MAX_FRAMES));
        }
        return Math.toIntExact(frames);
    }

    /** The size of the result if the request names none: that of the first shot that has a picture or clip. */
    private static FrameSize size(List<ShotSources> shots, FrameSize standard) {
        return shots.stream()
                .filter(sources -> !sources.isEmpty())
                .findFirst()
                .map(sources -> sources.size(standard))
                .orElse(standard);
    }

    /** Something that is done for one shot. */
    private interface Step<T> {
        T run() throws GenerationException;
    }

    /** Names the shot in the message of a refusal, if there are several. */
    private static <T> T ofShot(int index, List<Shot> shots, Step<T> step) throws GenerationException {
        try {
            return step.run();
        } catch (IllegalArgumentException e) {
            throw shots.size() == 1
                    ? e
                    : new IllegalArgumentException("shot " + (index + 1) + ": " + e.getMessage(), e);
        }
    }

    private void checkImages(String name, ImageConditioning takes, ShotSources sources, boolean continues) {
        if (takes == ImageConditioning.REQUIRED && !sources.haveFirstFrame() && !continues) {
            throw new IllegalArgumentException("model " + name
                    + " starts from an image, which this request does not have; choose a text-to-video model");
        }
        if (takes == ImageConditioning.NONE && (sources.haveKnownFrames() || continues)) {
            throw new IllegalArgumentException("model " + name + " takes no picture and continues no clip"
                    + others(ImageConditioning.OPTIONAL, ImageConditioning.REQUIRED));
        }
    }

    private void checkAbilities(String name, ModelCapabilities model, ShotSources sources) {
        for (ShotSources.Guide guide : sources.guides()) {
            Ability needed = switch (guide.role()) {
                case REFERENCE -> Ability.REFERENCES;
                case CONTROL -> Ability.CONTROL;
                case INPAINTED, MASK -> Ability.INPAINTING;
            };
            if (!model.abilities().contains(needed)) {
                String refused = switch (needed) {
                    case REFERENCES -> "shows no given characters or things";
                    case CONTROL -> "follows no control clip";
                    case INPAINTING -> "makes no parts of a clip anew";
                };
                throw new IllegalArgumentException("model " + name + " " + refused
                        + others(can -> can.abilities().contains(needed)));
            }
        }
    }

    private void checkAdapters(String name, ModelCapabilities model, List<Adapter> adapters) {
        for (Adapter adapter : adapters) {
            if (!model.adapters().contains(adapter.name())) {
                throw new IllegalArgumentException("model " + name + " has no adapter " + adapter.name()
                        + (model.adapters().isEmpty()
                                ? ", and no other one"
                                : "; it has " + String.join(", ", model.adapters()))
                        + others(can -> can.adapters().contains(adapter.name())));
            }
        }
    }

    /** Something of a clip has to be made anew. */
    private static void checkInpainted(ShotSources sources, FrameSize size, Fit fit) {
        Optional<SourceFile> clip = sources.guide(Role.INPAINTED);
        if (clip.isPresent() && sources.guide(Role.MASK).isEmpty()) {
            FrameSize shape = clip.get().info().size();
            if (fit != Fit.CONTAIN || !new Borders(shape, size).any()) {
                throw new IllegalArgumentException("nothing of " + clip.get().name() + ", " + shape
                        + " pixels, is left empty in " + size
                        + ": give a mask, or a size of another shape with fit contain");
            }
        }
    }

    private static boolean outpaints(Fit fit, ModelCapabilities model) {
        return fit == Fit.CONTAIN && model.abilities().contains(Ability.INPAINTING);
    }

    private String others(ImageConditioning... kinds) {
        return others(can -> List.of(kinds).contains(can.imageConditioning()));
    }

    /** Names the models that can do what another one cannot. */
    private String others(Predicate<ModelCapabilities> able) {
        String names = models.all().stream()
                .map(VideoModel::descriptor)
                .filter(model -> model.capabilities().filter(able).isPresent())
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
    private static long length(Shot shot, ShotLayout layout, String name, ModelCapabilities model, FrameTiming timing) {
        FrameRate rate = timing.delivered();
        Length length = shot.length()
                .map(asked -> asked.fold(
                        seconds -> inSeconds(seconds.value(), rate), frames -> inFrames(frames.count(), rate)))
                .orElseGet(() -> inFrames(
                        layout.frames()
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
