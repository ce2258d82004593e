package org.patchreel.impl.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.Requester;
import org.sqlite.SQLiteDataSource;

class JobRegisterTest {

    private static final Requester TEAM =
            new Requester(Optional.of("anna"), Set.of("b", "a \"\n"), Optional.of("spring"), Optional.of("north"));

    private Path file;
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private JobRegister register;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("home/jobs.db");
        register = Registers.open(file, () -> now);
    }

    @AfterEach
    void close() {
        register.close();
    }

    private void reopen() {
        register.close();
        register = Registers.open(file, () -> now);
    }

    @Test
    void keepsAllThatIsKnownOfAJob() throws Exception {
        JobRecord added = register.add(job("1", TEAM), "the work");
        assertEquals(1, added.place().number());
        JobRecord running = register.begin(added, now.plusSeconds(5)).job();
        assertEquals(1, running.tries());
        JobRecord further = running.with(
                new JobRecord.Status(
                        RegisteredState.RUNNING, "", "", Optional.of(new GenerationProgress(Stage.DECODING, 3, 20))),
                now);
        register.save(List.of(further));
        register.charge(further, Duration.ofMillis(1500), Optional.empty(), false);
        reopen();
        assertEquals(further.used(Duration.ofMillis(1500)), register.find("1").orElseThrow());
        assertEquals(Optional.of("the work"), register.work("1"));
        JobRecord failed =
                further.with(new JobRecord.Status(RegisteredState.FAILED, "memory", "no room"), now.plusSeconds(9));
        register.save(List.of(failed));
        reopen();
        JobRecord found = register.find("1").orElseThrow();
        assertEquals(failed.status(), found.status());
        assertEquals(Optional.of(now.plusSeconds(9)), found.times().ended());
    }

    @Test
    void isReadableByItsOwnerAlone() throws Exception {
        register.add(job("1", TEAM), "");
        for (String name : List.of("jobs.db", "jobs.db-wal", "jobs.db-shm")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(name))),
                    name);
        }
    }

    @Test
    void findsByStateUserAndTime() throws Exception {
        register.add(job("1", Requester.of("anna")), "");
        now = now.plusSeconds(60);
        register.add(job("2", Requester.of("ben")), "");
        JobRecord third = register.add(job("3", Requester.of("anna")), "");
        register.begin(third, now);
        assertEquals(List.of("3", "2", "1"), ids(JobFilter.latest(10)));
        assertEquals(List.of("3", "2"), ids(JobFilter.latest(2)));
        assertEquals(
                List.of("2", "1"),
                ids(new JobFilter(Set.of(RegisteredState.QUEUED), Optional.empty(), Optional.empty(), 10)));
        assertEquals(List.of("3", "1"), ids(new JobFilter(Set.of(), Optional.of("anna"), Optional.empty(), 10)));
        assertEquals(List.of("3", "2"), ids(new JobFilter(Set.of(), Optional.empty(), Optional.of(now), 10)));
        assertEquals(2, register.counts().get(RegisteredState.QUEUED));
        assertEquals(1, register.counts().get(RegisteredState.RUNNING));
        assertEquals(0, register.counts().get(RegisteredState.FAILED));
        assertEquals(Optional.of(now.minusSeconds(60)), register.oldestWaiting());
    }

    private List<String> ids(JobFilter filter) throws IOException {
        return register.list(filter).stream().map(JobRecord::id).toList();
    }

    @Test
    void countsTurnsAndNotTime() throws Exception {
        register.begin(register.add(job("1", Requester.of("anna")), ""), now);
        now = now.minus(Duration.ofDays(400));
        register.begin(register.add(job("2", Requester.of("ben")), ""), now);
        assertEquals(Map.of("anna", 1L, "ben", 2L), register.turns());
        register.begin(register.add(job("3", Requester.of("anna")), ""), now);
        reopen();
        assertEquals(Map.of("anna", 3L, "ben", 2L), register.turns());
    }

    @Test
    void endsNoJobBeforeItBeganAlthoughTheClockIsSetBack() throws Exception {
        JobRecord running =
                register.begin(register.add(job("1", TEAM), ""), now).job();
        JobRecord ended = running.with(new JobRecord.Status(RegisteredState.CANCELLED, "", ""), now.minusSeconds(3600));
        assertEquals(Optional.of(now), ended.times().ended());
    }

    @Test
    void forgetsWhatEndedLongAgoButNotWhatWasUsed() throws Exception {
        JobRecord old = register.add(job("old", Requester.of("anna")), "");
        register.charge(old, Duration.ofSeconds(5), Optional.empty(), true);
        register.save(List.of(old.with(new JobRecord.Status(RegisteredState.COMPLETED, "", "file:/x"), now)));
        register.add(job("waits", Requester.of("anna")), "");
        assertEquals(0, register.forget(now));
        assertEquals(1, register.forget(now.plusSeconds(1)));
        assertEquals(List.of("waits"), ids(JobFilter.latest(10)));
        assertEquals(Duration.ofSeconds(5), register.usedToday(new Account(Account.Kind.USER, "anna")));
    }

    @Test
    void reportsWhatWasUsedByDayAndAccount() throws Exception {
        Optional<Cost> cost = Optional.of(new Cost(new BigDecimal("0.0125"), "EUR"));
        JobRecord job = register.add(job("1", TEAM), "");
        register.charge(job, Duration.ofSeconds(10), cost, false);
        now = now.plus(Duration.ofDays(1));
        register.charge(job, Duration.ofSeconds(20), cost, true);
        register.charge(register.add(job("2", Requester.of("ben")), ""), Duration.ofSeconds(25), cost, true);
        LocalDate today = LocalDate.ofInstant(now, ZoneId.systemDefault());
        Account anna = new Account(Account.Kind.USER, "north/anna");
        assertEquals(Duration.ofSeconds(20), register.usedToday(anna));
        assertEquals(
                List.of(
                        new Usage(anna, 1, Duration.ofSeconds(30), new BigDecimal("0.025")),
                        new Usage(
                                new Account(Account.Kind.USER, "ben"),
                                1,
                                Duration.ofSeconds(25),
                                new BigDecimal("0.0125"))),
                register.usage(Account.Kind.USER, today.minusDays(1)));
        assertEquals(
                Duration.ofSeconds(45),
                register.usage(Account.Kind.MODEL, today).get(0).time());
        assertEquals(2, register.usage(Account.Kind.GROUP, today).size());
        assertEquals(
                "spring",
                register.usage(Account.Kind.PROJECT, today).get(0).account().name());
        now = now.minus(Duration.ofDays(1));
        assertEquals(Duration.ofSeconds(10), register.usedToday(anna), "the clock was set back to yesterday");
    }

    @Test
    void staysPausedAfterARestart() throws Exception {
        assertFalse(register.isPaused());
        register.pause(true);
        reopen();
        assertTrue(register.isPaused());
        register.pause(false);
        assertFalse(register.isPaused());
    }

    @Test
    void takesOverWhatAProcessThatDiedHasLeft() throws Exception {
        JobRecord running =
                register.begin(register.add(job("1", TEAM), "work"), now).job();
        register.add(job("2", TEAM), "work");
        JobRecord alive = register.add(job("3", TEAM), "work");
        register.save(List.of(
                running.ownedBy("1073741824@5"),
                alive.ownedBy(
                        new Owner(ProcessHandle.current().parent().orElseThrow().pid(), 0).toString())));
        assertEquals(
                List.of("1", "2"), register.adopt().stream().map(JobRecord::id).toList());
        assertTrue(JobRegister.isWorkedOnElsewhere(register.find("3").orElseThrow()));
        assertFalse(JobRegister.isWorkedOnElsewhere(register.find("1").orElseThrow()));
    }

    @Test
    void setsADamagedFileAsideAndSaysSo() throws Exception {
        register.add(job("1", TEAM), "work");
        register.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("no database at all".getBytes(UTF_8)), 0);
        }
        register = Registers.open(file, () -> now);
        assertEquals(List.of(), ids(JobFilter.latest(10)));
        String problem = register.problem().orElseThrow().description();
        Path aside = file.resolveSibling("jobs.db.damaged-20261130T120000Z");
        assertTrue(problem.contains("was damaged") && problem.endsWith(aside.toString()), problem);
        assertTrue(Files.readString(aside, ISO_8859_1).startsWith("no database at all"));
        register.add(job("2", TEAM), "work");
        reopen();
        assertEquals(List.of("2"), ids(JobFilter.latest(10)));
    }

    @Test
    void findsDamageWithinTheFile() throws Exception {
        for (int i = 0; i < 200; i++) {
            register.add(job("J" + i, TEAM), "x".repeat(2000));
        }
        register.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8192), 8192);
        }
        register = Registers.open(file, () -> now);
        assertEquals(List.of(), ids(JobFilter.latest(10)));
        assertTrue(register.problem().orElseThrow().description().contains("was damaged"));
        try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
            assertTrue(files.anyMatch(each -> each.getFileName().toString().startsWith("jobs.db.damaged-")));
        }
    }

    @Test
    void leavesARegisterOfALaterVersionAlone() throws Exception {
        register.add(job("1", TEAM), "work");
        register.close();
        execute("pragma user_version = 4");
        register = Registers.open(file, () -> now);
        IOException refusal = assertThrows(IOException.class, () -> register.add(job("2", TEAM), "work"));
        assertTrue(
                String.valueOf(refusal.getMessage())
                        .contains("made by another version of Patchreel: format 4, here is 3"),
                refusal.getMessage());
        assertTrue(register.problem().orElseThrow().description().startsWith(file.toString()));
        execute("pragma user_version = 3");
        assertEquals(List.of("1"), ids(JobFilter.latest(10)));
        assertEquals(Optional.empty(), register.problem());
    }

    @Test
    void bringsARegisterOfTheFirstVersionToTheLatestWithoutLoss() throws Exception {
        Files.createDirectories(file.resolveSibling(""));
        for (String statement : FIRST_VERSION) {
            execute(statement);
        }
        JobRecord old = register.find("OLD").orElseThrow();
        assertEquals(TEAM, old.by());
        assertEquals(new JobRecord.Place(7, 2, 3, false), old.place());
        assertEquals(Duration.ofMillis(12_500), old.device().used());
        assertEquals(Optional.of("the work"), register.work("OLD"));
        assertEquals(Map.of("anna", 4L), register.turns());
        assertEquals(Duration.ofSeconds(9), register.usedToday(new Account(Account.Kind.USER, "anna")));
        assertTrue(register.isPaused());
        assertEquals(
                List.of("OLD"), register.adopt().stream().map(JobRecord::id).toList());
        assertFalse(register.instructions().get(0).cancel());
        assertEquals(8, register.add(job("NEW", TEAM), "work").place().number());
        // a process of the first version that has it open goes on
        execute("insert into job(id, owner, state, reason, message, submitted, tries, groups, model, prompt, priority,"
                + " front, used, work) values('BESIDE', '1@1', 'queued', '', '', 0, 0, '[]', 'm', 'p', 0, 0, 0, 'w')");
        reopen();
        assertEquals(List.of("BESIDE", "NEW", "OLD"), ids(JobFilter.latest(10)));
    }

    /** What a process of the first version has left, with the day of {@link #now}. */
    private static final List<String> FIRST_VERSION = List.of(
            """
            create table job(
              number integer primary key autoincrement,
              id text not null unique,
              owner text not null,
              state text not null,
              reason text not null,
              message text not null,
              stage text, done integer, total integer,
              submitted integer not null, started integer, ended integer,
              tries integer not null,
              user text, groups text not null, project text, tenant text,
              model text not null, prompt text not null,
              priority integer not null, front integer not null,
              estimated real, used real not null,
              work text not null)""",
            "create index job_state on job(state, number)",
            "create index job_user on job(user, number)",
            "create index job_submitted on job(submitted)",
            "create index job_ended on job(ended)",
            """
            create table usage(
              day integer not null, kind text not null, name text not null,
              clips integer not null, millis integer not null, cost integer not null,
              primary key(kind, name, day)) without rowid""",
            "create table turn(requester text primary key, number integer not null) without rowid",
            "create table setting(name text primary key, value text not null) without rowid",
            "insert into job(number, id, owner, state, reason, message, submitted, tries, user, groups, project, tenant,"
                    + " model, prompt, priority, front, used, work) values(7, 'OLD', '1073741824@5', 'queued', '', '',"
                    + " 1000, 1, 'anna', '[\"b\", \"a \\\"\\n\"]', 'spring', 'north', 'starter', 'a ball', 2, 3, 12.5,"
                    + " 'the work')",
            "insert into usage values(20787, 'user', 'anna', 1, 9000, 0)",
            "insert into turn values('anna', 4)",
            "insert into setting values('paused', 'true')",
            "pragma application_id = " + 0x5072_4a62,
            "pragma user_version = 1");

    @Test
    void tellsAProcessWhatOthersWantOfItsJobsOnce() throws Exception {
        try (JobRegister other =
                        Registers.ofAnotherProcess(new JobsConfiguration(Registers.settings(file)), () -> now);
                JobRegister command =
                        new JobRegister(new JobsConfiguration(Registers.settings(file)), null, false, () -> now)) {
            JobRecord job = other.add(job("1", TEAM), "work");
            other.instructions();
            assertEquals(List.of(), other.instructions());
            command.add(job("2", TEAM), "work");
            assertEquals(List.of(new Instruction("1", job.place(), false)), other.instructions());
            command.prioritise(command.find("1").orElseThrow(), 4);
            assertEquals(
                    RegisteredState.QUEUED, command.cancel("1", now).status().state());
            other.save(List.of(job));
            assertEquals(
                    List.of(new Instruction("1", new JobRecord.Place(1, 4, 0, false), true)), other.instructions());
            assertEquals(List.of(), other.instructions());
            assertEquals(
                    RegisteredState.CANCELLED, command.cancel("2", now).status().state(), "it is its own");
            assertThrows(IllegalArgumentException.class, () -> command.cancel("3", now));
        }
    }

    @Test
    void aReleaseReachesTheProcessOfTheJob() throws Exception {
        try (JobRegister other =
                        Registers.ofAnotherProcess(new JobsConfiguration(Registers.settings(file)), () -> now);
                JobRegister command =
                        new JobRegister(new JobsConfiguration(Registers.settings(file)), null, false, () -> now)) {
            JobRecord job = other.add(job("1", TEAM).held("rule", "why"), "work");
            assertTrue(other.find("1").orElseThrow().place().held());
            other.instructions();
            command.release(command.find("1").orElseThrow());
            other.save(List.of(job));
            assertEquals(
                    List.of(new Instruction("1", new JobRecord.Place(1, 0, 0, false), false)), other.instructions());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> command.release(command.find("1").orElseThrow()));
        }
    }

    private void execute(String statement) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (Connection connection = source.getConnection();
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        }
    }

    @Test
    void hasOneHostAtATime() throws Exception {
        register.add(job("1", TEAM), "work");
        try (JobRegister second = Registers.open(file, () -> now)) {
            IOException refusal = assertThrows(IOException.class, () -> second.add(job("2", TEAM), "work"));
            assertEquals(
                    file
                            + ": is the job register of another framework in this process; stop that, or give this one a home"
                            + " folder or a register of its own",
                    refusal.getMessage());
            register.close();
            second.add(job("2", TEAM), "work");
            assertEquals(2, second.list(JobFilter.latest(10)).size());
        }
    }

    @Test
    void namesTheProcessThatIsTheHost() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegisterProcess.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals("open", other.inputReader().readLine());
            IOException refusal = assertThrows(IOException.class, () -> register.counts());
            assertTrue(
                    String.valueOf(refusal.getMessage())
                            .contains("is the job register of process " + other.pid() + ";"),
                    refusal.getMessage());
            try (JobRegister command =
                    new JobRegister(new JobsConfiguration(Registers.settings(file)), null, false, () -> now)) {
                assertEquals(1, command.list(JobFilter.latest(10)).size(), "a command may look");
                command.add(job("2", TEAM), "work");
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertEquals(2, register.list(JobFilter.latest(10)).size(), "the lock is gone with its process");
    }

    @Test
    void losesNothingWhenTheDiskIsFull() throws Exception {
        register.add(job("1", TEAM), "work");
        register.set("max_page_count = 12");
        int taken = 1;
        IOException failure = null;
        while (failure == null) {
            try {
                register.add(job("J" + taken, TEAM), "x".repeat(4000));
                taken++;
            } catch (IOException e) {
                failure = e;
            }
        }
        assertTrue(String.valueOf(failure.getMessage()).startsWith(file + ": "), failure.getMessage());
        assertTrue(String.valueOf(failure.getMessage()).contains("full"), failure.getMessage());
        assertFalse(register.problem().isPresent(), "it can be read");
        assertEquals(taken, register.list(JobFilter.latest(1000)).size());
        register.set("max_page_count = 1000000");
        register.add(job("more", TEAM), "x".repeat(4000));
        reopen();
        assertEquals(taken + 1, register.list(JobFilter.latest(1000)).size());
    }

    private JobRecord job(String id, Requester by) {
        return JobRecord.submitted(
                id, by, new JobRecord.Subject("starter", "a ball"), now, Optional.of(Duration.ofMillis(2500)));
    }
}
