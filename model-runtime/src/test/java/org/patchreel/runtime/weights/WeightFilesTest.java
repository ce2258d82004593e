package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.runtime.weights.SafetensorsBytes.entry;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void mapsATensorsBytesReadOnlyAndLittleEndian() throws IOException {
        Files.write(
                directory.resolve("model.safetensors"),
                SafetensorsBytes.of(
                        "{" + entry("b", "BF16", "[2,1]", 8, 12) + "," + entry("a", "F32", "[2]", 0, 8) + "}", 12));
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            assertEquals(
                    Map.of(
                            "a", new TensorInfo("a", WeightType.F32, List.of(2L)),
                            "b", new TensorInfo("b", WeightType.BF16, List.of(2L, 1L))),
                    weights.tensors());
            ByteBuffer b = weights.map("b");
            assertEquals(ByteBuffer.wrap(new byte[] {8, 9, 10, 11}), b);
            assertEquals(0x0908, b.getShort(0));
            assertTrue(b.isReadOnly() && b.isDirect() && b.order() == ByteOrder.LITTLE_ENDIAN);
            assertEquals(Files.size(directory.resolve("model.safetensors")), weights.bytes());
        }
    }

    @Test
    void mapsRowsOfATensor() throws IOException {
        Files.write(
                directory.resolve("model.safetensors"),
                SafetensorsBytes.of("{" + entry("a", "F16", "[3,2]", 0, 12) + "}", 12));
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            assertEquals(ByteBuffer.wrap(new byte[] {4, 5, 6, 7, 8, 9, 10, 11}), weights.map("a", 1, 2));
            assertThrows(IllegalArgumentException.class, () -> weights.map("a", 2, 2));
            assertThrows(IllegalArgumentException.class, () -> weights.map("a", 3, Long.MAX_VALUE));
            assertThrows(IllegalArgumentException.class, () -> weights.map("a", -1, 1));
            assertThrows(IllegalArgumentException.class, () -> weights.map("z"));
        }
    }

    @Test
    void mapsATensorBeyondTwoGibibytesOnlyInPieces() throws IOException {
        long rows = (1L << 29) + 1;
        String header = "{" + entry("a", "F32", "[" + rows + "]", 0, 4 * rows) + "}";
        try (RandomAccessFile sparse =
                new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            sparse.write(SafetensorsBytes.of(header, 0));
            sparse.setLength(8 + header.length() + 4 * rows);
        }
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            CheckpointException refusal = assertThrows(CheckpointException.class, () -> weights.map("a"));
            assertTrue(
                    refusal.getMessage().contains("2147483652 bytes are more than can be mapped at once, 2147483647"),
                    refusal.getMessage());
            assertEquals(8, weights.map("a", rows - 2, 2).remaining());
        }
    }

    @Test
    void takesTheOnlyWeightFileWhateverItsName() throws IOException {
        SafetensorsBytes.write(directory.resolve("wan2.1_t2v.safetensors"), "a");
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            assertEquals(List.of(directory.resolve("wan2.1_t2v.safetensors")), weights.files());
        }
    }

    @Test
    void doesNotGuessAmongSeveralWeightFiles() throws IOException {
        assertRefused(
                "expected model.safetensors or model.safetensors.index.json, found no .safetensors, .gguf or .pth file");
        SafetensorsBytes.write(directory.resolve("x.safetensors"), "a");
        SafetensorsBytes.write(directory.resolve("y.safetensors"), "a");
        assertRefused("found several other .safetensors files");
        SafetensorsBytes.write(directory.resolve("model.safetensors"), "a");
        WeightFiles.open(directory, "model").close();
    }

    @Test
    void refusesADirectoryThatIsMissing() {
        Path missing = directory.resolve("missing");
        assertTrue(assertThrows(CheckpointException.class, () -> WeightFiles.open(missing, "model"))
                .getMessage()
                .contains("does not exist"));
    }

    @Test
    void takesAFileAsItIs() throws IOException {
        SafetensorsBytes.write(directory.resolve("mine.safetensors"), "a", "b");
        SafetensorsBytes.write(directory.resolve("another.safetensors"), "c");
        Path file = directory.resolve("mine.safetensors");
        try (WeightFiles weights = WeightFiles.open(file, "model")) {
            assertEquals(Set.of("a", "b"), weights.names());
            assertEquals(List.of(file), weights.files());
        }
    }

    @Test
    void refusesAWeightFileThatIsADirectory() throws IOException {
        Files.createDirectory(directory.resolve("model.safetensors"));
        assertRefused("is not a regular file");
    }

    @Test
    void readsShardsThatAreSymbolicLinks() throws IOException {
        Path blobs = Files.createDirectory(directory.resolve("blobs"));
        SafetensorsBytes.write(blobs.resolve("0123"), "a");
        SafetensorsBytes.write(directory.resolve("2.safetensors"), "b");
        Files.createSymbolicLink(directory.resolve("1.safetensors"), Path.of("blobs", "0123"));
        index("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            assertEquals(Set.of("a", "b"), weights.names());
            assertEquals(
                    List.of(directory.resolve("1.safetensors"), directory.resolve("2.safetensors")), weights.files());
        }
    }

    @Test
    void namesAllMissingShards() throws IOException {
        SafetensorsBytes.write(directory.resolve("2.safetensors"), "b");
        index("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\",\"c\":\"3.safetensors\"}}");
        CheckpointException refusal =
                assertRefused("names 3 files, 2 of them are missing: 1.safetensors; 3.safetensors");
        assertEquals(List.of("missing file 1.safetensors", "missing file 3.safetensors"), refusal.problems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.safetensors",
                "/etc/passwd.safetensors",
                "sub/model.safetensors",
                "sub\\\\model.safetensors",
                "c:model.safetensors",
                "..",
                "config.json",
                "",
                "a\\u0000.safetensors",
                "a\\n.safetensors"
            })
    void refusesAnIndexThatLeavesItsDirectory(String file) throws IOException {
        SafetensorsBytes.write(directory.resolve("model.safetensors"), "a");
        index("{\"weight_map\":{\"a\":\"" + file + "\"}}");
        assertRefused("expected the plain name of a .safetensors file beside it");
    }

    @Test
    void namesTensorsThatAreNotWhereTheIndexSays() throws IOException {
        SafetensorsBytes.write(directory.resolve("1.safetensors"), "a");
        SafetensorsBytes.write(directory.resolve("2.safetensors"), "b");
        index("{\"weight_map\":{\"a\":\"2.safetensors\",\"b\":\"1.safetensors\"}}");
        CheckpointException refusal = assertRefused("disagree about 2 tensors");
        assertEquals(
                List.of("tensor a is not in 2.safetensors", "tensor b is not in 1.safetensors"), refusal.problems());
    }

    @Test
    void leavesANameThatNoFileHasToTheCheckOfWhatIsNeeded() throws IOException {
        SafetensorsBytes.write(directory.resolve("1.safetensors"), "a");
        index("{\"weight_map\":{\"a\":\"1.safetensors\",\"tied\":\"1.safetensors\"}}");
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            assertEquals(Set.of("a"), weights.names());
        }
    }

    @Test
    void refusesATensorThatIsInTwoShards() throws IOException {
        SafetensorsBytes.write(directory.resolve("1.safetensors"), "a", "b");
        SafetensorsBytes.write(directory.resolve("2.safetensors"), "b");
        index("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
        assertRefused("tensor b is in two files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"weight_map\":[]}", "{\"weight_map\":{}}"})
    void refusesAnIndexWithoutAMap(String index) throws IOException {
        index(index);
        assertRefused("has no weight_map");
    }

    @Test
    void refusesAnIndexThatNamesATensorTwice() throws IOException {
        index("{\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"2.safetensors\"}}");
        assertRefused("Duplicate field 'a'");
    }

    @Test
    void refusesAnIndexThatIsTooLarge() throws IOException {
        byte[] blanks = new byte[(16 << 20) + 1];
        Arrays.fill(blanks, (byte) ' ');
        Files.write(directory.resolve(INDEX), blanks);
        assertRefused("larger than the limit of 16777216 bytes");
    }

    @Test
    void presentsTensorsUnderOtherNames() throws IOException {
        SafetensorsBytes.write(directory.resolve("model.safetensors"), "a", "b");
        try (WeightFiles weights = WeightFiles.open(directory, "model", found -> Map.of("a", "x"))) {
            assertEquals(Set.of("b", "x"), weights.names());
            assertEquals(
                    new TensorInfo("x", WeightType.F32, List.of(2L)),
                    weights.tensors().get("x"));
            assertEquals(0, weights.map("x").get(0));
        }
        CheckpointException clash = assertThrows(
                CheckpointException.class, () -> WeightFiles.open(directory, "model", found -> Map.of("a", "b")));
        assertTrue(clash.getMessage().contains("are both b"), clash.getMessage());
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve(INDEX), json);
    }

    private CheckpointException assertRefused(String complaint) {
        CheckpointException refusal = assertThrows(
                CheckpointException.class,
                () -> WeightFiles.open(directory, "model").close());
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().lines().count() == 1, refusal.getMessage());
        return refusal;
    }
}
