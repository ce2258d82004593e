package org.patchreel.launcher;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;

/**
 * Prints what bundles log as an error, such as a component that cannot be activated, to the standard error. Without a log
 * service they would print all sorts of things to the standard output, which is for results.
 */
@Component(
        service = {},
        immediate = true)
public final class LoggedErrors implements LogListener {

    private final LogReaderService reader;

    /**
     * Begins to listen.
     *
     * @param reader hands the entries over
     */
    @Activate
    public LoggedErrors(@Reference LogReaderService reader) {
        this.reader = reader;
        reader.addLogListener(this);
    }

    @Override
    public void logged(LogEntry entry) {
        if (entry.getLogLevel() == LogLevel.ERROR) {
            System.err.println(PrintableLine.of(
                    entry.getBundle().getSymbolicName() + ": " + entry.getMessage() + reason(entry.getException())));
        }
    }

    /** What lies at the bottom: an exception's message, or that of its innermost cause. */
    private static String reason(@Nullable Throwable exception) {
        Throwable innermost = exception;
        while (innermost != null && innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost == null || innermost.getMessage() == null ? "" : ": " + innermost.getMessage();
    }

    @Deactivate
    void close() {
        reader.removeLogListener(this);
    }
}
