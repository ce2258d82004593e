package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
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
     * @return with auto-commit
     * @throws SQLException if it cannot be opened
     * @throws IllegalArgumentException if it is no store of manifests of this version
     */
    static Connection open(Path file, @Nullable Path natives) throws SQLException, IOException {
        loadNatives(natives);
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            useWriteAheadLog(statement);
            write(connection, opened -> {
                checkSchema(statement);
                return true;
            });
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The busy timeout does not hold for this change, and another process may be making the file, too. */
    private static void useWriteAheadLog(Statement statement) throws SQLException {
        long end = System.nanoTime() + BUSY_TIMEOUT * 1_000_000L;
        while (true) {
            try {
                statement.execute("pragma journal_mode = wal");
                return;
            } catch (SQLiteException e) {
                boolean busy = e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY
                        || e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY_RECOVERY;
                if (!busy || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static void checkSchema(Statement statement) throws SQLException {
        int version = number(statement, "pragma user_version");
        int application = number(statement, "pragma application_id");
        if (version == 0 && application == 0 && number(statement, "select count(*) from sqlite_schema") == 0) {
            for (String each : SCHEMA) {
                statement.execute(each);
            }
            statement.execute("pragma application_id = " + APPLICATION);
            statement.execute("pragma user_version = " + VERSION);
        } else if (application != APPLICATION) {
            throw new IllegalArgumentException("it is a database of another program");
        } else if (version != VERSION) {
            throw new IllegalArgumentException(
                    "it was made by another version of Patchreel: format " + version + ", here is " + VERSION);
        }
    }

    /** What is done with a connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Does something in one transaction that takes the lock for writing at once: one that reads first would fail if another
     * process wrote in between.
     */
    static <T> T write(Connection connection, Work<T> work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
            boolean done = false;
            try {
                T result = work.run(connection);
                statement.execute("commit");
                done = true;
                return result;
            } finally {
                if (!done) {
                    statement.execute("rollback");
                }
            }
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
            withdrawDriver();
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

    /** The driver registers itself for the whole process, which would hold it after this bundle has gone. */
    private static void withdrawDriver() throws SQLException {
        JDBC.isValidURL(""); // the class registers it when it is initialised
        for (Driver driver :
                DriverManager.drivers().filter(JDBC.class::isInstance).toList()) {
            DriverManager.deregisterDriver(driver);
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
