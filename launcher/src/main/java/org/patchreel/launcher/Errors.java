package org.patchreel.launcher;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CancellationException;

/** Tells why a command failed, in one line, and which exit status that is. */
final class Errors {

    static final int FAILED = 1;
    static final int MISTAKE = 2;
    static final int CANCELLED = 130;

    private final PrintStream err;
    private final boolean debug;

    Errors(PrintStream err, boolean debug) {
        this.err = err;
        this.debug = debug;
    }

    int report(Exception failure) {
        String message = failure.getMessage();
        String text = message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
        boolean cancelled = failure instanceof CancellationException || failure instanceof InterruptedException;
        err.println("patchreel: " + PrintableLine.of(cancelled ? "cancelled" : text));
        if (debug) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().forEach(line -> err.println(PrintableLine.of(line.replace('\t', ' '))));
        }
        if (failure instanceof IllegalArgumentException) {
            return MISTAKE;
        }
        return cancelled ? CANCELLED : FAILED;
    }
}
