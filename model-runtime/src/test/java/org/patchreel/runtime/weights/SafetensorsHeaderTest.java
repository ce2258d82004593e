package org.patchreel.runtime.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.runtime.weights.SafetensorsBytes.entry;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.runtime.golden.Golden;

/** Headers as an attacker or a broken download would leave them. */
class SafetensorsHeaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    static Stream<Arguments> wrongHeaders() {
        String a = entry("a", "F32", "[2]", 0, 8);
        return Stream.of(
                Arguments.of("text", 0, "not a JSON object"),
                Arguments.of("[]", 0, "not a JSON object"),
                Arguments.of("", 0, "has only 8 bytes"),
                Arguments.of("", 4, "not a JSON object"),
                Arguments.of("{" + a, 8, "not valid JSON"),
                Arguments.of("{" + a + "} x", 8, "not valid JSON"),
                Arguments.of("{" + a + "} {}", 8, "goes on after"),
                Arguments.of("{" + a + "}\0", 8, "not valid JSON"),
                Arguments.of("{" + a + "," + a + "}", 8, "Duplicate field 'a'"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, "Duplicate field 'dtype'"),
                Arguments.of("{\"a\":" + "[".repeat(5000) + "}", 0, "not described by a JSON object"),
                Arguments.of("{\"a\":{\"x\":" + "[".repeat(5000) + "}", 0, "nesting depth"),
                Arguments.of("{\"__metadata__\":" + "{\"x\":".repeat(5000) + "}", 0, "nesting depth"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks one of"),
                Arguments.of("{\"a\":7}", 8, "not described by a JSON object"),
                Arguments.of("{\"a\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "no type name"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8, "no list under shape"),
                Arguments.of("{" + entry("a", "F33", "[2]", 0, 8) + "}", 8, "unknown type F33"),
                Arguments.of("{" + entry("a", "F32", "[-2]", 0, 8) + "}", 8, "has -2 under shape"),
                Arguments.of("{" + entry("a", "F32", "[2.0]", 0, 8) + "}", 8, "whole numbers under shape"),
                Arguments.of("{" + entry("a", "F32", "[[2]]", 0, 8) + "}", 8, "whole numbers under shape"),
                Arguments.of("{" + entry("a", "F32", "[99999999999999999999]", 0, 8) + "}", 8, "out of range of long"),
                Arguments.of("{" + entry("a", "F32", "[4294967296,4294967296]", 0, 8) + "}", 8, "the impossible shape"),
                Arguments.of("{" + entry("a", "F4", "[3]", 0, 1) + "}", 1, "does not end at a byte"),
                Arguments.of(
                        "{" + entry("a", "F32", "[" + "1,".repeat(64) + "1]", 0, 4) + "}", 4, "up to 64 whole numbers"),
                Arguments.of("{" + entry("a", "F32", "[2]", 8, 0) + "}", 8, "expected begin and end"),
                Arguments.of("{" + entry("a", "F32", "[2]", -8, 0) + "}", 8, "has -8 under data_offsets"),
                Arguments.of("{" + entry("a", "F32", "[2]", 0, 12) + "}", 12, "F32 of shape [2] needs 8"),
                Arguments.of("{" + entry("a", "F32", "[2]", 4, 12) + "}", 12, "after a hole, expected 0"),
                Arguments.of("{" + a + "," + entry("b", "F32", "[1]", 12, 16) + "}", 16, "after a hole, expected 8"),
                Arguments.of("{" + a + "," + entry("b", "F32", "[1]", 4, 8) + "}", 8, "overlaps another"),
                Arguments.of("{" + a + "," + entry("b", "F32", "[2]", 0, 8) + "}", 8, "overlaps another"),
                Arguments.of("{" + a + "}", 7, "truncated: its header describes 8 bytes of data, the file has 7"),
                Arguments.of("{" + a + "}", 11, "3 bytes after its last tensor: expected 8 bytes of data, found 11"),
                Arguments.of("{}", 1, "1 bytes after its last tensor"));
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void refusesAWrongHeader(String header, int dataBytes, String complaint) throws IOException {
        CheckpointException refusal = refusal(SafetensorsBytes.of(header, dataBytes));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("model.safetensors"), refusal.getMessage());
    }

    @Test
    void aHugeSparseFileOfZerosIsRefusedAtOnce() throws Exception {
        Path file = directory.resolve("sparse.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100L << 30);
        }
        CheckpointException refused = assertThrows(CheckpointException.class, () -> WeightFile.open(file));
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        assertTrue(refused.getMessage().contains("sparse.safetensors"), refused.getMessage());
    }

    @Test
    void refusesAHeaderBeyondTheFormatsLimit() throws IOException {
        byte[] file = SafetensorsBytes.of("{}", 0);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
        assertTrue(refusal(file).getMessage().contains("would have 100000001 bytes"));
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
        assertTrue(refusal(file).getMessage().contains("would have 18446744073709551615 bytes"));
    }

    @Test
    void refusesAHeaderThatGoesBeyondTheFile() throws IOException {
        byte[] file = SafetensorsBytes.of("{}", 0);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 99_999_999);
        assertTrue(refusal(file).getMessage().contains("its header alone has 99999999 bytes, the file has 10"));
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() throws IOException {
        byte[] header = ("{" + entry("\u00e4", "F32", "[2]", 0, 8) + "}").getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(SafetensorsBytes.of(header, 8)).getMessage().contains("not UTF-8"));
    }

