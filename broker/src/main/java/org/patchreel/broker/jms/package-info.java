/** Connections to a broker, the embedded broker, and the messages and queues that hosts and workers use. */
@NullMarked
package org.patchreel.broker.jms;

import org.jspecify.annotations.NullMarked;
