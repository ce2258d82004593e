package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;

/** Opens the file of a {@link ManifestStore}: settings, schema and its version, and failures in words. */
final class ManifestDatabase {

    /** In the header of the file: tells it from other programs' databases. */
    private static final int APPLICATION = 0x50724d73;

    private static final int VERSION = 1;

    /** How long a writer waits for another one, in milliseconds. */
    private static final int BUSY_TIMEOUT = 20_000;

    private static final String NATIVES = "org.sqlite.tmpdir";

    private static final String[] SCHEMA = {
        """
        create table clip(
          id integer primary key,
          asset text not null unique,
          watermark blob not null,
          label text not null,
          created integer not null,
          manifest blob not null,
          fingerprint blob not null)""",
        "create index clip_watermark on clip(watermark)",
        "create index clip_label on clip(label)",
        "create table lookup(key integer not null, clip integer not null, primary key(key, clip)) without rowid",
    };

    private ManifestDatabase() {}

    /**
     * Opens or makes the file.
     *
     * @param natives folder that the native library is unpacked into; null for the system's one
     * @return without auto-commit
     * @throws SQLException if it cannot be opened, or is no store of manifests of this version
     */
    static Connection open(Path file, @Nullable Path natives) throws SQLException, IOException {
        loadNatives(natives);
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        // a transaction that reads and then writes would fail at once if another one wrote in between
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        Connection connection = source.getConnection();
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode = wal");
            }
            connection.setAutoCommit(false);
            migrate(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = number(statement, "pragma user_version");
            int application = number(statement, "pragma application_id");
            if (version == 0 && application == 0 && number(statement, "select count(*) from sqlite_schema") == 0) {
                connection.rollback();
                // takes the lock for writing: another process may be making the tables right now
                statement.execute("pragma application_id = " + APPLICATION);
                if (number(statement, "pragma user_version") == 0) {
                    for (String each : SCHEMA) {
                        statement.execute(each);
                    }
                    statement.execute("pragma user_version = " + VERSION);
                }
                connection.commit();
                return;
            }
            if (application != APPLICATION) {
                throw new IllegalArgumentException("it is a database of another program");
            }
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "it was made by another version of Patchreel: format " + version + ", here is " + VERSION);
            }
            connection.commit();
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    /** The property is read when the library is loaded; it is set for that moment only, others may use SQLite, too. */
    private static synchronized void loadNatives(@Nullable Path natives) throws IOException {
        String before = System.getProperty(NATIVES);
        try {
            if (natives != null && before == null) {
                Files.createDirectories(natives);
                System.setProperty(NATIVES, natives.toString());
            }
            SQLiteJDBCLoader.initialize();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("SQLite cannot be loaded: " + e.getMessage(), e);
        } finally {
            if (before == null) {
                System.clearProperty(NATIVES);
            }
        }
    }

    /** {@return what went wrong with a file, with its mend} */
    static IOException failure(Path file, Exception cause) {
        boolean damaged = cause instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT);
        if (damaged || cause instanceof IllegalArgumentException) {
            return new IOException(
                    file + ": cannot be used as manifest store: " + cause.getMessage()
                            + "; restore it from a backup, or move it away to begin a new one",
                    cause);
        }
        return new IOException(file + ": " + cause.getMessage(), cause);
    }
}
