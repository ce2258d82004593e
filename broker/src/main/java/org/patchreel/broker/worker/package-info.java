/**
 * The side of the worker: {@link org.patchreel.broker.worker.Worker} takes orders, makes the clips and sends them to the host.
 */
@NullMarked
package org.patchreel.broker.worker;

import org.jspecify.annotations.NullMarked;
