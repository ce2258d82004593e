package org.patchreel.web.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Services that come and go, as the registry has them now. Safe for use from any thread. */
interface Services {

    /**
     * {@return what is read of each service of a type, the highest ranking first}
     *
     * @param type of the services
     * @param reading of one, which is used no longer than that
     */
    <T, R> List<R> each(Class<T> type, Function<T, R> reading);

    /** {@return the services that a bundle sees} */
    static Services of(BundleContext context) {
        return new Services() {
            @Override
            public <T, R> List<R> each(Class<T> type, Function<T, R> reading) {
                Collection<ServiceReference<T>> references;
                try {
                    references = context.getServiceReferences(type, null);
                } catch (InvalidSyntaxException e) {
                    throw new IllegalStateException(e);
                }
                List<R> read = new ArrayList<>();
                for (ServiceReference<T> reference :
                        references.stream().sorted(Comparator.reverseOrder()).toList()) {
                    T service = context.getService(reference);
                    if (service != null) {
                        try {
                            read.add(reading.apply(service));
                        } finally {
                            context.ungetService(reference);
                        }
                    }
                }
                return read;
            }
        };
    }
}
