package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointHeaderTest {

    @Test
    void readsNameAndFolder() {
        CheckpointHeader expected = new CheckpointHeader("starter", "checkpoint", Optional.empty());
        assertEquals(expected, CheckpointHeader.parse("starter;path=checkpoint"));
        assertEquals(expected, CheckpointHeader.parse(" starter ; path=\"checkpoint\" "));
    }

    @Test
    void readsWhoStandsForTheLicence() {
        assertEquals(
                new CheckpointHeader("wan", "checkpoint", Optional.of("Jane Doe, legal")),
                CheckpointHeader.parse("wan;path=checkpoint;license.acknowledged.by=\"Jane Doe, legal\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "starter",
                "starter;path=",
                "star ter;path=x",
                "../up;path=x",
                ";path=x",
                "a;b=c;path=x",
                "a;path=x;license.acknowledged.by=\"\""
            })
    void refusesAnythingElse(String header) {
        assertThrows(IllegalArgumentException.class, () -> CheckpointHeader.parse(header));
    }
}
