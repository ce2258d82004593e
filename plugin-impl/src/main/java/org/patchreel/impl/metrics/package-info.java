/**
 * What is measured of jobs and models, and the MBeans that show it. A part that measures is a {@link
 * org.patchreel.spi.MetricSource}, here or elsewhere; each has a {@code MetricBean}, which {@code MetricBeans} registers.
 */
@NullMarked
package org.patchreel.impl.metrics;

import org.jspecify.annotations.NullMarked;
