package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobQueryTest {

    @Test
    void aPageHasALimit() {
        assertEquals(1, JobQuery.latest(1).limit());
        assertEquals(1000, JobQuery.latest(JobQuery.MAX_LIMIT).limit());
        for (int limit : new int[] {0, -1, 1001}) {
            assertEquals(
                    "limit must be from 1 to 1000: " + limit,
                    assertThrows(IllegalArgumentException.class, () -> JobQuery.latest(limit))
                            .getMessage());
        }
    }

    @Test
    void statesAreReadByTheirLabels() {
        for (JobSummary.State state : JobSummary.State.values()) {
            assertEquals(state, JobSummary.State.parse("state", state.label()));
        }
        assertEquals(
                "state must be one of queued, waiting, running, completed, refused, failed, cancelled: asleep",
                assertThrows(IllegalArgumentException.class, () -> JobSummary.State.parse("state", "asleep"))
                        .getMessage());
    }

    @Test
    void jobsEndInFourStates() {
        assertEquals(
                List.of("completed", "refused", "failed", "cancelled"),
                Stream.of(JobSummary.State.values())
                        .filter(JobSummary.State::isEnded)
                        .map(JobSummary.State::label)
                        .toList());
    }

    @Test
    void kindsOfUsageAreReadByTheirLabels() {
        assertEquals(DeviceUsage.Kind.PROJECT, DeviceUsage.Kind.parse("by", "project"));
        assertEquals(
                "by must be one of user, group, project, model: colour",
                assertThrows(IllegalArgumentException.class, () -> DeviceUsage.Kind.parse("by", "colour"))
                        .getMessage());
    }
}
