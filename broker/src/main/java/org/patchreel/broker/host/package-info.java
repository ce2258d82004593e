/**
 * The side of the host: {@link org.patchreel.broker.host.Host} orders clips and collects them; each model that workers announce
 * becomes a service.
 */
@NullMarked
package org.patchreel.broker.host;

import org.jspecify.annotations.NullMarked;
