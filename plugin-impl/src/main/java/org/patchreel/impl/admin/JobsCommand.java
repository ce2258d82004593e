package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;

/** {@code patchreel:jobs}: lists the jobs of the register and who asked for them. */
@Component(
        service = JobsCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=jobs"})
public final class JobsCommand {

    private static final String USAGE = """
            jobs [options]          lists jobs, also of earlier runs, the latest first:
                                    state, who asked, prompt
              --state STATE,...     those that are queued, waiting, running, completed,
                                    refused, failed, cancelled
              --user NAME           those of a user
              --since DATE          those submitted on that day, 2026-11-30, or later
              --limit N             no more than N, 50 if nothing is said
              --json                for programs

            example: jobs --state queued,running --user anna""";

    private static final Syntax SYNTAX =
            new Syntax(Set.of("--state", "--user", "--since", "--limit"), Set.of("--json", "--help"));

    private static final int LIMIT = 50;
    private static final int MAX_LIMIT = 100_000;

    private final JobRegister register;

    /**
     * Creates the command.
     *
     * @param register has the jobs
     */
    @Activate
    public JobsCommand(@Reference JobRegister register) {
        this.register = register;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake or the register cannot be read
     */
    @Descriptor("lists jobs, also of earlier runs, the latest first: jobs --state queued")
    public void jobs(CommandSession session, @Descriptor("options, see --help") String... arguments) throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        int limit = limit(given.integer("--limit"));
        List<JobRecord> found = register.list(new JobFilter(
                states(given.text("--state")), given.text("--user"), since(given.text("--since")), limit + 1));
        List<JobRecord> jobs = found.subList(0, Math.min(limit, found.size()));
        if (given.has("--json")) {
            out.println(
                    Json.write(jobs.stream().map(job -> new JobView(job).json()).toList()));
        } else if (jobs.isEmpty()) {
            out.println("no job");
        } else {
            Table table = new Table(JobView.HEADING);
            jobs.forEach(job -> table.add(new JobView(job).row()));
            table.print(console);
            if (found.size() > jobs.size()) {
                out.println("there are more: --limit");
            }
        }
    }

    private static int limit(OptionalInt asked) {
        int limit = asked.orElse(LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("--limit must be from 1 to " + MAX_LIMIT + ": " + limit);
        }
        return limit;
    }

    private static Set<RegisteredState> states(Optional<String> text) {
        Set<RegisteredState> states = EnumSet.noneOf(RegisteredState.class);
        text.ifPresent(labels ->
                List.of(labels.split(",", -1)).forEach(label -> states.add(RegisteredState.parse(label.strip()))));
        return states;
    }

    private static Optional<Instant> since(Optional<String> text) {
        return text.map(date -> date(date).atStartOfDay(ZoneId.systemDefault()).toInstant());
    }

    /** {@return the day that {@code --since} names} */
    static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("--since must be a day such as 2026-11-30: " + text, e);
        }
    }
}
