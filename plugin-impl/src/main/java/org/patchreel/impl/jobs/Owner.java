package org.patchreel.impl.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that works on jobs. The number of a process is given to another one later, in a container at once: its start tells
 * them apart.
 *
 * @param pid number of the process
 * @param start when it was started, in milliseconds since 1970; 0 if the system does not say
 */
record Owner(long pid, long start) {

    private static final Owner CURRENT = of(ProcessHandle.current());

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})@(\\d{1,18})");

    /** {@return this process} */
    static Owner current() {
        return CURRENT;
    }

    private static Owner of(ProcessHandle process) {
        return new Owner(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    /** {@return the owner that a text names, as {@link #toString} writes it; empty if it names none} */
    static Optional<Owner> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Owner(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** {@return whether it is another process than this one and lives} */
    boolean isAnotherAlive() {
        return !equals(current())
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .map(Owner::of)
                        .filter(found -> found.start == start || found.start == 0 || start == 0)
                        .isPresent();
    }

    @Override
    public String toString() {
        return pid + "@" + start;
    }
}
