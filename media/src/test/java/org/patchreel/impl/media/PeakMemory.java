package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Watches the resident memory of this process, native memory included, and of those that it starts. */
final class PeakMemory implements AutoCloseable {
    private static final int POLL_MILLIS = 2;

    private final long before = kibibytes(ProcessHandle.current(), "VmRSS:");
    private final byte[] ownCommandLine = commandLine(ProcessHandle.current());
    private final Thread watcher = new Thread(this::watch, "peak memory");
    private volatile boolean stopped;
    private volatile long own = before;
    private volatile long child;

    PeakMemory() {
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watch() {
        while (!stopped) {
            own = Math.max(own, kibibytes(ProcessHandle.current(), "VmRSS:"));
            List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
            for (ProcessHandle each : children) {
                // Until it runs its own program, a new process has the memory of the one that starts it (vfork(2)).
                if (Arrays.equals(commandLine(each), ownCommandLine)) {
                    continue;
                }
                child = Math.max(child, kibibytes(each, "VmHWM:"));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A line of what Linux tells of a process; 0 once it has ended. */
    private static long kibibytes(ProcessHandle process, String key) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static byte[] commandLine(ProcessHandle process) {
        try {
            return Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** {@return MiB by which this process grew at most} */
    long growthOfThisProcess() {
        return (own - before) >> 10;
    }

    /** {@return MiB that the largest process it started had at most} */
    long ofAnyChild() {
        return child >> 10;
    }

    @Override
    public void close() {
        stopped = true;
        watcher.interrupt();
    }
}
