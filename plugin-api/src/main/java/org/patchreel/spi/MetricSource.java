package org.patchreel.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part that measures what it does. Registered as a service, from which JMX, the metrics of a host and the page for Prometheus
 * take what they show; nothing is read before one of them asks. May be called from any thread.
 */
@ConsumerType
public interface MetricSource {

    /** {@return what is measured, in a word that no other source has and that names its MBean: {@code Jobs}} */
    String subject();

    /**
     * What is measured, always the same.
     *
     * @return metrics whose names no other source has
     */
    List<Metric> metrics();
}
