package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.generator.JobControl;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;

/** {@code patchreel:job}: tells all that is known of a job, and moves it in the queue. */
@Component(
        service = JobCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=job"})
public final class JobCommand {

    private static final String USAGE = """
            job ID [options]        tells all that is known of a job
              --priority N          moves it: a higher priority comes first, 0 if nothing is
                                    said
              --first               moves it before all others that wait
              --json                for programs

            example: job 01JD3V7Q0P8W5N2M4K6H8F0D2B --first""";

    private static final Syntax SYNTAX = new Syntax(Set.of("--priority"), Set.of("--first", "--json", "--help"));

    private static final int INDENT = 11;

    private final JobRegister register;
    private final JobControl control;

    /**
     * Creates the command.
     *
     * @param register has the jobs
     * @param control moves them
     */
    @Activate
    public JobCommand(@Reference JobRegister register, @Reference JobControl control) {
        this.register = register;
        this.control = control;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments the job's ID and options
     * @throws Exception if the caller made a mistake or the register cannot be read
     */
    @Descriptor("tells all that is known of a job: job 01JD3V7Q0P8W5N2M4K6H8F0D2B")
    public void job(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        String id = given.operand("the job's ID");
        OptionalInt priority = given.integer("--priority");
        if (priority.isPresent() && given.has("--first")) {
            throw new IllegalArgumentException("either --priority or --first");
        }
        if (given.has("--first")) {
            control.moveToFront(id);
        } else if (priority.isPresent()) {
            control.prioritise(id, priority.getAsInt());
        }
        JobRecord job = register.find(id).orElseThrow(() -> new IllegalArgumentException("no such job: " + id));
        if (given.has("--json")) {
            out.println(Json.write(new JobView(job).json()));
        } else {
            LabeledLines lines = new LabeledLines(console, INDENT);
            new JobView(job).lines(InstantSource.system()).forEach(lines::print);
        }
    }
}
