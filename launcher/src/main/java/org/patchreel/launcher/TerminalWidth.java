package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.function.IntSupplier;

/** How wide a terminal is: asked when somebody wants to know, and again when it was resized. */
final class TerminalWidth {

    private static final int UNKNOWN = 0;

    private final IntSupplier terminal;
    private volatile boolean stale = true;
    private int columns;

    /**
     * Knows nothing yet.
     *
     * @param terminal is asked; that may start a process
     */
    TerminalWidth(IntSupplier terminal) {
        this.terminal = terminal;
    }

    /** {@return the width in columns, 0 if it is unknown} */
    synchronized int columns() {
        if (stale) {
            stale = false;
            columns = terminal.getAsInt();
        }
        return columns;
    }

    /** Notes that the terminal may have another width now. */
    void resized() {
        stale = true;
    }

    /** {@return the width of the terminal that the standard error goes to} */
    static int ofStandardError() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/proc/self/fd/2"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] rowsAndColumns = new String(process.getInputStream().readAllBytes(), US_ASCII)
                    .strip()
                    .split(" ", -1);
            return rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : UNKNOWN;
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN;
        }
    }
}
