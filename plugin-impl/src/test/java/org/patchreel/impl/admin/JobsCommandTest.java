package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Registers;

class JobsCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z")
            .atZone(ZoneId.systemDefault())
            .toLocalDate()
            .atTime(12, 0)
            .atZone(ZoneId.systemDefault())
            .toInstant();

    private static final Requester ANNA = Requester.of("anna");

    private JobRegister register;

    @BeforeEach
    void start(@TempDir Path folder) {
        register = Registers.open(folder.resolve("jobs.db"), InstantSource.fixed(NOON));
    }

    @AfterEach
    void stop() {
        register.close();
    }

    @Test
    void showsWhereEachJobStandsAndWhoAsked() throws Exception {
        registerOneOfEachKind();
        assertEquals("""
                ID  STATE          REQUESTER  SUBMITTED         PROMPT
                4   sampling 3/20  anna       2026-11-30 12:03  a blue cube
                3   failed         ben        2026-11-30 12:02  a white cat
                2   refused        -          2026-11-30 12:01  -
                1   completed      anna       2026-11-30 12:00  a red ball
                """, run());
    }

    @Test
    void listsThoseOfAStateAUserAndATime() throws Exception {
        registerOneOfEachKind();
        assertEquals(List.of("4", "1"), ids("--user", "anna"));
        assertEquals(List.of("3", "1"), ids("--state", "completed,failed"));
        assertEquals(List.of("4"), ids("--state", "running", "--user", "anna", "--since", "2026-11-30"));
        assertEquals(List.of(), ids("--since", "2026-12-01"));
        assertEquals(List.of("4", "3"), ids("--limit", "2"));
        assertTrue(run("--limit", "2").endsWith("there are more: --limit\n"));
    }

    private List<String> ids(String... arguments) throws IOException {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return new ObjectMapper().readTree(run(all)).findValuesAsText("id");
    }

    @Test
    void tellsProgramsEverythingThatIsKnown() throws Exception {
        registerOneOfEachKind();
        JsonNode jobs = new ObjectMapper().readTree(run("--json"));
        assertEquals("remote:/1", jobs.at("/3/location").textValue());
        assertEquals("{\"user\":\"anna\"}", jobs.at("/3/requester").toString());
        assertEquals("house-rules", jobs.at("/2/rule").textValue());
        assertEquals("{}", jobs.at("/2/requester").toString());
        assertEquals("memory", jobs.at("/1/reason").textValue());
        assertEquals("no room", jobs.at("/1/message").textValue());
        assertEquals(
                "{\"user\":\"ben\",\"groups\":[\"art\",\"editors\"],\"project\":\"spring\",\"tenant\":\"north\"}",
                jobs.at("/1/requester").toString());
        assertEquals(20, jobs.at("/0/total").intValue());
        assertEquals("a blue cube", jobs.at("/0/prompt").textValue());
        assertEquals(1, jobs.at("/0/tries").intValue());
        assertEquals(12.5, jobs.at("/0/deviceSeconds").doubleValue());
        assertEquals(60.0, jobs.at("/0/estimatedDeviceSeconds").doubleValue());
    }

    @Test
    void saysThatThereIsNone() throws Exception {
        assertEquals("no job\n", run());
        assertEquals("[]\n", run("--json"));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertMistake("unexpected argument: 1", "1");
        assertMistake(
                "unknown state: done, expected queued, waiting, running, completed, refused, failed, cancelled",
                "--state",
                "done");
        assertMistake("--since must be a day such as 2026-11-30: yesterday", "--since", "yesterday");
        assertMistake("--limit must be from 1 to 100000: 0", "--limit", "0");
    }

    private void assertMistake(String message, String... arguments) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run(arguments))
                        .getMessage());
    }

    private void registerOneOfEachKind() throws IOException {
        add("1", ANNA, "a red ball", 0, new JobRecord.Status(RegisteredState.COMPLETED, "", "remote:/1"));
        add("2", Requester.UNKNOWN, "", 1, new JobRecord.Status(RegisteredState.REFUSED, "house-rules", "not here"));
        add(
                "3",
                new Requester(
                        Optional.of("ben"), Set.of("editors", "art"), Optional.of("spring"), Optional.of("north")),
                "a white cat",
                2,
                new JobRecord.Status(RegisteredState.FAILED, "memory", "no room"));
        JobRecord running =
                register.begin(add("4", ANNA, "a blue cube", 3, queued()), NOON).job();
        register.charge(running, Duration.ofMillis(12_500), Optional.empty(), false);
        register.save(List.of(running.with(
                new JobRecord.Status(
                        RegisteredState.RUNNING, "", "", Optional.of(new GenerationProgress(Stage.SAMPLING, 3, 20))),
                NOON)));
    }

    private static JobRecord.Status queued() {
        return new JobRecord.Status(RegisteredState.QUEUED, "", "");
    }

    private JobRecord add(String id, Requester by, String prompt, int minute, JobRecord.Status status)
            throws IOException {
        Instant submitted = NOON.plus(Duration.ofMinutes(minute));
        return register.add(
                JobRecord.submitted(
                                id,
                                by,
                                new JobRecord.Subject("starter", prompt),
                                submitted,
                                Optional.of(Duration.ofMinutes(1)))
                        .with(status, submitted),
                "{}");
    }

    private String run(String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        new JobsCommand(register).run(Console.lines(printed, printed), arguments);
        return out.toString(UTF_8);
    }
}
