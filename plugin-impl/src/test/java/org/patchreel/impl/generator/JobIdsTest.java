package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobIdsTest {

    @Test
    void areTwentySixCharactersOfCrockfordsAlphabet() {
        JobIds ids = new JobIds(() -> Instant.ofEpochMilli(1469918176385L), new Random(2));
        for (int i = 0; i < 1000; i++) {
            assertTrue(ids.next().matches("[0-9A-HJKMNP-TV-Z]{26}"));
        }
    }

    @Test
    void sortInTheOrderOfTheirMakingEvenWhenTheClockStepsBack() {
        Iterator<Long> times = List.of(5L, 5L, 5L, 3L, 6L, 6L).iterator();
        JobIds ids = new JobIds(() -> Instant.ofEpochMilli(times.next()), new Random(3));
        List<String> made = Stream.generate(ids::next).limit(6).toList();
        assertEquals(made.stream().sorted().distinct().toList(), made);
    }
}