    @Test
    void refusesAHeaderOfTooManyTensors() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 400_000; i++) {
            header.append(entry("t" + i, "F32", "[0]", 0, 0)).append(',');
        }
        assertTrue(refusal(SafetensorsBytes.of(header + "\"__metadata__\":{}}", 0))
                .getMessage()
                .contains("Token count"));
    }

    @Test
    void keepsItsMessageOnOneLineWhateverTheNames() throws IOException {
        String message = refusal(SafetensorsBytes.of(
                        "{" + entry("a\\n\\u001b[31m" + "x".repeat(1000), "F33", "[2]", 0, 8) + "}", 8))
                .getMessage();
        assertFalse(message.chars().anyMatch(Character::isISOControl), message);
        assertTrue(message.length() < 600, message);
    }

    @Test
    void acceptsScalarsEmptyTensorsMetadataPaddingAndForeignTypes() throws IOException {
        Path file = directory.resolve("model.safetensors");
        Files.write(
                file,
                SafetensorsBytes.of(
                        "{\"__metadata__\":{\"format\":\"pt\"},"
                                + entry("last", "I64", "[1]", 4, 12) + ","
                                + entry("empty", "F16", "[0,3]", 4, 4) + ","
                                + entry("scalar", "F32", "[]", 0, 4) + "}     ",
                        12));
        try (WeightFile opened = WeightFile.open(file)) {
            assertEquals(
                    List.of("scalar", "empty", "last"),
                    opened.tensors().stream().map(StoredTensor::name).toList());
        }
    }

    @Test
    void refusesEveryTruncationOfAFile() throws IOException {
        byte[] file = SafetensorsBytes.of("{" + entry("a", "F32", "[2]", 0, 8) + "}", 8);
        for (int length = 0; length < file.length; length++) {
            refusal(Arrays.copyOf(file, length));
        }
    }

    @Test
    void opensOrRefusesAFileWhoseHeaderWasDamagedAtRandom() throws IOException {
        byte[] good = Files.readAllBytes(Golden.root().resolve("umt5/text_encoder/model.safetensors"));
        int headerBytes = Math.toIntExact(
                ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        Path file = directory.resolve("model.safetensors");
        Files.write(file, good);
        Random random = new Random(17);
        try (RandomAccessFile damage = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 2000; i++) {
                int position = random.nextInt(8 + headerBytes);
                damage.seek(position);
                damage.write(random.nextInt(256));
                openAndMapAll();
                damage.seek(position);
                damage.write(good[position]);
            }
        }
        assertTrue(openAndMapAll(), "undamaged again");
    }

    /** Whether the file could be opened; any other failure than a refusal fails the test. */
    private boolean openAndMapAll() throws IOException {
        try (WeightFiles weights = WeightFiles.open(directory, "model")) {
            for (String name : weights.names()) {
                weights.map(name);
            }
            return true;
        } catch (CheckpointException e) {
            return false;
        }
    }

    private CheckpointException refusal(byte[] bytes) throws IOException {
        Path file = directory.resolve("model.safetensors");
        Files.write(file, bytes);
        return assertThrows(
                CheckpointException.class, () -> WeightFile.open(file).close());
    }
}
