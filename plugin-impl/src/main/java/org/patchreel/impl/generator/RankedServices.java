package org.patchreel.impl.generator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Constants;

/**
 * Services that come and go, those with the highest ranking first. Safe for use from any thread.
 *
 * @param <T> their type
 */
final class RankedServices<T> {

    private record Ranked<T>(T service, int ranking) {}

    private final List<Ranked<T>> services = new CopyOnWriteArrayList<>();

    void add(T service, Map<String, ?> properties) {
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer given ? given : 0;
        services.add(new Ranked<>(service, ranking));
        services.sort(Comparator.comparing(Ranked::ranking, Comparator.reverseOrder()));
    }

    void remove(T service) {
        services.removeIf(each -> each.service() == service);
    }

    /** {@return those that are there now} */
    List<T> all() {
        return services.stream().map(Ranked::service).toList();
    }
}
