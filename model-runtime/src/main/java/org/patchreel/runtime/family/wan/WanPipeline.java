package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.denoise.BatchedPass;
import org.patchreel.runtime.denoise.ContextWindows;
import org.patchreel.runtime.denoise.Denoiser;
import org.patchreel.runtime.denoise.ExpertSwitch;
import org.patchreel.runtime.denoise.Guidance;
import org.patchreel.runtime.denoise.GuidanceInterval;
import org.patchreel.runtime.denoise.GuidanceRule;
import org.patchreel.runtime.denoise.LatentNoise;
import org.patchreel.runtime.denoise.Level;
import org.patchreel.runtime.denoise.ProjectedGuidance;
import org.patchreel.runtime.denoise.Start;
import org.patchreel.runtime.denoise.StepCache;
import org.patchreel.runtime.denoise.StepListener;
import org.patchreel.runtime.denoise.TiedEnds;
import org.patchreel.runtime.denoise.TwoPasses;
import org.patchreel.runtime.denoise.VelocityField;
import org.patchreel.runtime.denoise.ZeroStarGuidance;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.GuidanceOptions;
import org.patchreel.runtime.family.KeptWindows;
import org.patchreel.runtime.family.Resident;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.family.wan.text.PromptCleaner;
import org.patchreel.runtime.family.wan.text.TokenIds;
import org.patchreel.runtime.family.wan.vision.ImageEncoder;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.torch.FiniteNumbers;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** From a prompt to frames: encode the prompt, denoise, decode. For one thread at a time. */
final class WanPipeline implements Resident {
    /** As in diffusers. */
    private static final int ZERO_STEPS = 1;

    /** As the authors of APG recommend. Their limit of the norm is left out: it depends on the size of the clip. */
    private static final double PROJECTED_MOMENTUM = -0.5;

    private final WanCheckpoint checkpoint;
    private final Placement placement;
    private final RuntimeOptions options;
    private final FrameGrid grid;
    private final GenerationDefaults defaults;

    /**
     * Creates a pipeline.
     *
     * @param checkpoint closed with the pipeline
     * @param placement of the transformer
     * @param options see {@link RuntimeOptions}
     * @throws IOException if the checkpoint's defaults cannot be read
     */
    WanPipeline(WanCheckpoint checkpoint, Placement placement, RuntimeOptions options) throws IOException {
        this.checkpoint = checkpoint;
        this.placement = placement;
        this.options = options;
        FrameGrid positions = WanFamily.positions(
                checkpoint.transformer().config(), checkpoint.vae().config());
        this.defaults = GenerationDefaults.read(checkpoint.index(), positions, options.sampling());
        this.grid = WanFamily.grid(positions, defaults);
    }

    @Override
    public long bytes() {
        return checkpoint.bytes();
    }

    @Override
    public void close() {
        checkpoint.close();
    }

    @Override
    public void generate(
            ModelTask task, List<AdapterPart> adapters, KeptWindows kept, FrameSink frames, GenerationMonitor monitor)
            throws IOException, GenerationException, GenerationCancelledException {
        checkpoint.adapt(adapters).forEach(monitor::note);
        try (NDManager scope = TorchEngine.newManager(placement.device())) {
            monitor.progress(new GenerationProgress(Stage.ENCODING_PROMPT, 0, 1));
            SamplingParameters sampling = task.sampling();
            Prompts prompts = new Prompts(
                    encode("prompt", task.prompt(), monitor, scope),
                    sampling.guidanceScale() == 1
                            ? Optional.empty()
                            : Optional.of(encode("negative prompt", task.negativePrompt(), monitor, scope)));
            options.denoising()
                    .with(sampling.denoising())
                    .notes(sampling.guidanceScale() != 1)
                    .forEach(monitor::note);
            WindowPlan plan = WindowPlan.of(checkpoint.index(), grid, task);
            WindowConditions conditions = conditions(task, monitor, scope);
            monitor.progress(new GenerationProgress(Stage.ENCODING_PROMPT, 1, 1));

            Shape shape = latents(task.format());
            int windows = plan.runs().size();
            Optional<Restyled> restyled = restyled(task, monitor, scope);
            WindowedRun run = new WindowedRun(
                    plan, task.format(), sampling.steps(), checkpoint.vae(), options.tiling(), frames, monitor);
            run.run(
                    shape,
                    kept,
                    (index, before, progress, window) -> {
                        WindowPlan.Run part = plan.runs().get(index);
                        WindowConditions.OfWindow condition = conditions.of(part, before, window);
                        return sample(
                                window(shape, part.count()),
                                part,
                                task.loop() && windows == 1 ? condition.tied() : condition,
                                restyled.map(clip -> clip.part(part, window)),
                                prompts,
                                sampling,
                                watching(
                                        sampling.steps(),
                                        windows == 1 ? "" : " of window " + (index + 1) + " of " + windows,
                                        progress,
                                        monitor),
                                monitor,
                                window);
                    },
                    scope);
        }
    }

