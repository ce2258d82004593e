package org.patchreel.web.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;
import org.patchreel.spi.MetricSource;
import org.patchreel.web.metrics.Exposition.Family;
import org.patchreel.web.metrics.PrometheusText.Format;

class PrometheusTextTest {

    private static MetricSource source(String subject, Metric... metrics) {
        return new MetricSource() {
            @Override
            public String subject() {
                return subject;
            }

            @Override
            public List<Metric> metrics() {
                return List.of(metrics);
            }
        };
    }

    private static final Metric STAGES = Metric.counter(
            "stage_seconds",
            "seconds",
            "Time that each stage took",
            new Label("stage", List.of("sampling", "decoding")),
            () -> Map.of("sampling", 2.5));

    private static Map<String, Family> read(MetricSource... sources) {
        return Exposition.read(PrometheusText.of(List.of(sources), Format.TEXT));
    }

    private static Family family(Map<String, Family> families, String name) {
        return Objects.requireNonNull(families.get(name), name);
    }

    @Test
    void aCounterEndsWithTotalAndAGaugeWithItsUnit() {
        Map<String, Family> families = read(
                source("Clips", STAGES, Metric.counter("clips", "clips", "Clips", () -> 3)),
                source("Models", Metric.gauge("weights_bytes", "bytes", "Memory", () -> 5_000_000_000.0)));
        assertEquals(
                List.of(
                        "patchreel_stage_seconds_total",
                        "patchreel_clips_total",
                        "patchreel_weights_bytes",
                        "patchreel_unreadable_metrics"),
                new ArrayList<>(families.keySet()));
        assertEquals(
                new Family(
                        "counter",
                        "Time that each stage took [seconds]",
                        Map.of("stage=sampling", 2.5, "stage=decoding", 0.0)),
                family(families, "patchreel_stage_seconds_total"));
        assertEquals(new Family("gauge", "Memory [bytes]", Map.of("", 5e9)), families.get("patchreel_weights_bytes"));
    }

    @Test
    void theTextIsAsTheFormatHasIt() {
        assertEquals("""
                # TYPE patchreel_stage_seconds_total counter
                # HELP patchreel_stage_seconds_total Time that each stage took [seconds]
                patchreel_stage_seconds_total{stage="sampling"} 2.5
                patchreel_stage_seconds_total{stage="decoding"} 0
                # TYPE patchreel_unreadable_metrics gauge
                # HELP patchreel_unreadable_metrics Metrics that are missing here, because they could not be read [metrics]
                patchreel_unreadable_metrics 0
                """, PrometheusText.of(List.of(source("Clips", STAGES)), Format.TEXT));
    }

    @Test
    void openMetricsNamesTheFamilyWithoutTotalAndHasAnEnd() {
        assertEquals("""
                # TYPE patchreel_stage_seconds counter
                # UNIT patchreel_stage_seconds seconds
                # HELP patchreel_stage_seconds Time that each stage took [seconds]
                patchreel_stage_seconds_total{stage="sampling"} 2.5
                patchreel_stage_seconds_total{stage="decoding"} 0
                # TYPE patchreel_unreadable_metrics gauge
                # UNIT patchreel_unreadable_metrics metrics
                # HELP patchreel_unreadable_metrics Metrics that are missing here, because they could not be read [metrics]
                patchreel_unreadable_metrics 0
                # EOF
                """, PrometheusText.of(List.of(source("Clips", STAGES)), Format.OPEN_METRICS));
    }

    @Test
    void labelsAndHelpAreEscaped() {
        String hostile = "a\"} 1\nx_total 9 \\n";
        Metric metric = Metric.gauge(
                "workers",
                "workers",
                "A \"word\" and \\n",
                new Label("name", List.of(hostile)),
                () -> Map.of(hostile, 4));
        Family family = read(source("Workers", metric)).get("patchreel_workers");
        assertEquals(new Family("gauge", "A \"word\" and \\n [workers]", Map.of("name=" + hostile, 4.0)), family);
    }

    @Test
    void numbersThatAreNoneAreWrittenAsPrometheusReadsThem() {
        Label label = new Label("of", List.of("a", "b", "c", "d", "e", "f"));
        Map<String, Double> values = Map.of(
                "a",
                Double.NaN,
                "b",
                Double.POSITIVE_INFINITY,
                "c",
                Double.NEGATIVE_INFINITY,
                "d",
                1e300,
                "e",
                -2.5e-7,
                "f",
                1234567890123.0);
        Map<String, Double> read = family(
                        read(source("X", Metric.gauge("x", "things", "X", label, () -> values))), "patchreel_x")
                .samples();
        values.forEach((key, value) -> assertEquals(value, read.get("of=" + key), key));
    }

    @Test
    void whatCannotBeReadIsLeftOutAndCounted() {
        Metric closed = Metric.gauge("jobs", "jobs", "Jobs", () -> {
            throw new IOException("the register is closed");
        });
        Metric broken = Metric.gauge("queue_length", "jobs", "Jobs", () -> {
            throw new IllegalStateException("a fault");
        });
        Map<String, Family> families = read(source("Jobs", closed, broken), source("Clips", STAGES));
        assertFalse(families.containsKey("patchreel_jobs"));
        assertEquals(
                Map.of("stage=sampling", 2.5, "stage=decoding", 0.0),
                family(families, "patchreel_stage_seconds_total").samples());
        assertEquals(
                Map.of("", 2.0),
                family(families, "patchreel_unreadable_metrics").samples());
    }

    @Test
    void aNameThatTwoSourcesHaveIsThereOnce() {
        Metric same = Metric.gauge("jobs", "jobs", "Jobs of another bundle", () -> 7);
        Map<String, Family> families =
                read(source("Others", same), source("Jobs", Metric.gauge("jobs", "jobs", "Jobs", () -> 1)));
        assertEquals(new Family("gauge", "Jobs [jobs]", Map.of("", 1.0)), families.get("patchreel_jobs"));
    }
}
