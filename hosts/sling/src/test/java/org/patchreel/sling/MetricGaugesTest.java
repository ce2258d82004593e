package org.patchreel.sling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.sling.commons.metrics.Gauge;
import org.apache.sling.commons.metrics.MetricsService;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;
import org.patchreel.spi.MetricSource;

class MetricGaugesTest {

    /** The gauges that Sling finds in the service registry, by their names. */
    private final Map<String, Gauge<?>> found = new TreeMap<>();

    private final MetricGauges gauges = new MetricGauges(context(), MetricsService.NOOP);

    private double sampled = 2.5;

    private final MetricSource clips = new MetricSource() {
        @Override
        public String subject() {
            return "Clips";
        }

        @Override
        public List<Metric> metrics() {
            return List.of(
                    Metric.counter("frames", "frames", "Frames", () -> 240),
                    Metric.counter(
                            "stage_seconds",
                            "seconds",
                            "Time that each stage took",
                            new Label("stage", List.of("encoding-prompt", "sampling")),
                            () -> Map.of("sampling", sampled)));
        }
    };

    @Test
    void eachValueOfAMetricIsAGaugeThatIsReadWhenSlingAsks() {
        gauges.addSource(clips);
        assertEquals(
                Set.of(
                        "patchreel.frames",
                        "patchreel.stage_seconds.encoding-prompt",
                        "patchreel.stage_seconds.sampling"),
                found.keySet());
        assertEquals(240.0, value("patchreel.frames"));
        assertEquals(0.0, value("patchreel.stage_seconds.encoding-prompt"));
        sampled = 7;
        assertEquals(7.0, value("patchreel.stage_seconds.sampling"));
    }

    @Test
    void gaugesGoWithTheirSource() {
        MetricSource other = closed();
        gauges.addSource(clips);
        gauges.addSource(other);
        gauges.removeSource(clips);
        assertEquals(Set.of("patchreel.jobs"), found.keySet());
        gauges.removeSource(other);
        assertEquals(Set.of(), found.keySet());
    }

    @Test
    void whatCannotBeReadIsNoNumber() {
        gauges.addSource(closed());
        assertEquals(Double.NaN, value("patchreel.jobs"));
    }

    private Object value(String name) {
        return Objects.requireNonNull(found.get(name), name).getValue();
    }

    private static MetricSource closed() {
        return new MetricSource() {
            @Override
            public String subject() {
                return "Jobs";
            }

            @Override
            public List<Metric> metrics() {
                return List.of(Metric.gauge("jobs", "jobs", "Jobs", () -> {
                    throw new IOException("the register is closed");
                }));
            }
        };
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    assertEquals("registerService", method.getName());
                    assertEquals(Gauge.class, arguments[0]);
                    String name = String.valueOf(((Dictionary<?, ?>) arguments[2]).get(Gauge.NAME));
                    found.put(name, (Gauge<?>) arguments[1]);
                    return registration(name);
                });
    }

    private ServiceRegistration<?> registration(String name) {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                ServiceRegistration.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> {
                    assertEquals("unregister", method.getName());
                    return found.remove(name);
                });
    }
}
