package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.concurrent.CancellationException;
import java.util.function.IntSupplier;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;

/**
 * Where a command prints.
 *
 * @param out for results
 * @param err for progress and messages
 * @param columns how wide the terminal of {@code err} is; asked again and again, as people resize it; 0 if it is not a terminal
 * @param piped whether {@code out} is a pipe or a file although {@code err} may be a terminal
 * @param shared whether both go to the same place, where progress would disturb who reads results as JSON
 */
record Console(PrintStream out, PrintStream err, IntSupplier columns, boolean piped, boolean shared) {

    /** Variable of the session: the exit status that a command asks for. Shells of hosts have no use for it. */
    static final String STATUS = "patchreel.status";

    /** Variable of the session: the {@link PrintStream} of the standard error, where that is not the session's output. */
    static final String ERR = "patchreel.err";

    /** Variable of the session: {@code true} if its standard output is a pipe or a file. */
    static final String PIPED = "patchreel.piped";

    /** Variable of the session: a {@link Runnable} that interrupts the command at work, which then ends in order. */
    static final String INTERRUPT = "patchreel.interrupt";

    private static final int DEFAULT_COLUMNS = 80;

    static final int FAILED = 1;
    static final int MISTAKE = 2;
    static final int CANCELLED = 130;

    /** What a command does. */
    @FunctionalInterface
    interface Body {
        /** {@return the exit status} */
        int run(Console console) throws Exception;
    }

    /** A console without a terminal: a file, a pipe or a log. */
    static Console lines(PrintStream out, PrintStream err) {
        return new Console(new PrintableStream(out), new PrintableStream(err), () -> 0, true, false);
    }

    /**
     * The console of a session. Shells with a terminal keep its type and width in the variables TERM and COLUMNS. Karaf's
     * loses what is printed to {@link System#err} in a command that came by SSH, and Gogo passes no flush on: what shall be
     * seen at once goes to the session's own stream, unless the app's launcher names a better one.
     */
    static Console of(CommandSession session) {
        IntSupplier columns = () -> columns(session.get("TERM"), session.get("COLUMNS"));
        boolean piped = Boolean.TRUE.equals(session.get(PIPED));
        return session.get(ERR) instanceof PrintStream err
                ? new Console(new PrintableStream(System.out), new PrintableStream(err), columns, piped, false)
                : new Console(
                        new PrintableStream(System.out),
                        new PrintableStream(session.getConsole()),
                        columns,
                        piped,
                        true);
    }

    /** {@return whether a command shall show no progress} */
    boolean isQuiet(Arguments given) {
        return given.has("--quiet") || (shared && given.has("--json"));
    }

    /** {@return how wide the terminal of {@code out} is; 0 if it is not a terminal} */
    int outputColumns() {
        return piped ? 0 : columns.getAsInt();
    }

    boolean isTerminal() {
        return columns.getAsInt() > 0;
    }

    /**
     * Runs a command on the console of a session, which takes the exit status.
     *
     * @throws CommandException if the caller made a mistake, the job was cancelled or could not be done
     * @throws Exception any unexpected failure, which belongs into the log
     */
    static void run(CommandSession session, Body body) throws Exception {
        Object outer = session.put(INTERRUPT, (Runnable) Thread.currentThread()::interrupt);
        try {
            int status = body.run(of(session));
            // A script continues after such a command; its exit status is that of the first failure.
            if (status != 0 && session.get(STATUS) == null) {
                session.put(STATUS, status);
            }
        } catch (CommandException e) {
            if (session.get(STATUS) == null) {
                session.put(STATUS, FAILED);
            }
            throw e;
        } catch (IllegalArgumentException e) {
            throw ended(session, MISTAKE, message(e), e.getCause());
        } catch (InterruptedException | CancellationException e) {
            throw ended(session, CANCELLED, "cancelled", null);
        } catch (GenerationException e) {
            // The generator has logged it.
            throw ended(session, FAILED, message(e), e);
        } catch (Exception e) {
            session.put(STATUS, FAILED);
            throw e;
        } finally {
            session.put(INTERRUPT, outer);
        }
    }

    private static CommandException ended(
            CommandSession session, int status, String message, @Nullable Throwable cause) {
        session.put(STATUS, status);
        return new CommandException(message, cause);
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    private static int columns(@Nullable Object type, @Nullable Object columns) {
        if (type == null || columns == null || type.equals("dumb")) {
            return 0;
        }
        try {
            int width = Integer.parseInt(columns.toString());
            // Some terminals do not know how wide they are.
            return width > 0 ? width : DEFAULT_COLUMNS;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
