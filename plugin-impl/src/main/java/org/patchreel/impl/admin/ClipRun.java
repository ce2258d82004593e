package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.OutputKind;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.generator.JobWaiter;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.spi.AssetStore;

/** Makes a clip or a still of a request that was typed: shows progress on the standard error and prints where the clip is. */
final class ClipRun {

    private final VideoGenerator generator;
    private final AssetStore store;
    private final JpegCopies jpegCopies;

    /** Makes JPEG files of stills. */
    @FunctionalInterface
    interface JpegCopies {

        /** Writes a file; one that is there is replaced. */
        void write(StoredAsset still, Path target) throws IOException;
    }

    /**
     * Creates one.
     *
     * @param generator makes the clip
     * @param store knows how it was made
     * @param jpegCopies makes copies of stills
     */
    ClipRun(VideoGenerator generator, AssetStore store, JpegCopies jpegCopies) {
        this.generator = generator;
        this.store = store;
        this.jpegCopies = jpegCopies;
    }

    /** Makes a request of arguments. */
    @FunctionalInterface
    interface Reading {

        /** Reads them; pictures and clips are named relative to the directory. */
        GenerationRequest request(Path directory, Arguments given) throws IOException;
    }

    /**
     * Does what a command line says, or prints the command's help.
     *
     * @param syntax of the command
     * @param usage its help
     * @param reading makes a request of its arguments
     * @param directory that relative names start from
     * @param by who asks
     * @param console takes what is printed
     * @param arguments as they were typed
     */
    void run(
            Syntax syntax,
            String usage,
            Reading reading,
            Path directory,
            Requester by,
            Console console,
            String... arguments)
            throws GenerationException, IOException, InterruptedException {
        Arguments given = syntax.parse(arguments);
        if (given.has("--help")) {
            console.out().println(usage);
        } else {
            make(reading.request(directory, given), given, directory, by, console);
        }
    }

    /**
     * Makes a clip, or tells what would be made.
     *
     * @param request what is asked for
     * @param given the other options: where a copy goes, and what is printed
     * @param directory that relative names start from
     * @param by who asks
     * @param console takes what is printed
     */
    private void make(GenerationRequest request, Arguments given, Path directory, Requester by, Console console)
            throws GenerationException, IOException, InterruptedException {
        PrintStream out = console.out();
        Optional<ClipCopy> copy = given.text("--out").map(name -> copy(directory, name, request.kind()));
        if (given.has("--dry-run")) {
            PlannedClip plan = generator.plan(request);
            if (given.has("--json")) {
                out.println(Json.write(plan.values()));
            } else {
                new PlanView(plan).lines().forEach(out::println);
            }
            return;
        }
        if (given.has("--queue")) {
            queue(request, given, by, out);
            return;
        }
        GenerationJob job = generator.submit(request, by);
        JobState.Ended end = follow(job, console, console.isQuiet(given));
        report(asset(job.id(), end), copy, given.has("--json"), out);
    }

    private void queue(GenerationRequest request, Arguments given, Requester by, PrintStream out)
            throws GenerationException {
        if (given.has("--out")) {
            throw new IllegalArgumentException("either --out, which waits for the clip, or --queue");
        }
        if (Boolean.getBoolean(JobRegister.COMMAND)) {
            throw new IllegalArgumentException("--queue needs a process that goes on: the shell, or a host");
        }
        GenerationJob job = generator.submit(request, by);
        String state = job.state().name();
        out.println(
                given.has("--json")
                        ? Json.write(Map.of("id", job.id(), "state", state))
                        : "job " + job.id() + " " + state);
    }

    private static AssetReference asset(String id, JobState.Ended end) throws GenerationException {
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
                },
                suspended -> {
                    throw new CommandException(
                            "the video generator has stopped; job " + id + " goes on when it is back", null);
                });
    }

    private static ClipCopy copy(Path directory, String name, OutputKind kind) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("--out names no file");
        }
        if (kind == OutputKind.STILL
                && !isJpeg(name)
                && !name.toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--out: the name of a still must end with .png, .jpg or .jpeg: " + name);
        }
        return new ClipCopy(directory.resolve(name).toAbsolutePath().normalize());
    }

    private static boolean isJpeg(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return lowerCase.endsWith(".jpg") || lowerCase.endsWith(".jpeg");
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
        out.println(PrintableLine.of(
                String.format(Locale.ROOT, "%-8s%s", asset.metadata().kind().label(), view.location())));
        copy.ifPresent(file -> out.println(PrintableLine.of("copy    " + file.target())));
        out.println("format  " + view.format());
        // of several shots a line each
        asset.metadata().expandedPrompt().stream()
                .flatMap(String::lines)
                .forEach(text -> out.println(PrintableLine.of("prompt  " + text)));
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

    private void write(AssetView view, ClipCopy copy) throws IOException {
        OutputKind kind = view.asset().metadata().kind();
        try {
            if (kind == OutputKind.STILL && isJpeg(copy.target().toString())) {
                jpegCopies.write(view.asset(), copy.target());
                return;
            }
            try (SeekableByteChannel clip = view.asset().open(kind.file())) {
                copy.write(clip);
            }
        } catch (IOException e) {
            throw new IOException(
                    "the " + kind.label() + " is stored at " + view.location() + ", but cannot be copied to "
                            + copy.target() + ": " + e.getMessage(),
                    e);
        }
    }
}
