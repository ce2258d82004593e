package org.patchreel.broker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Announcement.State;

class KnownWorkersTest {

    /** Overflows soon, as the clock of a process may. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(15));

    private final KnownWorkers workers = new KnownWorkers(nanos::get, Duration.ofSeconds(20));

    private static Announcement worker(String id, State state) {
        return new Announcement(id, "name " + id, state, List.of(), 0, Optional.empty(), Optional.empty());
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void aWorkerThatTellsNothingForTooLongIsGone() {
        workers.announced(worker("b", State.IDLE));
        pass(10);
        workers.announced(worker("a", State.BUSY));
        pass(10);
        assertEquals(
                List.of("a", "b"),
                workers.live().stream().map(Announcement::worker).toList());
        pass(1);
        assertFalse(workers.isLive("b"));
        assertTrue(workers.isLive("a"));
        workers.announced(worker("b", State.IDLE));
        assertTrue(workers.isLive("b"), "it tells again");
    }

    @Test
    void aWorkerThatSaysGoodbyeIsGoneAtOnce() {
        workers.announced(worker("a", State.IDLE));
        workers.announced(worker("a", State.GONE));
        assertEquals(List.of(), workers.live());
    }
}
