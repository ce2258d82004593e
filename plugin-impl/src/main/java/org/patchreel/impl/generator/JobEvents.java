package org.patchreel.impl.generator;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the events of jobs. EventAdmin keeps the order of one thread's events only, and jobs are queued, run and
 * cancelled by different threads: so one thread posts them all.
 */
@Component(service = JobEvents.class)
public final class JobEvents {

    private static final Logger log = LoggerFactory.getLogger(JobEvents.class);

    private static final int DRAIN_SECONDS = 5;

    private final List<Observer> observers = new CopyOnWriteArrayList<>();

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
                String id = String.valueOf(properties.get(GenerationEvents.JOB_ID));
                observers.forEach(observer -> observer.tell(id));
            });
        } catch (RejectedExecutionException e) {
            // The bundle is stopping: there is no event admin any more.
        }
    }

    /** A subscription; one listener may have two, which are never equal. */
    private static final class Observer {
        private final Consumer<String> listener;

        Observer(Consumer<String> listener) {
            this.listener = listener;
        }

        void tell(String id) {
            try {
                listener.accept(id);
            } catch (RuntimeException e) {
                log.warn("A listener failed at a change of generation {}", id, e);
            }
        }
    }

    /**
     * Calls a listener with the ID of each job of which an event tells, on the thread that posts them.
     *
     * @param listener receives the IDs
     * @return ends that
     */
    GenerationJob.Subscription observe(Consumer<String> listener) {
        Observer observer = new Observer(listener);
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    @Deactivate
    void close() throws InterruptedException {
        poster.shutdown();
        poster.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
