package org.patchreel.web.metrics;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes metrics as Prometheus reads them: {@code stage_seconds} is {@code patchreel_stage_seconds_total}. What cannot be read is
 * left out and counted in {@code patchreel_unreadable_metrics}: the rest is of use, most of all then.
 */
final class PrometheusText {

    private static final Logger LOG = LoggerFactory.getLogger(PrometheusText.class);

    private static final String PREFIX = "patchreel_";

    /** From here on not every whole number is a double. */
    private static final double MAX_WHOLE = 1L << 53;

    /** Formats, which differ in the names of counters, in escapes and in the end. */
    enum Format {
        /** The one that everything reads. */
        TEXT("text/plain; version=0.0.4; charset=utf-8"),
        /** Its successor. */
        OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        /** {@return what a client reads that sends such a header} */
        static Format accepted(String accept) {
            return accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        }

        String contentType() {
            return contentType;
        }
    }

    private final Format format;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> written = new HashSet<>();
    private int unreadable;

    private PrometheusText(Format format) {
        this.format = format;
    }

    /** {@return the metrics of the sources, in the order of their subjects} */
    static String of(List<MetricSource> sources, Format format) {
        PrometheusText page = new PrometheusText(format);
        sources.stream()
                .sorted(Comparator.comparing(MetricSource::subject))
                .flatMap(source -> source.metrics().stream())
                .forEach(page::add);
        page.add(Metric.gauge(
                "unreadable_metrics",
                "metrics",
                "Metrics that are missing here, because they could not be read",
                () -> page.unreadable));
        return page.text + (format == Format.OPEN_METRICS ? "# EOF\n" : "");
    }

    /** A name that was there already would spoil the page. */
    private void add(Metric metric) {
        try {
            Map<String, Double> values = metric.read();
            if (written.add(metric.name())) {
                write(metric, values);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The metric {} cannot be read", metric.name(), e);
            unreadable++;
        }
    }

    private void write(Metric metric, Map<String, Double> values) {
        String sample = PREFIX + metric.name() + (metric.kind() == Metric.Kind.COUNTER ? "_total" : "");
        String family = format == Format.OPEN_METRICS ? PREFIX + metric.name() : sample;
        comment("TYPE", family, metric.kind() == Metric.Kind.COUNTER ? "counter" : "gauge");
        if (format == Format.OPEN_METRICS && metric.name().endsWith("_" + metric.unit())) {
            comment("UNIT", family, metric.unit());
        }
        comment("HELP", family, help(metric.description()));
        values.forEach((key, value) -> {
            text.append(sample);
            metric.label()
                    .ifPresent(label -> text.append('{')
                            .append(label.name())
                            .append("=\"")
                            .append(quoted(key))
                            .append("\"}"));
            text.append(' ').append(number(value)).append('\n');
        });
    }

    private void comment(String keyword, String family, String content) {
        text.append("# ")
                .append(keyword)
                .append(' ')
                .append(family)
                .append(' ')
                .append(content)
                .append('\n');
    }

    private String help(String help) {
        return format == Format.OPEN_METRICS ? quoted(help) : escaped(help);
    }

    private static String quoted(String value) {
        return escaped(value).replace("\"", "\\\"");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
