package org.patchreel.impl.jobs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.impl.ownership.OwnFile;
import org.patchreel.impl.sqlite.NativeLibrary;
import org.patchreel.impl.sqlite.SqliteFile;
import org.patchreel.impl.sqlite.SqliteFile.Work;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register of jobs, in one SQLite file: what is written here outlives a crash. One process at a time is its host, which takes
 * over the jobs of those that have died; processes that run a single command may add their own jobs beside it. The file is opened
 * by the first call that needs it. Safe for use from any thread.
 *
 * <p>A file that is damaged is set aside, never deleted, and a new one is begun; a file of another version is left alone, and no
 * job is taken.
 */
@Component(service = {JobRegister.class, ComponentStatus.class})
public final class JobRegister implements AutoCloseable, ComponentStatus {

    /** Framework property: {@code true} in a process that runs one command and ends. */
    public static final String COMMAND = "patchreel.command";

    private static final Logger LOG = LoggerFactory.getLogger(JobRegister.class);

    private static final int APPLICATION = 0x5072_4a62;

    private static final String CONTENT = "job register";
    private static final String PAUSED = "paused";

    private static final String OWNER_ONLY = "rw-------";

    private final JobsConfiguration configuration;
    private final @Nullable NativeLibrary library;
    private final boolean host;
    private final InstantSource clock;
    private final String owner;
    private @Nullable Connection open;
    private @Nullable RegisterLock lock;
    private @Nullable Problem problem;
    private boolean stopped;

    /** Number of the last change by another process whose instructions were read. */
    private long seen = -1;

    /**
     * Names the file; it is opened later.
     *
     * @param context of the bundle
     * @param configuration names the file
     */
    @Activate
    public JobRegister(BundleContext context, @Reference JobsConfiguration configuration) {
        this(
                configuration,
                NativeLibrary.of(context),
                !Boolean.parseBoolean(context.getProperty(COMMAND)),
                InstantSource.system());
    }

    /**
     * Names the file; it is opened later.
     *
     * @param configuration names the file, which is made if it is missing, with its folder
     * @param library of SQLite is loaded from there; null for the system's folder of temporary files
     * @param host whether this process takes over the jobs of others that have died
     * @param clock names files that are set aside
     */
    public JobRegister(
            JobsConfiguration configuration, @Nullable NativeLibrary library, boolean host, InstantSource clock) {
        this(configuration, library, host, clock, Owner.current());
    }

    /** Opens it for another process than this one. */
    JobRegister(
            JobsConfiguration configuration,
            @Nullable NativeLibrary library,
            boolean host,
            InstantSource clock,
            Owner owner) {
        this.configuration = configuration;
        this.library = library;
        this.host = host;
        this.clock = clock;
        this.owner = owner.toString();
    }

    private static List<List<String>> versions() {
        List<String> first = new ArrayList<>(JobTable.SCHEMA);
        first.add(UsageTable.SCHEMA);
        first.add("create table turn(requester text primary key, number integer not null) without rowid");
        first.add("create table setting(name text primary key, value text not null) without rowid");
        return List.of(first, JobTable.WISHES, List.of(SubmissionTable.SCHEMA));
    }

    /** {@return whether this process takes over the jobs of others that have died} */
    public boolean isHost() {
        return host;
    }

    /**
     * Registers a job; one with its ID that has ended is replaced.
     *
     * @param job that is submitted
     * @param work what is needed to make it; empty if it will not be made
     * @return the job with its number
     * @throws IOException if it cannot be registered; nothing has changed then
     */
    public JobRecord add(JobRecord job, String work) throws IOException {
        return write(connection -> JobTable.insert(connection, job, work, owner));
    }

    /**
     * A job that begins.
     *
     * @param job as it is now
     * @param turn the number of its requester's turn
     */
    public record Begun(JobRecord job, long turn) {}

    /**
     * Writes that a job begins: its tries are counted before it can do harm.
     *
     * @param job that waits
     * @param now by the clock
     * @return the job, running
     * @throws IOException if that cannot be written; the job must not begin then
     */
    public Begun begin(JobRecord job, Instant now) throws IOException {
        return write(connection -> {
            JobRecord running = job.begun(now, owner);
            JobTable.update(connection, running);
            return new Begun(running, nextTurn(connection, Accounts.requester(job.by())));
        });
    }

