package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.GenerationException;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.batch.BatchItem;
import org.patchreel.impl.batch.BatchPlan;
import org.patchreel.impl.batch.BatchResult;
import org.patchreel.impl.batch.BatchResult.Done;
import org.patchreel.impl.batch.BatchResult.Failed;
import org.patchreel.impl.batch.BatchRun;
import org.patchreel.impl.batch.PromptTable;
import org.patchreel.spi.AssetStore;

/** {@code patchreel:batch}: makes a clip of each row of a table, verifies it and reports. */
@Component(
        service = BatchCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=batch"})
public final class BatchCommand {

    private static final String USAGE = """
            batch TABLE --out FOLDER [options]        makes a clip of each row, verifies it
                                                      and writes a report

            TABLE is a CSV file with a heading, as spreadsheet programs export it, or JSON
            lines (.jsonl). Its columns: prompt, negative.prompt, model, size, seconds or
            frames, frame.rate, frame.interpolation, seed, steps, guidance.scale,
            guidance.mode, step.cache, lora (NAME:STRENGTH, NAME), camera, folder, title,
            creator, copyright, expires;
            image, last.image, keyframes (1.5=PICTURE, 3=PICTURE), from, strength, extend,
            extend.side (after or before), lead.to, interpolate, factor, loop (true or
            false), fit, kind (clip or still), as for generate, extend, blend and
            interpolate: files beside the table, or IDs of assets; storyboard, a file beside
            the table, in the place of a prompt; name, for the files; any others fill
            {placeholders} in prompt, negative.prompt, folder, title, creator, copyright and
            the names of pictures and clips. What is wrong in any row is told before
            anything is generated.

            FOLDER gets NAME.mp4 (of a still NAME.png) and NAME.jpg of each row,
            report.json, and index.html to look at. Called again, after a kill too, it goes
            on: a clip that is stored is not made again. A row without a seed gets one of
            its own, always the same.

              --prompt "TEXT"    for rows without one, for example "a {colour} {shape} on
                                 snow"
              --negative, --model, --size, --seconds, --frames, --fps, --interpolation,
              --seed, --steps, --guidance, --guidance-mode, --step-cache, --lora,
              --camera, --folder, --title, --creator, --copyright, --expires, --image,
              --last-image, --from, --strength, --extend, --lead-to, --loop, --fit
                                 likewise, for example --image "photos/{sku}.png"; see
                                 generate --help
              --json             prints one JSON object for each clip
              --quiet            shows no progress

            Exit status: 1 if a clip could not be made, 3 if verify does not prove the
            origin of one.

            example: batch products.csv --prompt "a {colour} {shape}" --out shots""";

    /** Options and the arguments that they stand for. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("--prompt", "prompt"),
            Map.entry("--negative", "negative.prompt"),
            Map.entry("--model", "model"),
            Map.entry("--size", "size"),
            Map.entry("--seconds", "seconds"),
            Map.entry("--frames", "frames"),
            Map.entry("--fps", "frame.rate"),
            Map.entry("--interpolation", "frame.interpolation"),
            Map.entry("--seed", "seed"),
            Map.entry("--steps", "steps"),
            Map.entry("--guidance", "guidance.scale"),
            Map.entry("--guidance-mode", "guidance.mode"),
            Map.entry("--step-cache", "step.cache"),
            Map.entry("--lora", "lora"),
            Map.entry("--camera", "camera"),
            Map.entry("--folder", "folder"),
            Map.entry("--title", "title"),
            Map.entry("--creator", "creator"),
            Map.entry("--copyright", "copyright"),
            Map.entry("--expires", "expires"),
            Map.entry("--image", "image"),
            Map.entry("--last-image", "last.image"),
            Map.entry("--from", "from"),
            Map.entry("--strength", "strength"),
            Map.entry("--extend", "extend"),
            Map.entry("--lead-to", "lead.to"),
            Map.entry("--fit", "fit"));

    private static final Syntax SYNTAX = new Syntax(valued(), Set.of("--loop", "--json", "--quiet", "--help"));

    private final VideoGenerator generator;
    private final ProvenanceVerifier verifier;
    private final AssetStore assets;
    private final SourceStore sources;

    /**
     * Creates the command.
     *
     * @param generator makes the clips
     * @param verifier examines them
     * @param assets knows the assets that rows name
     * @param sources keeps the files that rows name
     */
    @Activate
    public BatchCommand(
            @Reference VideoGenerator generator,
            @Reference ProvenanceVerifier verifier,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore assets,
            @Reference SourceStore sources) {
        this.generator = generator;
        this.verifier = verifier;
        this.assets = assets;
        this.sources = sources;
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments the table and options
     * @throws Exception for a caller's mistake, in the table too, where nothing is generated then; if no model is installed;
     *     if the table cannot be read or the report cannot be written; if the thread is interrupted, where the clip at work is cancelled
     */
    @Descriptor("makes a clip of each row of a table: batch products.csv --out shots")
    public void batch(CommandSession session, @Descriptor("table and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> run(session.currentDir(), ConsoleUser.of(session), console, arguments));
    }

    int run(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(USAGE);
            return 0;
        }
        String name = given.operand("table");
        Path table = directory.resolve(name);
        if (!Files.isRegularFile(table)) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        Map<String, String> defaults = new LinkedHashMap<>();
        OPTIONS.forEach((option, argument) -> given.text(option).ifPresent(value -> defaults.put(argument, value)));
        if (given.has("--loop")) {
            defaults.put("loop", "true");
        }
        BatchPlan plan = plan(table, name, defaults);
        Path folder = directory.resolve(given.text("--out")
                .orElseThrow(() -> new IllegalArgumentException("--out is missing: the folder for the clips")));
        Files.createDirectories(folder);
        try (Lines lines = new Lines(
                console,
                given.has("--json"),
                console.isQuiet(given),
                plan.items().size())) {
            List<BatchResult> results = new BatchRun(
                            generator, verifier, (from, to) -> new ClipCopy(to).write(from), folder)
                    .run(plan, by, lines);
            return status(results, folder, console.err());
        }
    }

    private BatchPlan plan(Path table, String name, Map<String, String> defaults)
            throws GenerationException, IOException {
        try {
            // A relative name starts from the table's folder: tables are moved together with their pictures.
            Path folder = table.resolveSibling("");
            BatchPlan.MediaFinder files = new BatchPlan.MediaFinder() {
                @Override
                public Optional<Media> find(String file, SourceStore store) throws IOException {
                    return new SourceArguments(assets, store).find(folder, file);
                }

                @Override
                public Optional<String> text(String file) throws IOException {
                    Optional<StoryboardFile> storyboard = StoryboardFile.find(folder, file);
                    return storyboard.isEmpty()
                            ? Optional.empty()
                            : Optional.of(storyboard.get().text());
                }
            };
            return BatchPlan.of(PromptTable.read(table), defaults, files, sources, item -> {
                // a clip that is there is not made again, whatever became of its model since
                if (generator.asset(item.id()).isEmpty()) {
                    generator.check(item.request());
                }
            });
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(String.valueOf(table.getFileName()))
                    ? e
                    : new IllegalArgumentException(name + ", " + message, e);
        }
    }

    private static int status(List<BatchResult> results, Path folder, PrintStream err) {
        long done = results.stream()
                .filter(result -> result.outcome() instanceof Done)
                .count();
        long unproved = results.stream()
                .filter(result -> result.outcome() instanceof Done clip && !clip.proved())
                .count();
        err.println(PrintableLine.of(done + " of " + results.size() + " clips are in " + folder + "; look at "
                + folder.resolve("index.html")));
        if (done < results.size()) {
            return Console.FAILED;
        }
        return unproved > 0 ? VerifyCommand.NOT_PROVED : 0;
    }

    private static Set<String> valued() {
        Set<String> valued = new HashSet<>(OPTIONS.keySet());
        valued.add("--out");
        return valued;
    }

    /** Tells of the clips, one after the other. */
    private static final class Lines implements BatchRun.Listener, AutoCloseable {
        private final Console console;
        private final boolean json;
        private final boolean quiet;
        private final int count;
        private int shown;
        private ProgressDisplay display;

        Lines(Console console, boolean json, boolean quiet, int count) {
            this.console = console;
            this.json = json;
            this.quiet = quiet;
            this.count = count;
            this.display = display(0);
        }

        private ProgressDisplay display(int number) {
            // Without a terminal the item has a line of its own.
            return new ProgressDisplay(
                    console, quiet, console.isTerminal() ? number + "/" + count : "", System::nanoTime);
        }

        @Override
        public void at(int number, BatchItem item, JobState state) {
            if (number != shown && !(state instanceof JobState.Ended)) {
                shown = number;
                display = display(number);
                if (!quiet && !console.isTerminal()) {
                    console.err().println(PrintableLine.of(number + " of " + count + ": " + item.name()));
                }
            }
            display.show(state);
        }

        @Override
        public void ended(int number, BatchResult result) {
            display.close();
            console.out().println(json ? Json.write(json(result)) : PrintableLine.of(line(result)));
            console.err().flush();
        }

        @Override
        public void close() {
            display.close();
        }

        private String line(BatchResult result) {
            String name = result.item().name();
            if (result.outcome() instanceof Done done) {
                return name + "  " + done.report().verdict().label() + (done.proved() ? "  " : ", origin not proved  ")
                        + (done.made() ? "made" : "was there") + "  " + done.file();
            }
            return name + "  " + result.outcome().label()
                    + (result.outcome() instanceof Failed failed ? "  " + failed.message() : "");
        }

        private Map<String, Object> json(BatchResult result) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", result.item().name());
            json.put("id", result.item().id());
            json.put("state", result.outcome().label());
            if (result.outcome() instanceof Done done) {
                json.put("file", done.file().toString());
                json.put("verdict", done.report().verdict().label());
                json.put("origin", done.report().origin().label());
                json.put("made", done.made());
            } else if (result.outcome() instanceof Failed failed) {
                json.put("reason", failed.reason());
                json.put("message", failed.message());
            }
            return json;
        }
    }
}
