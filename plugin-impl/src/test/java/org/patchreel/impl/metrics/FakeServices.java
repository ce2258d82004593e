package org.patchreel.impl.metrics;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.patchreel.spi.MetricSource;

/** A framework with services of one kind, which knows which of them are in use. */
final class FakeServices {

    private final String framework;
    private final Map<Object, MetricSource> sources = new HashMap<>();
    final Set<MetricSource> used = new HashSet<>();

    FakeServices(String framework) {
        this.framework = framework;
    }

    BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> framework;
                    case "getService" -> {
                        MetricSource source = sources.get(arguments[0]);
                        used.add(source);
                        yield source;
                    }
                    case "ungetService" -> used.remove(sources.get(arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @SuppressWarnings("unchecked") // a proxy has no type parameters
    ServiceReference<MetricSource> publish(MetricSource source) {
        Object reference = Proxy.newProxyInstance(
                ServiceReference.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        sources.put(reference, source);
        return (ServiceReference<MetricSource>) reference;
    }
}
