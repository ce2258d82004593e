package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.runtime.golden.Golden;

class PickledTensorsTest {

    @TempDir
    private Path directory;

    @Test
    void aHugeSparseFileOfZerosIsRefusedAtOnce() throws Exception {
        Path file = directory.resolve("sparse.pth");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100L << 30);
        }
        CheckpointException refused = assertThrows(CheckpointException.class, () -> WeightFile.open(file));
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        assertTrue(refused.getMessage().contains("sparse.pth"), refused.getMessage());
    }

    @Test
    void viewsOfSharedDataAreReadAsTheReferenceSees() throws Exception {
        try (WeightFile file = WeightFile.open(Golden.root().resolve("single_file/hard.pth"));
                WeightFile expected = WeightFile.open(Golden.root().resolve("single_file/golden.safetensors"))) {
            Map<String, StoredTensor> wanted = byName(expected);
            Map<String, StoredTensor> found = byName(file);
            assertEquals(11, found.size());
            for (StoredTensor tensor : found.values()) {
                StoredTensor same = Objects.requireNonNull(wanted.get("pickle.hard." + tensor.name()));
                assertEquals(same.shape(), tensor.shape(), tensor.name());
                assertEquals(same.type(), tensor.type(), tensor.name());
                assertArrayEquals(bytes(expected, same), bytes(file, tensor), tensor.name());
            }
        }
    }

    @Test
    void aFileThatNamesAFunctionIsRefusedAndNothingIsCalled() {
        Path hostile = Golden.root().resolve("single_file/hostile.pth");
        CheckpointException refused = assertThrows(CheckpointException.class, () -> WeightFile.open(hostile));
        assertTrue(refused.getMessage().contains("getcwd"), refused.getMessage());
        assertTrue(refused.getMessage().contains("is not read"), refused.getMessage());
    }

    @Test
    void aTruncatedFileIsRefusedInOneLine() throws Exception {
        byte[] whole = Files.readAllBytes(Golden.root().resolve("single_file/hard.pth"));
        for (int length = 0; length < whole.length; length += 37) {
            Path file = directory.resolve("cut.pth");
            Files.write(file, Arrays.copyOf(whole, length));
            CheckpointException refused = assertThrows(CheckpointException.class, () -> WeightFile.open(file));
            assertEquals(1, refused.getMessage().lines().count());
        }
    }

    @Test
    void noDamageDoesMoreThanBeingRefused() throws Exception {
        byte[] whole = Files.readAllBytes(Golden.root().resolve("single_file/hard.pth"));
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j <= random.nextInt(4); j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path file = directory.resolve("damaged.pth");
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

    private static Map<String, StoredTensor> byName(WeightFile file) {
        return file.tensors().stream().collect(Collectors.toMap(StoredTensor::name, Function.identity()));
    }

    private static byte[] bytes(WeightFile file, StoredTensor tensor) throws IOException {
        ByteBuffer data = file.map(tensor, 0, tensor.length());
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    @Test
    void theOriginalReleasesFilesHaveAllTheirTensors() throws Exception {
        for (String name : List.of("Wan2.1_VAE.pth", "models_t5_umt5-xxl-enc.pth", "models_clip.pth")) {
            try (WeightFile file =
                    WeightFile.open(Golden.root().resolve("single_file").resolve(name))) {
                assertTrue(file.tensors().size() > 20, name);
            }
        }
    }
}
