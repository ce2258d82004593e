package org.patchreel.impl.jobs;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.Cost;

/**
 * The table of what accounts used, a row for each of their days. It is kept when jobs are forgotten. Costs are whole numbers of the
 * last digit of a {@link Price}, so that sums are exact.
 */
final class UsageTable {

    /** The statement that makes it. */
    static final String SCHEMA = """
            create table usage(
              day integer not null, kind text not null, name text not null,
              clips integer not null, millis integer not null, cost integer not null,
              primary key(kind, name, day)) without rowid""";

    private UsageTable() {}

    static void add(
            Connection connection,
            LocalDate day,
            List<Account> accounts,
            boolean completed,
            Duration time,
            Optional<Cost> cost)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into usage(day, kind, name, clips, millis, cost) values(?,?,?,?,?,?)"
                        + " on conflict do update set clips = clips + excluded.clips, millis = millis + excluded.millis,"
                        + " cost = cost + excluded.cost")) {
            for (Account account : accounts) {
                insert.setLong(1, day.toEpochDay());
                insert.setString(2, account.kind().label());
                insert.setString(3, account.name());
                insert.setInt(4, completed ? 1 : 0);
                insert.setLong(5, time.toMillis());
                insert.setLong(
                        6,
                        cost.map(each -> each.amount()
                                        .movePointRight(Price.SCALE)
                                        .longValue())
                                .orElse(0L));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static Duration used(Connection connection, LocalDate day, Account account) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select millis from usage where kind = ? and name = ? and day = ?")) {
            select.setString(1, account.kind().label());
            select.setString(2, account.name());
            select.setLong(3, day.toEpochDay());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Duration.ofMillis(rows.getLong(1)) : Duration.ZERO;
            }
        }
    }

    /** {@return what the accounts of a kind used since a day, those that used most first} */
    static List<Usage> list(Connection connection, Account.Kind kind, LocalDate since) throws SQLException {
        List<Usage> usages = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select name, sum(clips), sum(millis), sum(cost) from usage where kind = ? and day >= ?"
                        + " group by name order by 3 desc, name")) {
            select.setString(1, kind.label());
            select.setLong(2, since.toEpochDay());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    usages.add(new Usage(
                            new Account(kind, rows.getString(1)),
                            rows.getLong(2),
                            Duration.ofMillis(rows.getLong(3)),
                            BigDecimal.valueOf(rows.getLong(4), Price.SCALE).stripTrailingZeros()));
                }
            }
        }
        return usages;
    }
}
