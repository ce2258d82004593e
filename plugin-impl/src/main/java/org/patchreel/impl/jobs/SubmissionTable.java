package org.patchreel.impl.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * The table of what jobs were submitted with under IDs that their callers chose. It stands beside the table of jobs, because a
 * row is written before its job is.
 */
final class SubmissionTable {

    static final String SCHEMA =
            "create table submission(id text primary key, digest text not null, written integer not null) without rowid";

    private SubmissionTable() {}

    static boolean put(Connection connection, String id, String digest, Instant now) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into submission(id, digest, written) values(?,?,?)"
                        + " on conflict do update set digest = excluded.digest, written = excluded.written")) {
            insert.setString(1, id);
            insert.setString(2, digest);
            insert.setLong(3, now.toEpochMilli());
            return insert.executeUpdate() > 0;
        }
    }

    static Optional<String> find(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select digest from submission where id = ?")) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }

    /** Forgets rows without a job; a young one may be that of a job which is being submitted. */
    static void forget(Connection connection, Instant before) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from submission where written < ? and id not in (select id from job)")) {
            delete.setLong(1, before.toEpochMilli());
            delete.executeUpdate();
        }
    }
}
