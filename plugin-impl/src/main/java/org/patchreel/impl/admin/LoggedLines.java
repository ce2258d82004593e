package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.slf4j.Logger;

/** Passes lines of text on to a log, without what would control a terminal that shows the log. */
final class LoggedLines extends OutputStream {

    /** A line that does not end is cut. */
    private static final int MAX_LENGTH = 10_000;

    private final Logger log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LoggedLines(Logger log) {
        this.log = log;
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n' || line.size() >= MAX_LENGTH) {
            end();
        }
        if (b != '\n' && b != '\r') {
            line.write(b);
        }
    }

    private void end() {
        if (line.size() > 0) {
            log.info("{}", PrintableLine.of(line.toString(UTF_8)));
            line.reset();
        }
    }

    @Override
    public synchronized void close() {
        end();
    }
}
