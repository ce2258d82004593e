package org.patchreel.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short drill with real processes; {@code benchmarks/drill} runs long ones. */
@Timeout(900)
class DrillTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Shared with other tests of the process, so that the native libraries are unpacked once. */
    private static final Path UNPACKED = Path.of("target", "home").toAbsolutePath();

    @Test
    void everyJobIsStoredOnceOrFailsWithAReasonWhateverDies(@TempDir Path folder) throws Exception {
        Drill.Plan plan = new Drill.Plan(20301, 25, 60, true);
        try (Drill drill = new Drill(plan, new Homes(folder, ROOT, UNPACKED))) {
            DrillReport report = drill.run();
            assertEquals(List.of(), report.findings(), report.toString());
            assertEquals(plan.kills(), report.kills());
            assertEquals(plan.jobs(), report.stored() + report.failures());
        }
    }
}
