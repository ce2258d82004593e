package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of metrics for operators has those that there are. */
class MetricNamesTest {

    private static final Pattern METRIC = Pattern.compile("Metric\\.(?:gauge|counter)\\(\\s*\"([a-z_]+)\"");
    private static final Pattern ROW =
            Pattern.compile("\\| (`[a-z_]+`(?:, `[a-z_]+`)*)(?:, counters?)?(?: by `[a-z]+`)? \\| .* \\| .* \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

    @Test
    void theTableForOperatorsHasEachMetricOnce() throws IOException {
        Set<String> measured = new TreeSet<>();
        for (Path file : Documentation.files(".java")) {
            if (Documentation.name(file).contains("src/main/")) {
                METRIC.matcher(Files.readString(file)).results().forEach(metric -> measured.add(metric.group(1)));
            }
        }
        // Prometheus alone has it
        assertTrue(measured.remove("unreadable_metrics"), measured.toString());
        assertTrue(measured.size() > 10, measured.toString());
        Set<String> listed = new TreeSet<>();
        boolean within = false;
        for (String line : Documentation.page("docs/operating.md").lines()) {
            if (line.startsWith("#") || (line.isBlank() && !listed.isEmpty())) {
                within = line.equals("## Metrics");
            }
            if (within) {
                ROW.matcher(line)
                        .results()
                        .forEach(row -> NAME.matcher(row.group(1))
                                .results()
                                .forEach(name -> assertTrue(listed.add(name.group(1)), line)));
            }
        }
        assertEquals(measured, listed);
    }
}
