/**
 * Workers on other machines. {@link org.patchreel.broker.RemoteWorkers} is the component of a host that is configured, {@link
 * org.patchreel.broker.WorkerCommand} the program of a worker.
 */
@NullMarked
package org.patchreel.broker;

import org.jspecify.annotations.NullMarked;
