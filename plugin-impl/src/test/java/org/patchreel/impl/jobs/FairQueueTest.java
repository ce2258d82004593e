package org.patchreel.impl.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.Requester;

class FairQueueTest {

    private final FairQueue queue = new FairQueue(Map.of());
    private long number;
    private long turn;

    @Test
    void servesRequestersInTurnAndEachOnesJobsByAge() {
        List.of("A1", "A2", "B1", "C1", "C2", "A3").forEach(id -> submit(id, 0));
        assertEquals(List.of("A1", "B1", "C1", "A2", "C2", "A3"), serveAll());
    }

    @Test
    void servesANewcomerAfterAtMostOneJobOfWhoeverFloodsTheQueue() {
        for (int i = 0; i < 100; i++) {
            submit("A" + i, 0);
        }
        assertEquals("A0", serve());
        submit("B0", 0);
        submit("B1", 0);
        assertEquals(List.of("B0", "A1", "B1", "A2", "A3"), serveAll().subList(0, 5));
    }

    @Test
    void remembersTurnsFromBefore() {
        FairQueue later = new FairQueue(Map.of("A", 7L, "B", 6L));
        later.offer(job("A1", 0, 1));
        later.offer(job("B1", 0, 2));
        later.offer(job("C1", 0, 3));
        assertEquals("C1", later.next(job -> true).orElseThrow().id());
        later.served(job("C1", 0, 3), 8);
        assertEquals("B1", later.next(job -> true).orElseThrow().id());
    }

    @Test
    void servesAHigherPriorityFirstAndInTurnWithinIt() {
        submit("A1", 0);
        submit("A2", 5);
        submit("A3", 5);
        submit("B1", 5);
        submit("B2", -1);
        assertEquals(List.of("A2", "B1", "A3", "A1", "B2"), serveAll());
    }

    @Test
    void servesWhatWasMovedToTheFrontBeforeEverything() {
        submit("A1", 9);
        submit("B1", 0);
        submit("B2", 0);
        queue.offer(moved("B2", 1));
        queue.offer(moved("B1", 2));
        assertEquals(List.of("B1", "B2", "A1"), serveAll());
    }

    @Test
    void passesOverJobsThatMayNotBegin() {
        submit("A1", 0);
        submit("B1", 0);
        assertEquals(
                "B1",
                queue.next(job -> !job.id().equals("A1")).map(JobRecord::id).orElseThrow());
        assertTrue(queue.next(job -> false).isEmpty());
        assertEquals(2, queue.size(), "looking changes nothing");
    }

    private void submit(String id, int priority) {
        queue.offer(job(id, priority, ++number));
    }

    /** The letter is who asks. */
    private static JobRecord job(String id, int priority, long number) {
        return submitted(id).at(new JobRecord.Place(number, priority, 0, false));
    }

    private JobRecord moved(String id, long front) {
        return submitted(id).at(new JobRecord.Place(++number, 0, front, false));
    }

    private static JobRecord submitted(String id) {
        return JobRecord.submitted(
                id,
                Requester.of(id.substring(0, 1)),
                new JobRecord.Subject("starter", "a ball"),
                Instant.EPOCH,
                Optional.empty());
    }

    private String serve() {
        JobRecord next = queue.next(job -> true).orElseThrow();
        queue.served(next, ++turn);
        return next.id();
    }

    private List<String> serveAll() {
        List<String> served = new ArrayList<>();
        while (queue.size() > 0) {
            served.add(serve());
        }
        return served;
    }
}
