package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.spi.ModelCapabilities;
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

            A checkpoint is installed by a configuration org.patchreel.model: a file
            org.patchreel.model-NAME.cfg in the folder conf of PATCHREEL_HOME, or, in Karaf,
            in etc.

            example: models --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));

    private final InstalledModels models;

    /**
     * Creates the command.
     *
     * @param models to list
     */
    @Activate
    public ModelsCommand(@Reference InstalledModels models) {
        this.models = models;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake
     */
    @Descriptor("lists the installed models, the default first: models --json")
    public void models(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) {
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            console.out().println(USAGE);
            return;
        }
        print(models.all(), console, given.has("--json"));
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
                        about.capabilities().flatMap(ModelCapabilities::license).orElse("-"),
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
        about.capabilities().ifPresent(capabilities -> json.putAll(capabilities.values()));
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
