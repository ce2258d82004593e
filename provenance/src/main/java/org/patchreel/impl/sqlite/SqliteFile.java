package org.patchreel.impl.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;

/**
 * A SQLite file with a schema: opens or makes it, with a write-ahead log, and refuses files of other programs and other
 * versions. Several processes may use one file.
 *
 * @param path of the file
 * @param content what it holds, for messages, for example {@code manifest repository}
 * @param application number in the header of the file, which tells it from other programs' databases
 * @param version of the schema
 * @param schema the statements that make it
 */
public record SqliteFile(Path path, String content, int application, int version, List<String> schema) {

    /** How long a writer waits for another one, in milliseconds. */
    private static final int BUSY_TIMEOUT = 20_000;

    private static final String NATIVES = "org.sqlite.tmpdir";

    private static boolean loaded;

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @param connection to the file
         * @return the result
         * @throws SQLException if it cannot be done
         */
        T run(Connection connection) throws SQLException;
    }

    /**
     * Opens or makes the file.
     *
     * @param natives folder that the native library is unpacked into, if this process has not loaded it yet; null for the
     *     system's one
     * @return with auto-commit
     * @throws SQLException if it cannot be opened
     * @throws IOException if the native library cannot be loaded
     * @throws IllegalArgumentException if it has another content or version
     */
    public Connection open(@Nullable Path natives) throws SQLException, IOException {
        load(natives);
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
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

    private void checkSchema(Statement statement) throws SQLException {
        int format = number(statement, "pragma user_version");
        int program = number(statement, "pragma application_id");
        if (format == 0 && program == 0 && number(statement, "select count(*) from sqlite_schema") == 0) {
            for (String each : schema) {
                statement.execute(each);
            }
            statement.execute("pragma application_id = " + application);
            statement.execute("pragma user_version = " + version);
        } else if (program != application) {
            throw new IllegalArgumentException("it is a database of another program");
        } else if (format != version) {
            throw new IllegalArgumentException(
                    "it was made by another version of Patchreel: format " + format + ", here is " + version);
        }
    }

    /**
     * Does something in one transaction that takes the lock for writing at once: one that reads first would fail if another
     * process wrote in between.
     *
     * @param connection to the file
     * @param work to do
     * @param <T> type of the result
     * @return the work's result
     * @throws SQLException if it fails; nothing is changed then
     */
    public static <T> T write(Connection connection, Work<T> work) throws SQLException {
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

    /**
     * Loads the native library, once in the life of this bundle. The property is read while it is loaded, and set for that
     * moment only: others may use SQLite, too.
     */
    private static synchronized void load(@Nullable Path natives) throws IOException {
        if (loaded) {
            return;
        }
        boolean ours = natives != null && System.getProperty(NATIVES) == null;
        try {
            if (natives != null && ours) {
                Files.createDirectories(natives);
                System.setProperty(NATIVES, natives.toString());
            }
            SQLiteJDBCLoader.initialize();
            withdrawDriver();
            loaded = true;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("SQLite cannot be loaded: " + e.getMessage(), e);
        } finally {
            if (ours) {
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

    /**
     * Says what went wrong, with its remedy.
     *
     * @param cause from {@link #open} or later
     * @return an exception whose message names the file
     */
    public IOException failure(Exception cause) {
        boolean damaged = cause instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT);
        if (damaged || cause instanceof IllegalArgumentException) {
            return new IOException(
                    path + ": cannot be used as " + content + ": " + cause.getMessage()
                            + "; restore it from a backup, or move it away to begin a new one",
                    cause);
        }
        return new IOException(path + ": " + cause.getMessage(), cause);
    }
}
