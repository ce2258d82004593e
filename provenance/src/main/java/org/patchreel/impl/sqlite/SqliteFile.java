package org.patchreel.impl.sqlite;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A SQLite file with a schema: opens or makes it, with a write-ahead log, brings a file of an earlier version to the latest one,
 * and refuses files of other programs and later versions. Several processes may use one file.
 *
 * @param path of the file
 * @param content what it holds, for messages, for example {@code manifest repository}
 * @param application number in the header of the file, which tells it from other programs' databases
 * @param versions of the schema, the first one is 1: the statements that make it of the one before it. A process of an earlier
 *     version may have the file open meanwhile, and has to be able to go on with it
 */
public record SqliteFile(Path path, String content, int application, List<List<String>> versions) {

    /** How long a writer waits for another one, in milliseconds. */
    private static final int BUSY_TIMEOUT = 20_000;

    /** What the index of its write-ahead log takes, in bytes. */
    private static final long MIN_FREE_BYTES = 32_768;

    /** An extended result code has the primary one in its lowest byte. */
    private static final int PRIMARY = 0xff;

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
     * @param library is loaded from there, if this process has not loaded it yet; null for the system's folder of temporary
     *     files
     * @return with auto-commit
     * @throws SQLException if it cannot be opened
     * @throws IOException if the native library cannot be loaded
     * @throws IllegalArgumentException if it has another content or version
     */
    public Connection open(@Nullable NativeLibrary library) throws SQLException, IOException {
        NativeLibrary.load(library);
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
            statement.execute("pragma application_id = " + application);
        } else if (program != application) {
            throw new IllegalArgumentException("it is a database of another program");
        } else if (format < 1 || format > versions.size()) {
            throw new IllegalArgumentException(
                    "it was made by another version of Patchreel: format " + format + ", here is " + versions.size());
        }
        if (format < versions.size()) {
            for (List<String> version : versions.subList(format, versions.size())) {
                for (String each : version) {
                    statement.execute(each);
                }
            }
            statement.execute("pragma user_version = " + versions.size());
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
                    rollBack(statement);
                }
            }
        }
    }

    /** SQLite has rolled back by itself where the disk is full; that it cannot do so again must not hide the cause. */
    private static void rollBack(Statement statement) {
        try {
            statement.execute("rollback");
        } catch (SQLException e) {
            // there is no transaction any more
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    /**
     * Says what went wrong, with its remedy.
     *
     * @param cause from {@link #open} or later
     * @return an exception whose message names the file
     */
    public IOException failure(Exception cause) {
        if (isDamage(cause) || cause instanceof IllegalArgumentException) {
            return new IOException(
                    path + ": cannot be used as " + content + ": " + cause.getMessage()
                            + "; restore it from a backup, or move it away to begin a new one",
                    cause);
        }
        return new IOException(path + ": " + cause.getMessage() + (isDiskFull() ? ": the disk is full" : ""), cause);
    }

    /** A full disk has many codes: it depends on which of its files SQLite could not make larger. */
    private boolean isDiskFull() {
        File folder = path.toAbsolutePath().resolveSibling(".").toFile();
        return folder.exists() && folder.getUsableSpace() < MIN_FREE_BYTES;
    }

    /**
     * {@return whether the file is no database, or its content is damaged}
     *
     * @param cause from {@link #open} or later
     */
    public static boolean isDamage(Exception cause) {
        if (!(cause instanceof SQLiteException sqlite)) {
            return false;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return (code.code & PRIMARY) == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    /**
     * {@return the failure of a file in which a check has found damage}
     *
     * @param found by the check
     */
    public static SQLException damage(String found) {
        return new SQLiteException(found, SQLiteErrorCode.SQLITE_CORRUPT);
    }
}
