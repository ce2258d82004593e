package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.VideoGenerator;

/** {@code patchreel:jobs}: lists the jobs of this run of the framework and who asked for them. */
@Component(
        service = JobsCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=jobs"})
public final class JobsCommand {

    private static final String USAGE = """
            jobs [--json]        lists the jobs since the start, the latest first: state, who asked, prompt

            example: jobs --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));

    private final VideoGenerator generator;

    /**
     * Creates the command.
     *
     * @param generator has the jobs
     */
    @Activate
    public JobsCommand(@Reference VideoGenerator generator) {
        this.generator = generator;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake
     */
    @Descriptor("lists the jobs since the start, the latest first: jobs --json")
    public void jobs(CommandSession session, @Descriptor("options, see --help") String... arguments) throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        List<GenerationJob> jobs = generator.jobs();
        if (given.has("--json")) {
            out.println(Json.write(jobs.stream().map(JobsCommand::json).toList()));
        } else if (jobs.isEmpty()) {
            out.println("no job since the start");
        } else {
            Table table = new Table("ID", "STATE", "REQUESTER", "PROMPT");
            jobs.forEach(job -> table.add(
                    job.id(),
                    state(job.state()),
                    job.requester().user().orElse("-"),
                    AssetsCommand.shortened(prompt(job))));
            table.print(console);
        }
    }

    private static String state(JobState state) {
        return state.fold(
                queued -> state.name(),
                running -> running.progress().stage().label() + " "
                        + running.progress().done() + "/" + running.progress().total(),
                ended -> state.name());
    }

    private static String prompt(GenerationJob job) {
        return job.request().shots().get(0).prompt();
    }

    private static Map<String, Object> json(GenerationJob job) {
        JobState state = job.state();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("state", state.name());
        json.putAll(state.<Map<String, Object>, RuntimeException>fold(
                queued -> Map.of(), running -> json(running.progress()), JobsCommand::json));
        json.put("requester", json(job.requester()));
        json.put("prompt", prompt(job));
        return json;
    }

    private static Map<String, Object> json(GenerationProgress progress) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", progress.stage().label());
        json.put("done", progress.done());
        json.put("total", progress.total());
        return json;
    }

    private static Map<String, Object> json(JobState.Ended end) {
        Map<String, Object> json = new LinkedHashMap<>();
        end.fold(
                completed -> json.put("location", completed.asset().location().toString()),
                refused -> {
                    json.put("rule", refused.rule());
                    return json.put("message", refused.explanation());
                },
                failed -> {
                    json.put("reason", failed.cause().reason().label());
                    return json.put("message", failed.cause().getMessage());
                },
                cancelled -> json);
        return json;
    }

    /** What is known of who asked; an empty object if it is nothing. */
    private static Map<String, Object> json(Requester by) {
        Map<String, Object> json = new LinkedHashMap<>();
        by.user().ifPresent(user -> json.put("user", user));
        if (!by.groups().isEmpty()) {
            json.put("groups", by.groups().stream().sorted().toList());
        }
        by.project().ifPresent(project -> json.put("project", project));
        by.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        return json;
    }
}
