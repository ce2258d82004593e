package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.generator.JobControl;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.Budgets;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Price;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Registers;

/** What the console and health checks do with the queue and tell of it. */
class QueueCommandsTest {

    private static final Requester ANNA =
            new Requester(Optional.of("anna"), Set.of("editors"), Optional.of("spring"), Optional.empty());

    /** Who types the commands. */
    private static final Requester BY = Requester.of("operator");

    private final Control control = new Control();
    private final Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private JobsConfiguration configuration;
    private JobRegister register;

    /** Remembers what it was asked for. */
    private final class Control implements JobControl {
        final List<String> asked = new ArrayList<>();
        final Set<Requester> wanted = new HashSet<>();

        @Override
        public Optional<byte[]> heldPicture(String id) {
            return Optional.empty();
        }

        final Set<String> busy = new HashSet<>();
        JobRecord.Status cancelsAs = new JobRecord.Status(RegisteredState.CANCELLED, "", "");
        JobState.Ended end = new JobState.Cancelled();

        @Override
        public void pause(boolean paused) throws IOException {
            asked.add("pause " + paused);
            register.pause(paused);
        }

        @Override
        public void cancel(String id, Requester by) throws IOException {
            asked.add("cancel " + id);
            wanted.add(by);
            if (!busy.contains(id)) {
                register.save(List.of(register.find(id).orElseThrow().with(cancelsAs, now)));
            }
        }

        @Override
        public int cancelAllOf(String user, Requester by) throws IOException {
            List<JobRecord> all = register.list(JobFilter.latest(10));
            for (JobRecord job : all) {
                cancel(job.id(), by);
            }
            return all.size();
        }

        @Override
        public GenerationJob retry(String id, Requester by) throws GenerationException {
            asked.add("retry " + id);
            wanted.add(by);
            return new FakeGenerator(end).submit(GenerationRequest.of("a ball"), ANNA);
        }

        @Override
        public void release(String id, Requester by) throws IOException {
            wanted.add(by);
            register.release(register.find(id).orElseThrow());
        }

        @Override
        public void moveToFront(String id) throws IOException {
            register.moveToFront(register.find(id).orElseThrow());
        }

        @Override
        public void prioritise(String id, int priority) throws IOException {
            register.prioritise(register.find(id).orElseThrow(), priority);
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        JobSettings plain = Registers.settings(folder.resolve("jobs.db"));
        configuration = new JobsConfiguration(new JobSettings(
                plain.register(),
                plain.kept(),
                new JobSettings.Limits(10, 0, 0),
                plain.patience(),
                new Budgets(Map.of(new Account(Account.Kind.USER, "anna"), Duration.ofSeconds(60)), 0.8),
                Optional.of(new Price(new BigDecimal("0.001"), "EUR"))));
        register = new JobRegister(configuration, null, true, () -> now);
    }

    @AfterEach
    void stop() {
        register.close();
    }

    @Test
    void cancelsOneJobOrAllOfAUser() throws Exception {
        add("1");
        assertEquals("1 job cancelled\n", run(console -> commands().cancel(BY, console, "1")));
        assertEquals(Set.of(BY), control.wanted);
        add("2");
        add("3");
        assertEquals(
                new ObjectMapper().readTree("{\"cancelled\": 2, \"pending\": 0}"),
                new ObjectMapper()
                        .readTree(run(console -> commands().cancel(BY, console, "--user", "anna", "--json"))));
        assertEquals("0 jobs cancelled\n", run(console -> commands().cancel(BY, console, "--user", "ben")));
        assertMistake(
                "the job's ID is missing; --help shows how",
                console -> commands().cancel(BY, console));
        assertMistake("unexpected argument: 1", console -> commands().cancel(BY, console, "--user", "anna", "1"));
    }

    @Test
    void saysThatAJobIsBeingCancelledWhoseProcessHasNotNoticedYet() throws Exception {
        add("1");
        add("2");
        control.busy.add("1");
        assertEquals(
                "1 job being cancelled: ends when its model notices\n",
                run(console -> commands().cancel(BY, console, "1")));
        assertEquals(
                "1 job cancelled, 1 job being cancelled: ends when its model notices\n",
                run(console -> commands().cancel(BY, console, "--user", "anna")));
    }

    @Test
    void saysThatAJobWasCompletedBeforeItCouldBeCancelled() throws Exception {
        add("1");
        control.cancelsAs = new JobRecord.Status(RegisteredState.COMPLETED, "", "file:/x");
        assertMistake("job 1 has ended: completed", console -> commands().cancel(BY, console, "1"));
    }

    @Test
    void retriesAJobAndMayWaitForIt() throws Exception {
        assertEquals("job JOB1 cancelled\n", run(console -> commands().retry(BY, console, "1")));
        control.end = new JobState.Failed(new GenerationException(Reason.MEMORY, "no room"));
        assertEquals(
                "no room",
                assertThrows(
                                GenerationException.class,
                                () -> run(console -> commands().retry(BY, console, "1", "--wait")))
                        .getMessage());
    }

