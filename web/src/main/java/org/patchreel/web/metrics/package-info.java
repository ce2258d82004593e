/**
 * What is measured, in Prometheus' text format. Off until it is configured.
 *
 * <p>{@link org.patchreel.web.metrics.MetricsEndpoint} is the component with the configuration, {@code PrometheusText} the format.
 * The values come from every {@link org.patchreel.spi.MetricSource}.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats of Prometheus</a>
 */
@NullMarked
package org.patchreel.web.metrics;

import org.jspecify.annotations.NullMarked;
