package org.patchreel.impl.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.generator.JobControl;
import org.patchreel.impl.generator.JobWaiter;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;

/** {@code patchreel:cancel}, {@code retry}, {@code release}, {@code pause}, {@code resume}: what an operator does with the queue. */
@Component(
        service = QueueCommands.class,
        property = {
            "osgi.command.scope=patchreel",
            "osgi.command.function=cancel",
            "osgi.command.function=retry",
            "osgi.command.function=release",
            "osgi.command.function=pause",
            "osgi.command.function=resume"
        })
public final class QueueCommands {

    private static final String CANCEL = """
            cancel ID [--json]           cancels a job that waits or runs, also in another
                                         process on the same register
            cancel --user NAME [--json]  cancels all jobs of a user

            example: cancel 01JD3V7Q0P8W5N2M4K6H8F0D2B""";

    private static final String RETRY = """
            retry ID [--wait] [--json]  submits a job again that failed or was cancelled,
                                        with the same seed
              --wait                    until it has ended: a process that runs this command
                                        alone needs it

            example: retry 01JD3V7Q0P8W5N2M4K6H8F0D2B --wait""";

    private static final String RELEASE = """
            release ID [--json]  lets a job go on that a policy holds; its message
                                 says why

            example: release 01JD3V7Q0P8W5N2M4K6H8F0D2B""";

    private static final String PAUSE = """
            pause [--json]   lets no job begin until resume, also after a restart; jobs at
                             work go on""";

    private static final String RESUME = """
            resume [--json]  lets jobs begin again""";

    private static final Syntax CANCEL_SYNTAX = new Syntax(Set.of("--user"), Set.of("--json", "--help"));
    private static final Syntax RETRY_SYNTAX = new Syntax(Set.of(), Set.of("--wait", "--json", "--help"));
    private static final Syntax PLAIN_SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));

    /** A process notices within a second, a model within an operation: most of them have ended by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JobRegister register;
    private final JobControl control;
    private final Duration patience;

    /**
     * Creates the commands.
     *
     * @param register has the jobs
     * @param control of the queue
     */
    @Activate
    public QueueCommands(@Reference JobRegister register, @Reference JobControl control) {
        this(register, control, PATIENCE);
    }

    QueueCommands(JobRegister register, JobControl control, Duration patience) {
        this.register = register;
        this.control = control;
        this.patience = patience;
    }

    /**
     * Cancels jobs.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments ID or user, and options
     * @throws Exception if the caller made a mistake or the register cannot be used
     */
    @Descriptor("cancels a job: cancel 01JD3V7Q0P8W5N2M4K6H8F0D2B")
    public void cancel(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            cancel(ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Submits a job again.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments ID and options
     * @throws Exception if the caller made a mistake, the job cannot be taken, or fails again
     */
    @Descriptor("submits a job again: retry 01JD3V7Q0P8W5N2M4K6H8F0D2B")
    public void retry(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            retry(ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Releases a job.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments ID and options
     * @throws Exception if the caller made a mistake or the register cannot be written
     */
    @Descriptor("lets a job go on that a policy holds: release 01JD3V7Q0P8W5N2M4K6H8F0D2B")
    public void release(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            release(ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Pauses the queue.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake or the register cannot be written
     */
    @Descriptor("lets no job begin until resume")
    public void pause(CommandSession session, @Descriptor("options, see --help") String... arguments) throws Exception {
        Console.run(session, console -> {
            pause(console, true, arguments);
            return 0;
        });
    }

    /**
     * Resumes the queue.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake or the register cannot be written
     */
    @Descriptor("lets jobs begin again")
    public void resume(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            pause(console, false, arguments);
            return 0;
        });
    }

    void cancel(Requester by, Console console, String... arguments) throws IOException, InterruptedException {
        Arguments given = CANCEL_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(CANCEL);
            return;
        }
        Optional<String> user = given.text("--user");
        List<String> ids;
        if (user.isPresent()) {
            given.refuseOperands();
            ids = unfinished(user.get());
            control.cancelAllOf(user.get(), by);
        } else {
            ids = List.of(given.operand("the job's ID"));
            control.cancel(ids.get(0), by);
        }
        List<JobRecord> jobs = new CancellationWait(register, patience).await(ids);
        long cancelled = count(jobs, state -> state == RegisteredState.CANCELLED);
        long pending = count(jobs, state -> !state.isEnded());
        if (user.isEmpty() && cancelled + pending == 0) {
            String end =
                    jobs.isEmpty() ? "" : ": " + jobs.get(0).status().state().label();
            throw new IllegalArgumentException("job " + ids.get(0) + " has ended" + end);
        }
        print(
                console,
                given,
                Map.of("cancelled", cancelled, "pending", pending),
                Stream.of(
                                pending > 0 && cancelled == 0 ? "" : jobs(cancelled) + " cancelled",
                                pending == 0 ? "" : jobs(pending) + " being cancelled: ends when its model notices")
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(", ")));
    }

    private List<String> unfinished(String user) throws IOException {
        return register
                .list(new JobFilter(
                        EnumSet.of(RegisteredState.QUEUED, RegisteredState.WAITING, RegisteredState.RUNNING),
                        Optional.of(user),
                        Optional.empty(),
                        Integer.MAX_VALUE))
                .stream()
                .map(JobRecord::id)
                .toList();
    }

    private static long count(List<JobRecord> jobs, Predicate<RegisteredState> of) {
        return jobs.stream().filter(job -> of.test(job.status().state())).count();
    }

    private static String jobs(long count) {
        return count + (count == 1 ? " job" : " jobs");
    }

    void retry(Requester by, Console console, String... arguments) throws GenerationException, InterruptedException {
        Arguments given = RETRY_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(RETRY);
            return;
        }
        GenerationJob job = control.retry(given.operand("the job's ID"), by);
        JobState state = job.state();
        if (given.has("--wait")) {
            try (ProgressDisplay display = new ProgressDisplay(console, console.isQuiet(given), "", System::nanoTime)) {
                state = end(job.id(), JobWaiter.await(job, display::show));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("state", state.name());
        print(console, given, json, "job " + job.id() + " " + state.name());
    }

    private static JobState end(String id, JobState.Ended end) throws GenerationException {
        return end.fold(
                completed -> completed,
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

    void release(Requester by, Console console, String... arguments) throws IOException {
        Arguments given = PLAIN_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(RELEASE);
            return;
        }
        String id = given.operand("the job's ID");
        control.release(id, by);
        print(console, given, Map.of("released", id), "job " + id + " goes on");
    }

    void pause(Console console, boolean paused, String... arguments) throws IOException {
        Arguments given = PLAIN_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(paused ? PAUSE : RESUME);
            return;
        }
        given.refuseOperands();
        control.pause(paused);
        print(console, given, Map.of("paused", paused), paused ? "no job begins until resume" : "jobs begin again");
    }

    private static void print(Console console, Arguments given, Map<String, Object> json, String text) {
        console.out().println(given.has("--json") ? Json.write(json) : text);
    }
}