    /**
     * Encoded prompts.
     *
     * @param prompt see {@link Conditioning}
     * @param negativePrompt see {@link Conditioning}
     */
    private record Prompts(NDArray prompt, Optional<NDArray> negativePrompt) {}

    /** A clip that is changed into another, of which each window takes its part. */
    private record Restyled(NDArray latents, double strength) {

        Restyle part(WindowPlan.Run run, NDManager window) {
            NDArray part = latents.get(":, :, " + run.first() + ":" + run.end());
            part.attach(window);
            return new Restyle(part, strength);
        }
    }

    private Optional<Restyled> restyled(ModelTask task, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        if (task.restyle().isEmpty()) {
            return Optional.empty();
        }
        NDArray latents = new ClipEncoder(checkpoint.vae(), grid, options.tiling())
                .encode(task.restyle().get().frames(), task.format(), monitor, scope);
        return Optional.of(new Restyled(latents, task.restyle().get().strength()));
    }

    /** Samples one window: (1, z, F, h, w), normalised, of the shape that is given. */
    private NDArray sample(
            Shape shape,
            WindowPlan.Run part,
            WindowConditions.OfWindow condition,
            Optional<Restyle> restyle,
            Prompts prompts,
            SamplingParameters sampling,
            StepListener listener,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NDArray noise = LatentNoise.draw(sampling.seed(), part.first(), shape, scope);
        ImageCondition image = condition.image();
        if (image instanceof ImageCondition.Tied) {
            noise = TiedEnds.tie(noise);
        }
        if (condition.opening().isPresent() && image instanceof ImageCondition.Known known) {
            noise = NDArrays.concat(
                    new NDList(LatentNoise.draw(sampling.seed(), 0, window(shape, 1), scope), noise), 2);
            image = known.behind(condition.opening().get().latent());
        }
        Optional<Restyle> from = restyle;
        if (image.references().isPresent()) {
            int leading = image.leading();
            NDArray before = LatentNoise.draw(sampling.seed(), -leading, window(shape, leading), scope);
            noise = NDArrays.concat(new NDList(before, noise), 2);
            NDArray references = image.references().get();
            from = restyle.map(clip -> clip.behind(references));
        }
        NDArray latents = denoise(
                noise,
                from,
                new Conditioning(prompts.prompt(), prompts.negativePrompt(), condition.embedding(), image),
                sampling,
                defaults.secondScale(sampling.guidanceScale()),
                listener,
                monitor,
                scope);
        if (condition.opening().isEmpty()) {
            return latents;
        }
        NDArray own = latents.get(":, :, 1:");
        own.attach(scope);
        NDArray tied = condition.opening().get().statistics().impose(own, scope);
        return condition.image().complete(tied); // what is known stays as it is
    }

    private WindowConditions conditions(ModelTask task, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        if (checkpoint.index().pipeline() == WanIndex.Pipeline.VACE) {
            return new GuidedConditions(new GuideEncoder(checkpoint.vae(), grid, options.tiling()), task, monitor);
        }
        return checkpoint.index().expandTimesteps()
                ? rolling(task, monitor, scope)
                : new ChainedConditions(this, given(task), task.format(), grid, monitor);
    }

    private WindowConditions rolling(ModelTask task, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NavigableMap<Integer, GivenFrames.Pixels> given = given(task);
        return new RollingConditions(
                embedding(given, task.format().frameCount(), scope),
                given.isEmpty()
                        ? List.of()
                        : new GivenFrames(checkpoint.vae(), grid, options.tiling())
                                .known(given, task.format().size(), monitor, scope)
                                .known(),
                task.loop() ? OptionalInt.of(grid.latentFrames(task.format().frameCount()) - 1) : OptionalInt.empty());
    }

    /** Shape of the latents of a clip: (1, z, F, h, w). */
    private Shape latents(VideoFormat format) {
        int spatial = checkpoint.vae().config().scaleFactorSpatial();
        return new Shape(
                1,
                checkpoint.vae().config().zDim(),
                grid.latentFrames(format.frameCount()),
                format.height() / spatial,
                format.width() / spatial);
    }

    private NDArray encode(String name, String prompt, GenerationMonitor monitor, NDManager scope)
            throws IOException, GenerationException {
        TokenIds tokens = checkpoint.tokenizer().encode(PromptCleaner.clean(prompt));
        if (tokens.dropped() > 0) {
            monitor.note("the " + name + " is longer than the model reads: the last " + tokens.dropped() + " of its "
                    + (tokens.length() - 1 + tokens.dropped()) + " tokens (parts of words) had no effect");
        }
        NDArray states = checkpoint.textEncoder().encode(tokens, scope);
        FiniteNumbers.require(states, "the text encoder");
        return states;
    }