    @Test
    void releasesAJobThatAPolicyHolds() throws Exception {
        add("1");
        assertMistake(
                "job 1 does not wait to be released", console -> commands().release(BY, console, "1"));
        register.add(register.find("1").orElseThrow().held("rule", "why"), "work");
        assertEquals("job 1 goes on\n", run(console -> commands().release(BY, console, "1")));
        assertFalse(register.find("1").orElseThrow().place().held());
    }

    @Test
    void pausesAndResumes() throws Exception {
        assertEquals("no job begins until resume\n", run(console -> commands().pause(console, true)));
        assertEquals(
                Result.Status.WARN,
                new JobsHealthCheck(register, configuration).execute().getStatus());
        assertEquals("{\"paused\":false}\n", run(console -> commands().pause(console, false, "--json")));
        assertEquals(List.of("pause true", "pause false"), control.asked);
    }

    @Test
    void tellsAllOfAJobAndMovesIt() throws Exception {
        add("1");
        assertEquals(
                """
                job        1
                state      queued
                requester  anna (editors), project spring
                model      starter
                prompt     a ball
                submitted  %s
                waits      N s
                tries      0
                priority   front
                estimated  2.5 s of the device
                used       0.0 s of the device
                """.formatted(JobView.minutes(now)),
                run(console -> job().run(console, "1", "--first"))
                        .replaceAll("waits      [\\d.]+ s", "waits      N s"));
        JsonNode json =
                new ObjectMapper().readTree(run(console -> job().run(console, "1", "--priority", "-3", "--json")));
        assertEquals(-3, json.get("priority").intValue());
        assertEquals(2.5, json.get("estimatedDeviceSeconds").doubleValue());
        assertMistake("no such job: 2", console -> job().run(console, "2"));
        assertMistake("either --priority or --first", console -> job().run(console, "1", "--first", "--priority", "1"));
    }

    @Test
    void reportsWhatWasUsedAndWhatIsLeftOfTheBudget() throws Exception {
        assertTrue(run(console -> usage().run(console)).startsWith("nothing was used since "));
        register.charge(
                add("1"), Duration.ofMillis(12_340), Optional.of(new Cost(new BigDecimal("0.0123"), "EUR")), true);
        assertEquals("""
                USER  CLIPS  DEVICE  COST EUR  BUDGET OF TODAY
                anna  1      12.3 s  0.0123    12.3 s of 60 s
                """, run(console -> usage().run(console)));
        assertEquals("""
                GROUP    CLIPS  DEVICE  COST EUR  BUDGET OF TODAY
                editors  1      12.3 s  0.0123    -
                """, run(console -> usage().run(console, "--by", "group", "--since", "2026-11-01")));
        assertEquals(
                "[{\"model\":\"starter\",\"clips\":1,\"deviceSeconds\":12.34,\"cost\":0.0123,\"currency\":\"EUR\","
                        + "\"deviceSecondsToday\":12.34}]\n",
                run(console -> usage().run(console, "--by", "model", "--json")));
        assertMistake("--by must be user, group, project, model: day", console -> usage().run(console, "--by", "day"));
    }

    @Test
    void theHealthCheckWarnsOfAQueueThatIsNearlyFullAndFailsIfTheRegisterCannotBeRead() throws Exception {
        add("0");
        Result good = new JobsHealthCheck(register, configuration).execute();
        assertEquals(Result.Status.OK, good.getStatus());
        assertTrue(good.toString().contains("1 wait, the oldest for "), good.toString());
        for (int i = 1; i < 9; i++) {
            add(Integer.toString(i));
        }
        Result full = new JobsHealthCheck(register, configuration).execute();
        assertEquals(Result.Status.WARN, full.getStatus());
        assertTrue(full.toString().contains("9 wait") && full.toString().contains("10 may wait"), full.toString());
        register.close();
        assertEquals(
                Result.Status.CRITICAL,
                new JobsHealthCheck(register, configuration).execute().getStatus());
    }

    @Test
    void anOldestJobOfTheFutureHasWaitedForNoTime() throws Exception {
        add("0");
        assertEquals(
                "1 wait, the oldest for 0.0 s, 0 at work",
                JobDiagnostics.of(register, configuration, () -> now.minusSeconds(100))
                        .get(0)
                        .state());
    }

    private JobRecord add(String id) throws IOException {
        return register.add(
                JobRecord.submitted(
                        id,
                        ANNA,
                        new JobRecord.Subject("starter", "a ball"),
                        now,
                        Optional.of(Duration.ofMillis(2500))),
                "{}");
    }

    private QueueCommands commands() {
        return new QueueCommands(register, control, Duration.ofMillis(250));
    }

    private JobCommand job() {
        return new JobCommand(register, control);
    }

    private UsageCommand usage() {
        return new UsageCommand(register, configuration);
    }

    private interface Body {
        void run(Console console) throws Exception;
    }

    private static String run(Body body) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        body.run(Console.lines(printed, printed));
        return out.toString(UTF_8);
    }

    private static void assertMistake(String message, Body body) {
        IllegalArgumentException mistake = assertThrows(IllegalArgumentException.class, () -> run(body));
        assertEquals(message, mistake.getMessage());
        assertSame(IllegalArgumentException.class, mistake.getClass());
    }
}
