package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.spi.CheckpointExaminer;
import org.patchreel.spi.CheckpointReport;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.VideoModel;

/** {@code patchreel:models}: lists the installed models. */
@Component(
        service = ModelsCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=models"})
public final class ModelsCommand {

    private static final String USAGE = """
            models [--json]        lists the installed models, the default first
            models --check FOLDER|FILE|NAME [--json]
                                   says what a checkpoint, a part of one, a LoRA or an
                                   installed model is, whether it would run, what is
                                   missing, and what a clip of its default format takes;
                                   loads nothing. NAME has the model's parts elsewhere
                                   and its options; a folder of that name comes first

            A checkpoint is installed by a configuration org.patchreel.model: a file
            org.patchreel.model-NAME.cfg in the folder conf of PATCHREEL_HOME, or, in Karaf,
            in etc.

            Exit status of --check: 1 if it would not run.

            examples: models --json
                      models --check /models/Wan2.2-TI2V-5B-Diffusers""";

    private static final Syntax SYNTAX = new Syntax(Set.of("--check"), Set.of("--json", "--help"));

    private final InstalledModels models;
    private final @Nullable CheckpointExaminer examiner;
    private final @Nullable VideoGenerator generator;

    /**
     * Creates the command.
     *
     * @param models to list
     * @param examiner of checkpoints; absent where no model runs
     * @param generator estimates times; absent if its configuration cannot be used
     */
    @Activate
    public ModelsCommand(
            @Reference InstalledModels models,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    CheckpointExaminer examiner,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    VideoGenerator generator) {
        this.models = models;
        this.examiner = examiner;
        this.generator = generator;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake, or a file cannot be read
     */
    @Descriptor("lists the installed models, the default first: models --json")
    public void models(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> run(session.currentDir(), console, arguments));
    }

    int run(Path directory, Console console, String... arguments) throws IOException {
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            console.out().println(USAGE);
            return 0;
        }
        Optional<String> checked = given.text("--check");
        if (checked.isEmpty()) {
            print(models.all(), console, given.has("--json"));
            return 0;
        }
        if (examiner == null) {
            throw new IllegalStateException("no model runs here: org.patchreel.model-runtime is not installed");
        }
        Path path = directory.resolve(checked.get());
        CheckpointView view = Files.exists(path)
                ? new CheckpointView(examiner.examine(path), time(path))
                : ofModel(examiner, checked.get());
        CheckpointReport report = view.report();
        if (given.has("--json")) {
            console.out().println(Json.write(view.json()));
        } else {
            view.print(console);
        }
        return report.runs() ? 0 : 1;
    }

    private CheckpointView ofModel(CheckpointExaminer known, String name) {
        return known.examineModel(name)
                .map(report -> new CheckpointView(report, time(name)))
                .orElseThrow(() -> new IllegalArgumentException(models.all().stream()
                        .filter(model -> model.descriptor().name().equals(name))
                        .findFirst()
                        .map(model -> "model " + name + ": "
                                + model.health().lastError().orElse("it is made of no checkpoint here"))
                        .orElse("no such file, folder or model: " + name)));
    }

    /** By clips of a model that was installed from there. */
    private Optional<Duration> time(Path path) throws IOException {
        for (VideoModel model : models.all()) {
            Path source = Path.of(model.descriptor().source());
            if (Files.isDirectory(source) && Files.isSameFile(source, path)) {
                return time(model.descriptor().name());
            }
        }
        return Optional.empty();
    }

    private Optional<Duration> time(String model) {
        if (generator == null) {
            return Optional.empty();
        }
        try {
            return generator
                    .plan(GenerationRequest.builder("a").model(model).build())
                    .estimate();
        } catch (GenerationException | IllegalArgumentException e) {
            return Optional.empty(); // a model that plans no such clip was not measured either
        }
    }

    static void print(List<VideoModel> all, Console console, boolean asJson) {
        PrintStream out = console.out();
        if (asJson) {
            List<Object> json = new ArrayList<>();
            for (VideoModel model : all) {
                json.add(json(model, json.isEmpty()));
            }
            out.println(Json.write(json));
        } else if (all.isEmpty()) {
            out.println("no model is installed");
        } else {
            Table table =
                    new Table("NAME", "FAMILY", "WEIGHTS", "DEVICE", "PRECISION", "NATIVE FORMAT", "LICENCE", "STATUS");
            for (VideoModel model : all) {
                ModelDescriptor about = model.descriptor();
                ModelHealth health = model.health();
                table.add(
                        about.name() + (model.equals(all.get(0)) ? " (default)" : ""),
                        about.family(),
                        about.capabilities()
                                .map(it -> megabytes(it.weightBytes()))
                                .orElse("-"),
                        health.device(),
                        about.precision(),
                        about.capabilities()
                                .map(it -> it.defaults().nativeFormat().toString())
                                .orElse("-"),
                        about.capabilities().map(it -> it.license().line()).orElse("-"),
                        status(about, health));
            }
            table.print(console);
        }
    }

    private static Map<String, Object> json(VideoModel model, boolean standard) {
        ModelDescriptor about = model.descriptor();
        ModelHealth health = model.health();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", about.name());
        json.put("default", standard);
        json.put("family", about.family());
        json.put("source", about.source());
        json.put("device", health.device());
        json.put("precision", about.precision());
        about.capabilities().ifPresent(capabilities -> {
            json.putAll(capabilities.values());
            capabilities.license().acknowledgedBy().ifPresent(who -> json.put("licenseAcknowledgedBy", who));
        });
        json.put("status", health.status().name().toLowerCase(Locale.ROOT));
        health.engine().ifPresent(engine -> json.put("engine", engine));
        health.lastError().ifPresent(error -> json.put("lastError", error));
        if (!health.notes().isEmpty()) {
            json.put("notes", health.notes());
        }
        return json;
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static String status(ModelDescriptor about, ModelHealth health) {
        boolean needsImage = about.capabilities()
                .filter(it -> it.imageConditioning() == ImageConditioning.REQUIRED)
                .isPresent();
        String image = needsImage ? ", needs an image" : "";
        String status = health.status().name().toLowerCase(Locale.ROOT) + image;
        return health.lastError().map(error -> status + ": " + error).orElse(status);
    }
}
