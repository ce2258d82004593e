package org.patchreel.broker.jms;

import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;

/** The queues and topics that hosts and workers use. Which of them may write and read where, {@link EmbeddedBroker} says. */
public final class Destinations {

    static final String ORDERS_NAME = "patchreel.orders";
    static final String RESULTS = "patchreel.results.";
    static final String HOST_INBOX = "patchreel.inbox.host.";
    static final String WORKER_INBOX = "patchreel.inbox.worker.";

    /** Orders of all hosts; workers select by the model. */
    public static final ActiveMQQueue ORDERS = new ActiveMQQueue(ORDERS_NAME);

    /** Where workers tell of themselves. */
    public static final ActiveMQTopic WORKERS = new ActiveMQTopic("patchreel.workers");

    /** Where workers tell how far they are. */
    public static final ActiveMQTopic PROGRESS = new ActiveMQTopic("patchreel.progress");

    /** Where hosts tell workers what to do. */
    public static final ActiveMQTopic CONTROL = new ActiveMQTopic("patchreel.control");

    private Destinations() {}

    /** {@return where a host gets what workers have made} */
    public static ActiveMQQueue results(String host) {
        return new ActiveMQQueue(RESULTS + host);
    }

    /** {@return where a host is asked and answered} */
    public static ActiveMQQueue hostInbox(String host) {
        return new ActiveMQQueue(HOST_INBOX + host);
    }

    /** {@return where a worker is asked and answered} */
    public static ActiveMQQueue workerInbox(String worker) {
        return new ActiveMQQueue(WORKER_INBOX + worker);
    }

    /** {@return a queue or topic that sends a consumer this number of messages ahead} */
    public static ActiveMQDestination prefetching(ActiveMQQueue queue, int messages) {
        return new ActiveMQQueue(queue.getPhysicalName() + "?consumer.prefetchSize=" + messages);
    }
}