    private static long nextTurn(Connection connection, String requester) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into turn(requester, number) values(?, (select coalesce(max(number), 0) + 1 from turn))"
                        + " on conflict do update set number = excluded.number returning number")) {
            insert.setString(1, requester);
            try (ResultSet rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /**
     * Writes where jobs stand, in one step.
     *
     * @param jobs that are registered
     * @throws IOException if that cannot be written; nothing has changed then
     */
    public void save(List<JobRecord> jobs) throws IOException {
        write(connection -> {
            for (JobRecord job : jobs) {
                JobTable.update(connection, job);
            }
            return true;
        });
    }

    /**
     * Charges device time to a job and the accounts of its requester.
     *
     * @param job that kept the device busy
     * @param time for which it did, since the last call
     * @param cost of that time
     * @param completed whether its frames are complete
     * @throws IOException if that cannot be written; nothing has changed then
     */
    public void charge(JobRecord job, Duration time, Optional<Cost> cost, boolean completed) throws IOException {
        write(connection -> {
            JobTable.addUsed(connection, job.id(), time);
            UsageTable.add(
                    connection, today(), Accounts.of(job.by(), job.subject().model()), completed, time, cost);
            return true;
        });
    }

    /**
     * Takes over the jobs that have not ended and whose process has died, those of this process included.
     *
     * @return the jobs, in the order of their submission, as their process has left them
     * @throws IOException if that cannot be read or written
     */
    public List<JobRecord> adopt() throws IOException {
        return write(connection -> {
            Map<String, Boolean> elsewhere = new HashMap<>();
            List<JobRecord> adopted = new ArrayList<>();
            for (JobRecord job : JobTable.open(connection)) {
                if (!elsewhere.computeIfAbsent(job.owner(), text -> isWorkedOnElsewhere(job))) {
                    adopted.add(job.ownedBy(owner));
                }
            }
            for (Map.Entry<String, Boolean> each : elsewhere.entrySet()) {
                if (!each.getValue() && !each.getKey().equals(owner)) {
                    JobTable.takeOver(connection, each.getKey(), owner);
                }
            }
            return adopted;
        });
    }

    /**
     * {@return whether another process that lives works on a job, or will}
     *
     * @param job of the register
     */
    public static boolean isWorkedOnElsewhere(JobRecord job) {
        return !job.status().state().isEnded()
                && Owner.parse(job.owner()).filter(Owner::isAnotherAlive).isPresent();
    }

    /**
     * Cancels a job that has not ended, or has the process that works on it do so: that finds it in its {@link #instructions}.
     *
     * @param id of the job
     * @param now by the clock
     * @return the job as it is then; it has ended unless a process works on it
     * @throws IllegalArgumentException if there is no such job
     * @throws IOException if that cannot be written
     */
    public JobRecord cancel(String id, Instant now) throws IOException {
        return write(connection -> {
            JobRecord job = known(connection, id);
            if (job.status().state().isEnded()) {
                return job;
            }
            if (isWorkedOnElsewhere(job)) {
                JobTable.cancel(connection, id);
                return job;
            }
            JobRecord cancelled = job.with(new JobRecord.Status(RegisteredState.CANCELLED, "", ""), now);
            JobTable.update(connection, cancelled);
            return cancelled;
        });
    }

    private static JobRecord known(Connection connection, String id) throws SQLException {
        return JobTable.find(connection, id).orElseThrow(() -> new IllegalArgumentException("no such job: " + id));
    }

    /**
     * Reads what other processes want of the open jobs of this one. Costs little if none has written since the last call.
     *
     * @return an instruction for each open job; none if no other process has written since the last call
     * @throws IOException if the register cannot be read
     */
    public List<Instruction> instructions() throws IOException {
        return read(connection -> {
            long version = number(connection, "pragma data_version");
            if (version == seen) {
                return List.of();
            }
            List<Instruction> found = JobTable.instructions(connection, owner);
            seen = version;
            return found;
        });
    }

    /**
     * Moves a job to the front of the queue.
     *
     * @param job to move
     * @return the job, before all others
     * @throws IOException if that cannot be written
     */
    public JobRecord moveToFront(JobRecord job) throws IOException {
        return write(connection -> {
            JobRecord.Place before = known(connection, job.id()).place();
            long front = number(connection, "select coalesce(max(front), 0) + 1 from job");
            return placed(
                    connection, job, new JobRecord.Place(before.number(), before.priority(), front, before.held()));
        });
    }

    /**
     * Gives a job another priority.
     *
     * @param job to move
     * @param priority a higher one comes first
     * @return the job
     * @throws IOException if that cannot be written
     */
    public JobRecord prioritise(JobRecord job, int priority) throws IOException {
        return write(connection -> {
            JobRecord.Place before = known(connection, job.id()).place();
            return placed(connection, job, new JobRecord.Place(before.number(), priority, 0, before.held()));
        });
    }

    /**
     * Lets a job go on that is held.
     *
     * @param job to release
     * @return the job
     * @throws IllegalArgumentException if it is not held
     * @throws IOException if that cannot be written
     */
    public JobRecord release(JobRecord job) throws IOException {
        return write(connection -> {
            JobRecord.Place before = known(connection, job.id()).place();
            if (!before.held()) {
                throw new IllegalArgumentException("job " + job.id() + " does not wait to be released");
            }
            return placed(
                    connection, job, new JobRecord.Place(before.number(), before.priority(), before.front(), false));
        });
    }

    /**
     * Lets a job wait until somebody releases it.
     *
     * @param job that is to wait, as it is then
     * @throws IOException if that cannot be written; nothing has changed then
     */
    public void hold(JobRecord job) throws IOException {
        write(connection -> {
            JobTable.update(connection, job);
            return placed(connection, job, job.place());
        });
    }

    private static JobRecord placed(Connection connection, JobRecord job, JobRecord.Place place) throws SQLException {
        JobTable.place(connection, job.id(), place);
        return job.at(place);
    }

    /**
     * Finds a job.
     *
     * @param id of the job
     * @return the job, or empty if it is unknown
     * @throws IOException if the register cannot be read
     */
    public Optional<JobRecord> find(String id) throws IOException {
        return read(connection -> JobTable.find(connection, id));
    }

    /**
     * Reads what is needed to make a job.
     *
     * @param id of the job
     * @return as given to {@link #add}; empty if the job is unknown or was refused
     * @throws IOException if the register cannot be read
     */
    public Optional<String> work(String id) throws IOException {
        return read(connection -> JobTable.work(connection, id));
    }

    /**
     * Lists jobs.
     *
     * @param filter which ones
     * @return the jobs, those submitted last first
     * @throws IOException if the register cannot be read
     */
    public List<JobRecord> list(JobFilter filter) throws IOException {
        return read(connection -> JobTable.list(connection, filter));
    }

    /**
     * Counts the jobs.
     *
     * @return how many there are in each state; every state has a number
     * @throws IOException if the register cannot be read
     */
    public Map<RegisteredState, Long> counts() throws IOException {
        return read(connection -> {
            Map<RegisteredState, Long> counts = new EnumMap<>(RegisteredState.class);
            for (RegisteredState state : RegisteredState.values()) {
                counts.put(state, 0L);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select state, count(*) from job group by state")) {
                while (rows.next()) {
                    counts.put(RegisteredState.parse(rows.getString(1)), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /**
     * {@return when the job that has waited longest was submitted; empty if none waits}
     *
     * @throws IOException if the register cannot be read
     */
    public Optional<Instant> oldestWaiting() throws IOException {
        return read(connection -> {
            long millis = number(
                    connection, "select coalesce(min(submitted), -1) from job where state in ('queued', 'waiting')");
            return millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
        });
    }

    /**
     * {@return what an account used today, by the day of this machine's time zone}
     *
     * @param account whose
     * @throws IOException if the register cannot be read
     */
    public Duration usedToday(Account account) throws IOException {
        return read(connection -> UsageTable.used(connection, today(), account));
    }

    /**
     * Lists what accounts used.
     *
     * @param kind of the accounts
     * @param since the first day
     * @return their use, the highest first
     * @throws IOException if the register cannot be read
     */
    public List<Usage> usage(Account.Kind kind, LocalDate since) throws IOException {
        return read(connection -> UsageTable.list(connection, kind, since));
    }

    /** {@return the day of now, in this machine's time zone} */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    /**
     * {@return the number of the last turn of each requester}
     *
     * @throws IOException if the register cannot be read
     */
    public Map<String, Long> turns() throws IOException {
        return read(connection -> {
            Map<String, Long> turns = new HashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select requester, number from turn")) {
                while (rows.next()) {
                    turns.put(rows.getString(1), rows.getLong(2));
                }
            }
            return turns;
        });
    }

    /**
     * {@return whether no job is begun until somebody resumes}
     *
     * @throws IOException if the register cannot be read
     */
    public boolean isPaused() throws IOException {
        return read(connection ->
                number(connection, "select count(*) from setting where name = '" + PAUSED + "' and value = 'true'")
                        > 0);
    }

    /**
     * Pauses or resumes the queue; jobs at work go on. It stays so after a restart.
     *
     * @param paused whether no job shall be begun
     * @throws IOException if that cannot be written
     */
    public void pause(boolean paused) throws IOException {
        write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("insert into setting(name, value) values('" + PAUSED + "', '" + paused
                        + "') on conflict do update set value = excluded.value");
            }
        });
    }

    /**
     * Keeps what tells the request of a job from others, so that the same one can be asked for again.
     *
     * @param id of the job, which need not be there yet
     * @param digest of the request
     * @param now by the clock
     * @throws IOException if that cannot be written; nothing has changed then
     */
    public void keepSubmission(String id, String digest, Instant now) throws IOException {
        write(connection -> SubmissionTable.put(connection, id, digest, now));
    }

    /**
     * {@return the digest of the request that a job was submitted with; empty if none was kept}
     *
     * @param id of the job
     * @throws IOException if the register cannot be read
     */
    public Optional<String> submission(String id) throws IOException {
        return read(connection -> SubmissionTable.find(connection, id));
    }

    /**
     * Forgets jobs that ended long ago. What they used stays.
     *
     * @param before which they ended
     * @return how many were forgotten
     * @throws IOException if the register cannot be written
     */
    public int forget(Instant before) throws IOException {
        return write(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from job where ended is not null and ended < ?")) {
                delete.setLong(1, before.toEpochMilli());
                int forgotten = delete.executeUpdate();
                SubmissionTable.forget(connection, before);
                return forgotten;
            }
        });
    }

    /** Sets something of the connection, for tests of full and read-only disks. */
    void set(String pragma) throws IOException {
        read(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("pragma " + pragma);
            }
        });
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private <T> T write(Work<T> work) throws IOException {
        return read(connection -> SqliteFile.write(connection, work));
    }

    private synchronized <T> T read(Work<T> work) throws IOException {
        Path file;
        try {
            file = configuration.get().register();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (stopped) {
            throw new IOException(file + ": the job register is closed");
        }
        Connection connection = open;
        if (connection == null) {
            connection = connect(file);
            open = connection;
        }
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw unusable(database(file).failure(e));
        }
    }

    private Connection connect(Path file) throws IOException {
        try {
            Files.createDirectories(file.resolveSibling(""));
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                OwnFile.check(file);
            }
            if (host && lock == null) {
                lock = RegisterLock.acquire(file);
            }
            Connection connection = openOrBeginAnew(file);
            if (problem != null && !problem.usable()) {
                problem = null;
            }
            return connection;
        } catch (SQLException | IllegalArgumentException e) {
            throw unusable(database(file).failure(e));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Connection openOrBeginAnew(Path file) throws SQLException, IOException {
        try {
            return openSound(file);
        } catch (SQLException e) {
            if (!host || !SqliteFile.isDamage(e)) {
                throw e;
            }
            Path aside = setAside(file);
            problem = new Problem(
                    CONTENT,
                    file + " was damaged (" + e.getMessage() + ") and a new one was begun; what was queued is in "
                            + aside,
                    "submit again what is missing, and look at the disk",
                    true);
            LOG.error(problem.line());
            return openSound(file);
        }
    }

    private Connection openSound(Path file) throws SQLException, IOException {
        makePrivate(file);
        Connection connection = database(file).open(library);
        boolean sound = false;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("pragma quick_check(1)")) {
            String state = rows.next() ? rows.getString(1) : "no answer";
            if (!state.equals("ok")) {
                throw SqliteFile.damage(state);
            }
            sound = true;
            return connection;
        } finally {
            if (!sound) {
                connection.close();
            }
        }
    }

    /** Prompts are in it. SQLite gives its other files the same permissions. */
    private static void makePrivate(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        } catch (FileAlreadyExistsException e) {
            // it has the permissions that somebody gave it
        }
    }

    private Path setAside(Path file) throws IOException {
        String suffix = ".damaged-" + clock.instant().toString().replaceAll("[^0-9TZ]", "");
        Path aside = file.resolveSibling(file.getFileName() + suffix);
        for (String part : List.of("-wal", "-shm", "")) {
            Path from = file.resolveSibling(file.getFileName() + part);
            if (Files.exists(from)) {
                Files.move(from, aside.resolveSibling(aside.getFileName() + part));
            }
        }
        return aside;
    }

    private static SqliteFile database(Path file) {
        return new SqliteFile(file, CONTENT, APPLICATION, versions());
    }

    /** Keeps a failure for the operator. A failed statement has changed nothing, and the next one may work: the disk was full. */
    private IOException unusable(IOException failure) {
        problem = new Problem(
                CONTENT,
                String.valueOf(failure.getMessage()),
                "correct what is named; jobs are not taken before",
                false);
        return failure;
    }

    @Override
    public synchronized Optional<Problem> problem() {
        if (problem != null && !problem.usable() && !stopped) {
            try {
                counts();
                problem = null;
            } catch (IOException e) {
                // it is still so
            }
        }
        return Optional.ofNullable(problem);
    }

    /** Closes the file for good, see {@link org.patchreel.impl.verify.ManifestRepository#stop}. */
    @Deactivate
    @Override
    public synchronized void close() {
        stopped = true;
        Connection connection = open;
        open = null;
        RegisterLock held = lock;
        lock = null;
        try {
            if (connection != null) {
                connection.close();
            }
            if (held != null) {
                held.close();
            }
        } catch (SQLException | IOException e) {
            LOG.warn("The job register cannot be closed", e);
        }
    }
}
