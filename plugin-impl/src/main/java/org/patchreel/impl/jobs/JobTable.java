package org.patchreel.impl.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.Requester;

/** The table of jobs: records as rows. Times are milliseconds since 1970, durations are seconds. */
final class JobTable {

    /** The statements that make it, in its first version. */
    static final List<String> SCHEMA = List.of(
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
            "create index job_ended on job(ended)");

    /** What its second version adds: whether somebody wants the job to be cancelled, and whether it waits to be released. */
    static final List<String> WISHES = List.of(
            "alter table job add column cancel integer not null default 0",
            "alter table job add column held integer not null default 0");

    private static final String COLUMNS =
            "number, id, owner, state, reason, message, stage, done, total, submitted, started,"
                    + " ended, tries, user, groups, project, tenant, model, prompt, priority, front, held, estimated, used";

    private static final String OPEN = "('queued', 'waiting', 'running')";

    private static final double MILLIS = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private JobTable() {}

    /** Adds a job in the place of one with its ID. */
    static JobRecord insert(Connection connection, JobRecord job, String work, String owner) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from job where id = ?")) {
            delete.setString(1, job.id());
            delete.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into job(id, owner, state, reason, message, submitted, ended, tries, user, groups, project, tenant,"
                        + " model, prompt, priority, front, estimated, used, work, held)"
                        + " values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, job.id());
            insert.setString(2, owner);
            insert.setString(3, job.status().state().label());
            insert.setString(4, job.status().reason());
            insert.setString(5, job.status().message());
            insert.setLong(6, job.times().submitted().toEpochMilli());
            setMillis(insert, 7, job.times().ended());
            insert.setInt(8, job.tries());
            insert.setString(9, job.by().user().orElse(null));
            insert.setString(10, write(job.by().groups()));
            insert.setString(11, job.by().project().orElse(null));
            insert.setString(12, job.by().tenant().orElse(null));
            insert.setString(13, job.subject().model());
            insert.setString(14, job.subject().prompt());
            insert.setInt(15, job.place().priority());
            insert.setLong(16, job.place().front());
            if (job.device().estimated().isPresent()) {
                insert.setDouble(17, seconds(job.device().estimated().get()));
            } else {
                insert.setNull(17, Types.REAL);
            }
            insert.setDouble(18, seconds(job.device().used()));
            insert.setString(19, work);
            insert.setBoolean(20, job.place().held());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                JobRecord.Place place = job.place();
                return job.at(new JobRecord.Place(keys.getLong(1), place.priority(), place.front(), place.held()))
                        .ownedBy(owner);
            }
        }
    }

    /** Gives the jobs of one process that have not ended to another. */
    static void takeOver(Connection connection, String from, String to) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update job set owner = ? where owner = ? and state in " + OPEN)) {
            update.setString(1, to);
            update.setString(2, from);
            update.executeUpdate();
        }
    }

    /** Writes where a job stands and its times. Its place stays: another process may have changed that. */
    static void update(Connection connection, JobRecord job) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update job set state = ?, reason = ?, message = ?, stage = ?, done = ?, total = ?, started = ?, ended = ?,"
                        + " tries = ?, owner = ? where id = ?")) {
            Optional<GenerationProgress> progress = job.status().progress();
            update.setString(1, job.status().state().label());
            update.setString(2, job.status().reason());
            update.setString(3, job.status().message());
            update.setString(4, progress.map(at -> at.stage().name()).orElse(null));
            update.setInt(5, progress.map(GenerationProgress::done).orElse(0));
            update.setInt(6, progress.map(GenerationProgress::total).orElse(0));
            setMillis(update, 7, job.times().started());
            setMillis(update, 8, job.times().ended());
            update.setInt(9, job.tries());
            update.setString(10, job.owner());
            update.setString(11, job.id());
            update.executeUpdate();
        }
    }

    /** Writes the place of a job. */
    static void place(Connection connection, String id, JobRecord.Place place) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update job set priority = ?, front = ?, held = ? where id = ?")) {
            update.setInt(1, place.priority());
            update.setLong(2, place.front());
            update.setBoolean(3, place.held());
            update.setString(4, id);
            update.executeUpdate();
        }
    }

    /** Writes that a job shall be cancelled. */
    static void cancel(Connection connection, String id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update job set cancel = 1 where id = ?")) {
            update.setString(1, id);
            update.executeUpdate();
        }
    }

    /** {@return what is wanted of the jobs of a process that have not ended} */
    static List<Instruction> instructions(Connection connection, String owner) throws SQLException {
        List<Instruction> instructions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select id, number, priority, front, held, cancel from job where owner = ? and state in " + OPEN)) {
            select.setString(1, owner);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    instructions.add(new Instruction(
                            rows.getString(1),
                            new JobRecord.Place(rows.getLong(2), rows.getInt(3), rows.getLong(4), rows.getBoolean(5)),
                            rows.getBoolean(6)));
                }
            }
        }
        return instructions;
    }

    /** Adds to the time that a job has kept the device busy. */
    static void addUsed(Connection connection, String id, Duration time) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update job set used = used + ? where id = ?")) {
            update.setDouble(1, seconds(time));
            update.setString(2, id);
            update.executeUpdate();
        }
    }

    static Optional<JobRecord> find(Connection connection, String id) throws SQLException {
        return select(connection, "where id = ?", List.of(id)).stream().findFirst();
    }

    static Optional<String> work(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select work from job where id = ?")) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)).filter(work -> !work.isEmpty()) : Optional.empty();
            }
        }
    }

    /** {@return the jobs that have not ended, in the order of their submission} */
    static List<JobRecord> open(Connection connection) throws SQLException {
        return select(connection, "where state in " + OPEN + " order by number", List.of());
    }

    /** {@return the jobs that a filter lets through, the latest first} */
    static List<JobRecord> list(Connection connection, JobFilter filter) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        if (!filter.states().isEmpty()) {
            conditions.add("state in ("
                    + filter.states().stream()
                            .map(state -> "'" + state.label() + "'")
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        filter.user().ifPresent(user -> {
            conditions.add("user = ?");
            values.add(user);
        });
        filter.since().ifPresent(since -> {
            conditions.add("submitted >= ?");
            values.add(since.toEpochMilli());
        });
        filter.before().ifPresent(number -> {
            conditions.add("number < ?");
            values.add(number);
        });
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        values.add(filter.limit());
        return select(connection, where + " order by number desc limit ?", values);
    }

    private static List<JobRecord> select(Connection connection, String rest, List<?> values) throws SQLException {
        List<JobRecord> jobs = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from job " + rest)) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    jobs.add(read(rows));
                }
            }
        }
        return jobs;
    }

    private static JobRecord read(ResultSet row) throws SQLException {
        try {
            @Nullable String stage = row.getString("stage");
            Optional<GenerationProgress> progress = stage == null
                    ? Optional.empty()
                    : Optional.of(
                            new GenerationProgress(Stage.valueOf(stage), row.getInt("done"), row.getInt("total")));
            double estimated = row.getDouble("estimated");
            Optional<Duration> estimate = row.wasNull() ? Optional.empty() : Optional.of(duration(estimated));
            return new JobRecord(
                    row.getString("id"),
                    new Requester(
                            Optional.ofNullable(row.getString("user")),
                            readNames(row.getString("groups")),
                            Optional.ofNullable(row.getString("project")),
                            Optional.ofNullable(row.getString("tenant"))),
                    new JobRecord.Subject(row.getString("model"), row.getString("prompt")),
                    new JobRecord.Place(
                            row.getLong("number"),
                            row.getInt("priority"),
                            row.getLong("front"),
                            row.getBoolean("held")),
                    new JobRecord.Status(
                            RegisteredState.parse(row.getString("state")),
                            row.getString("reason"),
                            row.getString("message"),
                            progress),
                    new JobRecord.Times(
                            Instant.ofEpochMilli(row.getLong("submitted")),
                            instant(row, "started"),
                            instant(row, "ended")),
                    row.getInt("tries"),
                    new JobRecord.DeviceTime(estimate, duration(row.getDouble("used"))),
                    row.getString("owner"));
        } catch (IllegalArgumentException e) {
            throw new SQLException("job " + row.getString("id") + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static void setMillis(PreparedStatement statement, int index, Optional<Instant> time) throws SQLException {
        if (time.isPresent()) {
            statement.setLong(index, time.get().toEpochMilli());
        } else {
            statement.setNull(index, Types.INTEGER);
        }
    }

    private static double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * MILLIS));
    }

    private static String write(Set<String> names) {
        try {
            return JSON.writeValueAsString(names.stream().sorted().toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> readNames(String json) {
        try {
            return Set.copyOf(JSON.readValue(json, new TypeReference<List<String>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("groups are no list: " + e.getOriginalMessage(), e);
        }
    }
}