    private static NavigableMap<Integer, GivenFrames.Pixels> given(ModelTask task) {
        NavigableMap<Integer, GivenFrames.Pixels> given = new TreeMap<>();
        for (KnownFrame known : task.known()) {
            given.put(known.index(), step -> pixels(known.frame(), step));
        }
        return given;
    }

    /**
     * What an image encoder makes of the frame that a clip starts from, and of the one that it ends with if the model was
     * trained with both.
     *
     * @param frames by their index in the clip
     * @param frameCount of the clip
     * @return (1, N, width), or (2, N, width) for both; empty if the model has no image encoder
     * @throws GenerationException with {@link Reason#UNSUPPORTED} if a frame is missing that the model needs
     */
    Optional<NDArray> embedding(NavigableMap<Integer, GivenFrames.Pixels> frames, int frameCount, NDManager scope)
            throws GenerationException {
        if (checkpoint.imageEncoder().isEmpty()) {
            return Optional.empty();
        }
        ImageEncoder encoder = checkpoint.imageEncoder().get();
        boolean both = checkpoint.transformer().config().posEmbedSeqLen().isPresent();
        NDList states = new NDList();
        for (int index : both ? List.of(0, frameCount - 1) : List.of(0)) {
            GivenFrames.Pixels pixels = frames.get(index);
            if (pixels == null) {
                throw new GenerationException(
                        Reason.UNSUPPORTED,
                        "the model needs the first frame" + (both ? " and the last one" : "") + ": frame " + index
                                + " is not given");
            }
            try (NDManager work = scope.newSubManager()) {
                NDArray picture = pixels.load(work).add(1).mul(127.5).squeeze(2);
                states.add(encoder.encode(picture, scope));
            }
        }
        return Optional.of(NDArrays.concat(states));
    }

    /** (1, 3, 1, H, W) in [-1, 1]. */
    static NDArray pixels(VideoFrame frame, NDManager scope) {
        return scope.create(frame.rgb(), new Shape(frame.height(), frame.width(), 3), DataType.UINT8)
                .toType(DataType.FLOAT32, true)
                .div(127.5)
                .sub(1)
                .transpose(2, 0, 1)
                .reshape(1, 3, 1, frame.height(), frame.width());
    }

    /**
     * Frames as condition, as the model was trained with them.
     *
     * @param frames by their index in the clip
     * @param size of the frames
     * @param frameCount of the clip
     */
    ImageCondition condition(
            NavigableMap<Integer, GivenFrames.Pixels> frames,
            FrameSize size,
            int frameCount,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        GivenFrames given = new GivenFrames(checkpoint.vae(), grid, options.tiling());
        return checkpoint.index().expandTimesteps()
                ? given.known(frames, size, monitor, scope)
                : given.channels(frames, size, frameCount, monitor, scope);
    }

    /**
     * Denoises.
     *
     * @param noise (1, z, F, h, w)
     * @param restyle what the clip starts from, if that is not noise alone
     * @param conditioning what to denoise towards
     * @param sampling steps, and guidance of the first expert; the seed is not used
     * @param secondScale guidance of the second expert
     * @param listener called after each step
     * @param monitor asked before each layer whether to stop
     * @param scope will own the result
     * @return (1, z, F, h, w), normalised
     */
    NDArray denoise(
            NDArray noise,
            Optional<Restyle> restyle,
            Conditioning conditioning,
            SamplingParameters sampling,
            double secondScale,
            StepListener listener,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        try (NDManager run = scope.newSubManager();
                Scheduler scheduler = checkpoint.scheduler().create(sampling.steps(), run)) {
            Start start = restyle.map(from -> Start.from(from.latents(), noise, from.strength(), scheduler))
                    .orElseGet(() -> Start.fromNoise(noise));
            int leading = conditioning.image().leading();
            Optional<WindowPlan> blended =
                    blended(Math.toIntExact(noise.getShape().get(2)) - leading);
            NDArray positions = checkpoint
                    .transformer()
                    .positions(
                            blended.map(plan -> window(noise.getShape(), leading + plan.length()))
                                    .orElse(noise.getShape()),
                            0,
                            run);
            DenoisingOptions denoising = options.denoising().with(sampling.denoising());
            Caching caching = new Caching(denoising.stepCaching(), sampling.steps(), start.step(), run);
            Guiding guiding = new Guiding(denoising.guidance(), conditioning, positions, caching, monitor);
            Supplier<VelocityField> first = guided(checkpoint.transformer(), sampling.guidanceScale(), guiding, run);
            Supplier<VelocityField> experts = checkpoint
                    .secondTransformer()
                    .map(second -> switched(first, guided(second, secondScale, guiding, run)))
                    .orElse(first);
            Map<Integer, VelocityField> ofWindows = new HashMap<>();
            VelocityField windows = blended.<VelocityField>map(plan -> new ContextWindows(
                            frame -> ofWindows.computeIfAbsent(frame, none -> experts.get()),
                            plan.length(),
                            plan.overlap(),
                            leading))
                    .orElseGet(experts);
            NDArray latents =
                    Denoiser.run(start, scheduler, conditioning.image().around(windows), listener, run);
            NDArray result = conditioning.image().complete(latents);
            result.attach(scope);
            return result;
        }
    }

