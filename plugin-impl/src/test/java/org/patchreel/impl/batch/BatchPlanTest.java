package org.patchreel.impl.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;

class BatchPlanTest {

    private static final Map<String, String> DEFAULTS = Map.of("prompt", "a {colour} ball", "size", "512x512");

    @Test
    void fillsPlaceholdersAndGivesRowsWhatTheyLack() {
        BatchPlan plan = plan(
                DEFAULTS,
                Map.of("colour", "red", "name", "Rot 1"),
                Map.of("colour", "blue", "size", "640x368", "seed", "5"));
        BatchItem first = plan.items().get(0);
        BatchItem second = plan.items().get(1);
        assertEquals("Rot 1", first.name());
        assertEquals("a red ball", first.request().prompt());
        assertEquals(Optional.of(new FrameSize(512, 512)), first.request().size());
        assertEquals("clip-02", second.name());
        assertEquals(Optional.of(new FrameSize(640, 368)), second.request().size());
        assertEquals(5, second.request().seed().orElseThrow());
    }

    @Test
    void givesTheSameRowTheSameIdAndSeedAndOthersOthers() {
        Map<String, String> row = Map.of("colour", "red", "name", "a");
        BatchItem item = plan(DEFAULTS, row).items().get(0);
        assertEquals(item, plan(DEFAULTS, row, Map.of("colour", "blue")).items().get(0));
        assertTrue(item.id().matches("[0-9A-HJKMNP-TV-Z]{26}"), item.id());
        long seed = item.request().seed().orElseThrow();
        assertTrue(seed >= 0 && seed < 1L << 53, seed + "");
        for (Map<String, String> other : List.of(
                Map.of("colour", "red", "name", "b"),
                Map.of("colour", "blue", "name", "a"),
                Map.of("colour", "red", "name", "a", "steps", "5"))) {
            BatchItem different = plan(DEFAULTS, other).items().get(0);
            assertNotEquals(item.id(), different.id());
            assertNotEquals(item.request().seed(), different.request().seed());
        }
    }

    @Test
    void namesAllRowsThatAreWrongBeforeAnythingIsGenerated() {
        assertEquals(
                "row 1: the payload has no property colour, which {colour} stands for; row 2: steps must be a whole number:"
                        + " few; row 3: name must be letters, digits, spaces and . _ -, 100 at most: ../x; row 5: the name A"
                        + " appears twice",
                message(
                        DEFAULTS,
                        Map.of("name", "x"),
                        Map.of("colour", "red", "steps", "few"),
                        Map.of("colour", "red", "name", "../x"),
                        Map.of("colour", "red", "name", "a"),
                        Map.of("colour", "red", "name", "A")));
        assertEquals(
                "row 1: no prompt is given, neither by the row nor for all rows",
                message(Map.of(), Map.of("colour", "red")));
    }

    @SafeVarargs
    private static String message(Map<String, String> defaults, Map<String, String>... rows) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> plan(defaults, rows))
                .getMessage());
    }

    @SafeVarargs
    private static BatchPlan plan(Map<String, String> defaults, Map<String, String>... rows) {
        return BatchPlan.of(
                new PromptTable(IntStream.range(0, rows.length)
                        .mapToObj(i -> new PromptTable.Row(i + 1, rows[i]))
                        .toList()),
                defaults);
    }
}
