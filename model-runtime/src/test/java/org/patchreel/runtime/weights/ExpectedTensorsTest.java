package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.weights.SafetensorsBytes.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedTensorsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void namesEveryMissingSurplusMisshapenAndMistypedTensorAtOnce() throws IOException {
        Files.write(
                directory.resolve("model.safetensors"),
                SafetensorsBytes.of(
                        "{" + entry("good", "F32", "[2]", 0, 8) + ","
                                + entry("bent", "F16", "[2,2]", 8, 16) + ","
                                + entry("whole", "I64", "[1]", 16, 24) + ","
                                + entry("extra", "F32", "[1]", 24, 28) + ","
                                + entry("extra_u8", "U8", "[4]", 28, 32) + ","
                                + entry("unused", "F32", "[1]", 32, 36) + "}",
                        36));
        ExpectedTensors expected = new ExpectedTensors(
                new TensorShapes()
                        .add("good", 2)
                        .add("bent", 4)
                        .add("whole", 1)
                        .add("lost", 3, 1)
                        .asMap(),
                "unused"::equals);
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            CheckpointException refusal = assertThrows(CheckpointException.class, () -> expected.verify(weights));
            assertEquals(
                    List.of(
                            "lost is missing, expected shape [3, 1]",
                            "bent has shape [2, 2], expected [4]",
                            "whole has type I64, which is not read",
                            "extra is surplus, shape [1]",
                            "extra_u8 is surplus, type U8"),
                    refusal.problems());
            assertEquals(
                    directory + " does not fit its config: tensors missing 1, mis-shaped 1, of unsupported type 1,"
                            + " surplus 2: lost is missing, expected shape [3, 1]; bent has shape [2, 2], expected [4];"
                            + " whole has type I64, which is not read and 2 more",
                    refusal.getMessage());
        }
    }

    @Test
    void acceptsExactlyTheExpectedTensors() throws IOException {
        SafetensorsBytes.write(directory.resolve("model.safetensors"), "a", "b");
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            new ExpectedTensors(Map.of("a", List.of(2L), "b", List.of(2L)), name -> false).verify(weights);
        }
    }
}
