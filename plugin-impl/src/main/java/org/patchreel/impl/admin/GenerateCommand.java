package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetReference;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Destination;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.generator.JobWaiter;
import org.patchreel.spi.AssetStore;

/** {@code patchreel:generate}: makes a clip, shows progress on the standard error and prints where the clip is. */
@Component(
        service = GenerateCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=generate"})
public final class GenerateCommand {

    private static final String USAGE = """
            generate "PROMPT" [options]        makes a clip from a prompt

              --model NAME       the model; see models (default: the one of the highest rank)
              --size WxH         size of the clip in pixels, both even, for example 1920x1080: the model makes frames of
                                 a size of its own in this shape, which are scaled
              --seconds S        length of the clip; or
              --frames N         its length in frames
              --fps N            frames per second, 1 to 120, also 23.976, 29.97, 59.94 or 30000/1001: the motion keeps
                                 its speed
              --interpolation W  what stands between the model's frames where the clip has more of them: repeat (the
                                 default), or blend, which mixes the neighbours
              --seed N           the same seed gives the same clip again
              --steps N          denoising steps, 1 to 1000: more are slower and finer
              --guidance X       how strongly the prompt pulls, 1 to 100
              --negative "TEXT"  what the clip should not show
              --title "TEXT"     what people call the clip; stands in its manifest
              --folder PATH      where the host's asset store shall keep it
              --out FILE         copies the clip to FILE; a file of that name is replaced
              --dry-run          makes nothing and prints what would be made, and how
              --json             prints the result as one JSON object
              --quiet            shows no progress
              --                 ends the options, for a prompt that begins with --

            example: generate "a red ball rolls past a tree" --seed 7 --out ball.mp4""";

    private static final Syntax SYNTAX = new Syntax(
            Set.of(
                    "--negative",
                    "--seed",
                    "--steps",
                    "--guidance",
                    "--size",
                    "--seconds",
                    "--frames",
                    "--fps",
                    "--interpolation",
                    "--model",
                    "--folder",
                    "--title",
                    "--out"),
            Set.of("--dry-run", "--json", "--quiet", "--help"));

    private final VideoGenerator generator;
    private final AssetStore store;

    /**
     * Creates the command.
     *
     * @param generator makes the clips
     * @param store knows how they were made
     */
    @Activate
    public GenerateCommand(
            @Reference VideoGenerator generator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store) {
        this.generator = generator;
        this.store = store;
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments the prompt and options
     * @throws Exception if the caller made a mistake, or the clip cannot be made or copied; if the thread is interrupted,
     *     the job is cancelled
     */
    @Descriptor("makes a clip from a prompt: generate \"a red ball rolls past a tree\" --seed 7 --out ball.mp4")
    public void generate(CommandSession session, @Descriptor("\"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    void run(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        GenerationRequest request = request(given);
        Optional<ClipCopy> copy = given.text("--out").map(name -> copy(directory, name));
        if (given.has("--dry-run")) {
            PlanView plan = new PlanView(generator.plan(request));
            if (given.has("--json")) {
                out.println(Json.write(plan.json()));
            } else {
                plan.lines().forEach(out::println);
            }
            return;
        }
        GenerationJob job = generator.submit(request, by);
        JobState.Ended end = follow(job, console, console.isQuiet(given));
        report(asset(end), copy, given.has("--json"), out);
    }

    private static AssetReference asset(JobState.Ended end) throws GenerationException {
        return end.fold(
                JobState.Completed::asset,
                refused -> {
                    throw new IllegalArgumentException(
                            "refused by rule " + refused.rule() + ": " + refused.explanation());
                },
                failed -> {
                    throw failed.cause();
                },
                cancelled -> {
                    throw new CancellationException("cancelled");
                });
    }

    private static GenerationRequest request(Arguments given) {
        Shot shot = new Shot(
                given.operand("prompt"),
                given.text("--negative").orElse(""),
                ClipLength.of(given.decimal("--seconds"), given.integer("--frames")));
        GenerationRequest.Builder request = GenerationRequest.builder(List.of(shot))
                .sampling(new Sampling(given.whole("--seed"), given.integer("--steps"), given.decimal("--guidance")))
                .destination(new Destination(given.text("--folder"), given.text("--title")));
        given.text("--model").ifPresent(request::model);
        given.text("--size").map(value -> FrameSize.parse("--size", value)).ifPresent(request::size);
        given.text("--fps").map(value -> FrameRate.parse("--fps", value)).ifPresent(request::frameRate);
        given.text("--interpolation")
                .map(value -> FrameInterpolation.parse("--interpolation", value))
                .ifPresent(request::frameInterpolation);
        return request.build();
    }

    private static ClipCopy copy(Path directory, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("--out names no file");
        }
        return new ClipCopy(directory.resolve(name).toAbsolutePath().normalize());
    }

    private JobState.Ended follow(GenerationJob job, Console console, boolean quiet) throws InterruptedException {
        try (ProgressDisplay display = new ProgressDisplay(console, quiet, "", System::nanoTime)) {
            return JobWaiter.await(job, state -> {
                if (!(state instanceof JobState.Queued) || waitsForOthers(job)) {
                    display.show(state);
                }
            });
        }
    }

    private boolean waitsForOthers(GenerationJob job) {
        return generator.jobs().stream()
                .anyMatch(other -> !other.id().equals(job.id()) && !(other.state() instanceof JobState.Ended));
    }

    private void report(AssetReference reference, Optional<ClipCopy> copy, boolean json, PrintStream out)
            throws IOException {
        StoredAsset asset = store.find(reference.id())
                .orElseThrow(() -> new IOException("asset " + reference.id() + " was deleted while it was reported"));
        AssetView view = new AssetView(asset);
        if (copy.isPresent()) {
            write(view, copy.get());
        }
        Map<String, Object> summary = new LinkedHashMap<>(view.summary());
        copy.ifPresent(file -> summary.put("out", file.target().toString()));
        if (json) {
            out.println(Json.write(summary));
            return;
        }
        double took = asset.metadata().timings().values().stream()
                        .mapToLong(time -> time.toMillis())
                        .sum()
                / 1000.0;
        out.println("asset   " + reference.id());
        out.println(PrintableLine.of("clip    " + view.location()));
        copy.ifPresent(file -> out.println(PrintableLine.of("copy    " + file.target())));
        out.println("format  " + view.format());
        view.origin().ifPresent(origin -> out.println("made    " + origin));
        out.println("mark    " + asset.metadata().provenance().watermarkId().orElse("OFF"));
        out.println("signed  "
                + asset.metadata()
                        .provenance()
                        .manifest()
                        .map(SignedManifest::signer)
                        .orElse("OFF"));
        out.println("seed    " + asset.metadata().sampling().seed());
        out.println("model   " + asset.metadata().model().name());
        out.println(String.format(Locale.ROOT, "took    %.1f s", took));
        asset.metadata().notes().forEach(note -> out.println("note    " + note));
    }

    private static void write(AssetView view, ClipCopy copy) throws IOException {
        try (SeekableByteChannel clip = view.asset().open(AssetFile.CLIP)) {
            copy.write(clip);
        } catch (IOException e) {
            throw new IOException(
                    "the clip is stored at " + view.location() + ", but cannot be copied to " + copy.target() + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
