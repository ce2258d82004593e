package org.patchreel.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.broker.host.Host;
import org.patchreel.broker.wire.Announcement;

/** {@code patchreel:workers} lists the workers, {@code patchreel:drain} lets one end. */
@Component(
        service = WorkersCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=workers", "osgi.command.function=drain"})
public final class WorkersCommand {

    private static final String WORKERS_USAGE = """
            workers [--json]       lists the workers that make clips for this host

            example: workers --json""";

    private static final String DRAIN_USAGE = """
            drain NAME             lets a worker finish its clip, take no other, and end

            example: drain gpu-1""";

    private static final String NONE = "no broker is configured: org.patchreel.broker, see docs/workers.md";

    private final @Nullable RemoteWorkers remote;

    /**
     * Creates the commands.
     *
     * @param remote absent without a configuration
     */
    @Activate
    public WorkersCommand(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RemoteWorkers remote) {
        this.remote = remote;
    }

    /**
     * Lists the workers.
     *
     * @param session of the command
     * @param arguments options
     */
    @Descriptor("lists the workers that make clips for this host: workers --json")
    public void workers(CommandSession session, @Descriptor("options, see --help") String... arguments) {
        CommandOptions given = CommandOptions.parse(Set.of(), Set.of("--json"), arguments);
        if (given.has(CommandOptions.HELP)) {
            System.out.println(WORKERS_USAGE);
            return;
        }
        given.requireOperands(0, "");
        print(host().workers(), given.has("--json"), System.out);
    }

    /**
     * Lets a worker end.
     *
     * @param session of the command
     * @param arguments its name
     * @throws IOException if the broker is not connected
     */
    @Descriptor("lets a worker finish its clip, take no other, and end: drain gpu-1")
    public void drain(CommandSession session, @Descriptor("name of a worker") String... arguments) throws IOException {
        CommandOptions given = CommandOptions.parse(Set.of(), Set.of(), arguments);
        if (given.has(CommandOptions.HELP)) {
            System.out.println(DRAIN_USAGE);
            return;
        }
        given.requireOperands(1, "the name of a worker");
        host().drain(given.operands().get(0));
    }

    private Host host() {
        if (remote == null) {
            throw new IllegalArgumentException(NONE);
        }
        return remote.host()
                .orElseThrow(() -> new IllegalArgumentException(
                        remote.problem().map(problem -> problem.line()).orElse(NONE)));
    }

    static void print(List<Announcement> workers, boolean asJson, PrintStream out) {
        if (asJson) {
            ArrayNode json = new ObjectMapper().createArrayNode();
            workers.forEach(worker -> write(json.addObject(), worker));
            out.println(json);
        } else if (workers.isEmpty()) {
            out.println("no worker is connected");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "STATE", "MODELS", "DEVICE", "FREE MEMORY", "FRAMES/S", "JOB"));
            workers.forEach(worker -> rows.add(row(worker)));
            rows.forEach(row -> out.println(line(row, rows)));
        }
    }

    private static void write(ObjectNode json, Announcement worker) {
        json.put("name", worker.name())
                .put("state", worker.state().label())
                .put("device", device(worker))
                .put("freeMemory", worker.freeMemory());
        worker.framesPerSecond().ifPresent(rate -> json.put("framesPerSecond", rate));
        worker.job().ifPresent(job -> json.put("job", job));
        ArrayNode models = json.putArray("models");
        worker.models().forEach(model -> models.add(model.descriptor().name()));
    }

    private static String device(Announcement worker) {
        return worker.models().stream()
                .map(model -> model.health().device())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<String> row(Announcement worker) {
        return List.of(
                worker.name(),
                worker.state().label(),
                worker.models().stream().map(model -> model.descriptor().name()).collect(Collectors.joining(", ")),
                device(worker),
                String.format(Locale.ROOT, "%.1f GB", worker.freeMemory() / 1e9),
                worker.framesPerSecond()
                        .map(rate -> String.format(Locale.ROOT, "%.2f", rate))
                        .orElse("-"),
                worker.job().orElse("-"));
    }

    private static String line(List<String> row, List<List<String>> all) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            int column = i;
            int width = all.stream()
                    .mapToInt(each -> each.get(column).length())
                    .max()
                    .orElse(0);
            String cell = row.get(i).replaceAll("\\p{Cntrl}", "?");
            line.append(cell).append(" ".repeat(width - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