    /** How latents are denoised that are longer than what the network sees at once, if that is so. */
    private Optional<WindowPlan> blended(int latentFrames) {
        WindowPlan plan = WindowPlan.of(checkpoint.index(), grid, grid.frames(latentFrames), false);
        return plan.method() == Method.BLENDED ? Optional.of(plan) : Optional.empty();
    }

    private static Shape window(Shape latents, int frames) {
        return new Shape(latents.get(0), latents.get(1), frames, latents.get(3), latents.get(4));
    }

    private Supplier<VelocityField> switched(Supplier<VelocityField> highNoise, Supplier<VelocityField> lowNoise) {
        return () -> new ExpertSwitch(checkpoint.boundary(), highNoise.get(), lowNoise.get());
    }

    /**
     * Reuse of predictions in a run.
     *
     * @param level how much
     * @param steps of the schedule
     * @param start the step that is done first
     * @param run owns what is kept
     */
    private record Caching(StepCaching level, int steps, int start, NDManager run) {

        VelocityField around(VelocityField predictions) {
            if (level == StepCaching.OFF) {
                return predictions;
            }
            int first = start + level.computedFirst(steps - start);
            return new StepCache(predictions, level.threshold(), first, steps - 1, run);
        }
    }

    /** How a run is guided, whichever network does it. */
    private record Guiding(
            GuidanceOptions options,
            Conditioning conditioning,
            NDArray positions,
            Caching caching,
            GenerationMonitor monitor) {}

    /** Embeds the prompts, once; each field that is supplied has a cache of its own. */
    private Supplier<VelocityField> guided(Transformer transformer, double scale, Guiding guiding, NDManager scope) {
        Conditioning conditioning = guiding.conditioning();
        NDArray positions = guiding.positions();
        Caching caching = guiding.caching();
        GenerationMonitor monitor = guiding.monitor();
        GuidanceOptions guidance = guiding.options();
        Transformer.Context prompt = transformer.context(conditioning.prompt(), conditioning.imageEmbedding(), scope);
        VelocityField prompted = new TransformerField(transformer, prompt, positions, monitor);
        if (scale == 1 || conditioning.negativePrompt().isEmpty()) {
            return () -> caching.around(prompted);
        }
        Transformer.Context negative =
                transformer.context(conditioning.negativePrompt().get(), conditioning.imageEmbedding(), scope);
        VelocityField predictions = options.batchedGuidance()
                ? new BatchedPass(new TransformerField(transformer, prompt.batchedWith(negative), positions, monitor))
                : new TwoPasses(prompted, new TransformerField(transformer, negative, positions, monitor));
        return () -> {
            VelocityField guided =
                    new Guidance(caching.around(predictions), scale, rule(guidance.mode(), caching.run()));
            return guidance.isPartial()
                    ? new GuidanceInterval(
                            guided,
                            caching.around(prompted),
                            guidance.firstStep(caching.steps()),
                            guidance.endStep(caching.steps()))
                    : guided;
        };
    }

    /** Of one network and one window, in a run that owns what the rule keeps. */
    private static GuidanceRule rule(GuidanceMode mode, NDManager run) {
        return switch (mode) {
            case CFG -> GuidanceRule.PLAIN;
            case CFG_ZERO_STAR -> new ZeroStarGuidance(ZERO_STEPS);
            case APG -> new ProjectedGuidance(0, PROJECTED_MOMENTUM, 0, run);
        };
    }

    /** Checks that each step's result is finite, reports progress, and checks for cancellation. */
    private StepListener watching(
            int steps, String ofWindow, WindowedRun.StepProgress progress, GenerationMonitor monitor) {
        return (level, latents) -> {
            FiniteNumbers.require(
                    latents,
                    expert(level) + " in step " + (level.step() + 1) + " of " + steps + ofWindow,
                    "the guidance scale too high");
            progress.done(level.step() + 1);
            monitor.checkCancelled();
        };
    }

    private String expert(Level level) {
        if (checkpoint.secondTransformer().isEmpty()) {
            return "the transformer";
        }
        return "the transformer for " + (level.timestep() >= checkpoint.boundary() ? "high" : "low") + " noise levels";
    }
}
