package org.patchreel.impl.generator;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Posts the events of jobs. EventAdmin keeps the order of one thread's events only, and jobs are queued, run and
 * cancelled by different threads: so one thread posts them all.
 */
@Component(service = JobEvents.class)
public final class JobEvents {

    private static final int DRAIN_SECONDS = 5;

    private final ExecutorService poster = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "patchreel-events");
        thread.setDaemon(true);
        return thread;
    });

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable EventAdmin eventAdmin;

    /** Creates one that posts nothing until an EventAdmin is there. */
    @Activate
    public JobEvents() {}

    /** Creates one with a given EventAdmin. */
    JobEvents(EventAdmin eventAdmin) {
        this.eventAdmin = eventAdmin;
    }

    void post(String topic, Map<String, ?> properties) {
        try {
            poster.execute(() -> {
                EventAdmin target = eventAdmin;
                if (target != null) {
                    target.postEvent(new Event(topic, properties));
                }
            });
        } catch (RejectedExecutionException e) {
            // The bundle is stopping: there is no event admin any more.
        }
    }

    @Deactivate
    void close() throws InterruptedException {
        poster.shutdown();
        poster.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
