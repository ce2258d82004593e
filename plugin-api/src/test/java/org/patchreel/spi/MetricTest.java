package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.Metric.Label;

class MetricTest {

    private static final Label STATE = new Label("state", List.of("queued", "running"));

    @Test
    void hasANumberForEachValueOfItsLabelInItsOrderAndNoOther() throws IOException {
        Metric jobs = Metric.gauge("jobs", "jobs", "Jobs", STATE, () -> Map.of("running", 2L, "unknown", 7L));
        Map<String, Double> values = jobs.read();
        assertEquals(List.of("queued", "running"), new ArrayList<>(values.keySet()));
        assertEquals(List.of(0.0, 2.0), new ArrayList<>(values.values()));
    }

    @Test
    void withoutALabelHasOneValue() throws IOException {
        Metric clips = Metric.counter("clips", "clips", "Clips that were stored", () -> 3);
        assertEquals(Map.of("", 3.0), clips.read());
        assertEquals("Clips that were stored [clips]", clips.description());
    }

    @Test
    void isReadWhenItIsAskedFor() {
        Metric broken = Metric.gauge("jobs", "jobs", "Jobs", () -> {
            throw new IOException("the register is closed");
        });
        assertEquals(
                "the register is closed",
                assertThrows(IOException.class, broken::read).getMessage());
    }

    @Test
    void namesAreWordsThatEveryViewCanShow() {
        for (String wrong :
                List.of("", "Jobs", "queue-length", "queue__length", "_jobs", "jobs_", "1st", "clips_total")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> Metric.gauge(wrong, "jobs", "Jobs", () -> 0));
            assertTrue(String.valueOf(refused.getMessage()).contains(wrong), refused.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> new Label("State", List.of()));
    }

    @Test
    void saysInOneLineWhatIsMeasuredAndInWhichUnit() {
        assertThrows(IllegalArgumentException.class, () -> Metric.gauge("jobs", "", "Jobs", () -> 0));
        assertThrows(IllegalArgumentException.class, () -> Metric.gauge("jobs", "jobs", "Jobs\nthat wait", () -> 0));
    }
}
