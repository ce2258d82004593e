package org.patchreel.benchmarks.watermark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where a measurement ran. */
final class Machine {
    private Machine() {}

    /**
     * Describes processor, Java, commit and day in one line.
     *
     * @throws IOException if {@code /proc/cpuinfo} cannot be read
     */
    static String description() throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
        return String.format(
                "On %s, %d processors; Java %s, commit %s, %s.",
                processor,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                System.getProperty("patchreel.commit", "unknown"),
                LocalDate.now(ZoneOffset.UTC));
    }
}
