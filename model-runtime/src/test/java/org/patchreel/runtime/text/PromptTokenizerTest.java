package org.patchreel.runtime.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;

class PromptTokenizerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void namesAMissingFile() {
        assertRefused("does not exist");
    }

    @Test
    void refusesADirectoryInTheFilesPlace() throws IOException {
        Files.createDirectory(directory.resolve("tokenizer.json"));
        assertRefused("is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}",
                "{\"version\": \"1.0\", \"model\": {\"type\": \"Unigram\", \"unk_id\": 7, \"vocab\": [[\"a\", 0.0]]}}",
                "{\"version\": \"1.0\", \"model\": {\"type\": \"Nonesuch\"}}",
                "\u0000",
            })
    void refusesADamagedTokenizer(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
        assertRefused("is no usable tokenizer");
    }

    @Test
    void refusesATruncatedTokenizerAndDeepNesting() throws IOException {
        String whole = Files.readString(Golden.root().resolve("tokenizer/tokenizer.json"));
        Files.writeString(directory.resolve("tokenizer.json"), whole.substring(0, whole.length() / 2));
        assertRefused("is no usable tokenizer");
        Files.writeString(directory.resolve("tokenizer.json"), "[".repeat(1_000_000));
        assertRefused("is no usable tokenizer");
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        Files.write(directory.resolve("tokenizer.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc0});
        assertRefused("is no usable tokenizer");
    }

    @ParameterizedTest
    @CsvSource({
        "{},512",
        "{\"model_max_length\": null},512",
        "{\"model_max_length\": 40},40",
        "{\"model_max_length\": 4096},512",
        "{\"model_max_length\": 1000000000000000019884624838656},512",
        "{\"model_max_length\": 1e30},512"
    })
    void takesTheTextLengthFromItsConfiguration(String config, int expected) throws IOException {
        Files.copy(Golden.root().resolve("tokenizer/tokenizer.json"), directory.resolve("tokenizer.json"));
        Files.writeString(directory.resolve("tokenizer_config.json"), config);
        try (PromptTokenizer tokenizer = PromptTokenizer.open(directory)) {
            assertEquals(expected, tokenizer.maxLength());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1", "\"512\"", "1e999"})
    void refusesATextLengthThatIsNone(String length) throws IOException {
        Files.copy(Golden.root().resolve("tokenizer/tokenizer.json"), directory.resolve("tokenizer.json"));
        Path config =
                Files.writeString(directory.resolve("tokenizer_config.json"), "{\"model_max_length\": " + length + "}");
        IOException refused = assertThrows(IOException.class, () -> PromptTokenizer.open(directory));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(config + ": model_max_length is"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1, 513})
    void refusesACallersTextLengthOutOfRange(int length) {
        assertThrows(IllegalArgumentException.class, () -> PromptTokenizer.open(directory, length));
    }

    private void assertRefused(String reason) {
        IOException refused = assertThrows(IOException.class, () -> PromptTokenizer.open(directory));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(directory.resolve("tokenizer.json") + " " + reason), message);
        assertEquals(1, message.lines().count(), message);
    }
}
