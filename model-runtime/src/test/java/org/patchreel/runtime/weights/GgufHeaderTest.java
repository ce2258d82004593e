package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.runtime.golden.Golden;

class GgufHeaderTest {

    @TempDir
    private Path directory;

    @Test
    void shapesAreThoseOfTheOriginalTensors() throws Exception {
        try (WeightFile file = WeightFile.open(types())) {
            var shapes = file.tensors().stream().collect(Collectors.toMap(StoredTensor::name, StoredTensor::shape));
            assertEquals(List.of(3L, 512L), shapes.get("blocks.0.q4_k.weight"));
            assertEquals(List.of(16L, 32L, 2L, 1L), shapes.get("conv_reshaped.weight"));
            assertEquals(List.of(6L, 4L, 1L, 2L, 2L), shapes.get("patch_embedding.weight"));
        }
    }

    @Test
    void aTruncatedFileIsRefusedInOneLine() throws Exception {
        byte[] whole = Files.readAllBytes(types());
        for (int length = 0; length < whole.length; length += 131) {
            assertTrue(refusal(Arrays.copyOf(whole, length)).lines().count() == 1);
        }
    }

    @Test
    void noDamageDoesMoreThanBeingRefused() throws Exception {
        byte[] whole = Files.readAllBytes(types());
        Random random = new Random(7);
        Path file = directory.resolve("damaged.gguf");
        for (int i = 0; i < 500; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j <= random.nextInt(4); j++) {
                damaged[random.nextInt(2000)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try (WeightFile opened = WeightFile.open(file)) {
                for (StoredTensor tensor : opened.tensors()) {
                    opened.map(tensor, 0, tensor.length());
                }
            } catch (CheckpointException e) {
                assertEquals(1, e.getMessage().lines().count());
            }
        }
    }

    @Test
    void aFileOfAnotherNetworkIsRefusedByItsArchitecture() throws Exception {
        byte[] whole = Files.readAllBytes(Golden.root().resolve("quant_gguf/wan_mixed.gguf"));
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("wan", text.indexOf("general.architecture"));
        whole[at] = 'f';
        assertTrue(refusal(whole).contains("the architecture fan, those that are read are t5, t5encoder, wan"));
    }

    @Test
    void aHugeSparseFileOfZerosIsNoGguf() throws Exception {
        Path file = directory.resolve("sparse.gguf");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100L << 30);
        }
        CheckpointException refused = assertThrows(CheckpointException.class, () -> WeightFile.open(file));
        assertTrue(refused.getMessage().endsWith("is not a GGUF file: it does not begin with GGUF"));
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = directory.resolve("refused.gguf");
        Files.write(file, bytes);
        return assertThrows(CheckpointException.class, () -> WeightFile.open(file))
                .getMessage();
    }

    private static Path types() {
        return Golden.root().resolve("quant_gguf/types.gguf");
    }
}
