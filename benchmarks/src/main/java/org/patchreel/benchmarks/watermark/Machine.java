package org.patchreel.benchmarks.watermark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/** Where a measurement ran. */
final class Machine {
    private Machine() {}

    /**
     * Describes processor, Java and day in one line.
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
                "On %s, %d processors; Java %s, %s.",
                processor,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                LocalDate.now(java.time.ZoneOffset.UTC));
    }
}
