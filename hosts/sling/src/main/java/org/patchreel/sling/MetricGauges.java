package org.patchreel.sling;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sling.commons.metrics.Gauge;
import org.apache.sling.commons.metrics.MetricsService;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;

/**
 * Shows what is measured among Sling's metrics: a gauge {@code patchreel.NAME} for each metric, {@code patchreel.NAME.VALUE} for
 * each value of a label. Gauges are services, which Sling takes up and lets go with this bundle; what it is asked for by its own
 * interface it would keep.
 */
@Component(
        service = {},
        property = "metrics.cardinality.minimum:Integer=1")
public final class MetricGauges {

    private final BundleContext context;
    private final Map<MetricSource, List<ServiceRegistration<?>>> gauges = new ConcurrentHashMap<>();

    /**
     * Registers nothing yet.
     *
     * @param context of the bundle
     * @param metrics is there where Sling's metrics are. The minimum cardinality makes it mandatory; the reference is optional for
     *     resolvers, which would otherwise want metrics in every installation
     */
    @Activate
    public MetricGauges(
            BundleContext context,
            @Reference(name = "metrics", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    MetricsService metrics) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(MetricSource source) {
        List<ServiceRegistration<?>> registered = new ArrayList<>();
        for (Metric metric : source.metrics()) {
            String name = "patchreel." + metric.name();
            if (metric.label().isPresent()) {
                for (String value : metric.label().get().values()) {
                    registered.add(register(name + "." + value, new Reading(metric, value)));
                }
            } else {
                registered.add(register(name, new Reading(metric, "")));
            }
        }
        gauges.put(source, registered);
    }

    private ServiceRegistration<?> register(String name, Reading gauge) {
        return context.registerService(Gauge.class, gauge, FrameworkUtil.asDictionary(Map.of(Gauge.NAME, name)));
    }

    void removeSource(MetricSource source) {
        List<ServiceRegistration<?>> registered = gauges.remove(source);
        if (registered != null) {
            registered.forEach(ServiceRegistration::unregister);
        }
    }

    /** Reads one value of a metric when Sling asks for it; not a number if it cannot be read, which hides no other gauge. */
    private record Reading(Metric metric, String key) implements Gauge<Double> {
        @Override
        public Double getValue() {
            try {
                return metric.read().getOrDefault(key, Double.NaN);
            } catch (IOException | RuntimeException e) {
                return Double.NaN;
            }
        }
    }
}
