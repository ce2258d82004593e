package org.patchreel.broker.host;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Announcement.State;

/** The workers that tell of themselves. Safe for use from any thread. */
final class KnownWorkers {

    /** Whoever announces more workers than this is no operator. */
    private static final int MAX_WORKERS = 1000;

    /** When something was seen, by a clock that nobody sets. */
    private record Seen(Announcement announcement, long nanos) {}

    private final Map<String, Seen> workers = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Duration silence;

    /**
     * Knows none.
     *
     * @param nanoTime tells how long ago something was
     * @param silence a worker that tells nothing for so long is gone
     */
    KnownWorkers(LongSupplier nanoTime, Duration silence) {
        this.nanoTime = nanoTime;
        this.silence = silence;
    }

    void announced(Announcement announcement) {
        if (announcement.state() == State.GONE) {
            workers.remove(announcement.worker());
        } else if (workers.size() < MAX_WORKERS || workers.containsKey(announcement.worker())) {
            workers.put(announcement.worker(), new Seen(announcement, nanoTime.getAsLong()));
        }
    }

    /** {@return those that live, in the order of their names} */
    List<Announcement> live() {
        long now = nanoTime.getAsLong();
        workers.values().removeIf(seen -> now - seen.nanos() > silence.toNanos());
        return workers.values().stream()
                .map(Seen::announcement)
                .sorted(Comparator.comparing(Announcement::name).thenComparing(Announcement::worker))
                .toList();
    }

    boolean isLive(String worker) {
        return live().stream().anyMatch(each -> each.worker().equals(worker));
    }

    /** {@return the live workers that have a model, and take orders} */
    List<Announcement> having(String model) {
        return live().stream()
                .filter(worker -> worker.state() != State.DRAINING)
                .filter(worker -> model(worker, model).isPresent())
                .toList();
    }

    static Optional<Announcement.Model> model(Announcement worker, String name) {
        return worker.models().stream()
                .filter(model -> model.descriptor().name().equals(name))
                .findFirst();
    }
}
