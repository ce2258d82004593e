package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
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
        assertRefused("is no");
    }

    @Test
    void refusesATruncatedTokenizerAndDeepNesting() throws IOException {
        String whole = Files.readString(Golden.root().resolve("tokenizer/tokenizer.json"));
        Files.writeString(directory.resolve("tokenizer.json"), whole.substring(0, whole.length() / 2));
        assertRefused("is no");
        Files.writeString(directory.resolve("tokenizer.json"), "[".repeat(1_000_000));
        assertRefused("is no");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // each of these ends the process if it reaches the native library
                "\"precompiled_charsmap\":\\s*\"ALwCAA | \"precompiled_charsmap\": \"ALwC/w | precompiled_charsmap",
                "\"special_tokens\":\\s*\\{\\s*\"</s>\" | \"special_tokens\": {\"</t>\" | end token",
                // these make it slow or useless
                "\"Regex\":\\s*\"[^\"]*\" | \"Regex\": \"(a*)*b\" | regular expression",
                "\"Regex\":\\s*\"[^\"]*\" | \"String\": \"\" | empty string",
                "\"Unigram\" | \"BPE\" | model type",
                "\"Metaspace\" | \"Split\" | pre-tokenizer",
                "\"Strip\" | \"Prepend\" | normalizer",
                "\"unk_id\":\\s*3 | \"unk_id\": null | unk_id",
                "\"unk_id\":\\s*3 | \"unk_id\": 512 | UnkIdNotInVocabulary",
                "\"content\":\\s*\"<pad>\" | \"content\": \"\" | added token",
            })
    void refusesPartsThatAreDamagedOrNotOfAT5Tokenizer(String found, String replacement, String reason)
            throws IOException {
        String whole = Files.readString(Golden.root().resolve("tokenizer/tokenizer.json"));
        String damaged = whole.replaceFirst(found, Matcher.quoteReplacement(replacement));
        assertNotEquals(whole, damaged);
        Files.writeString(directory.resolve("tokenizer.json"), damaged);
        IOException refused = assertThrows(IOException.class, () -> PromptTokenizer.open(directory));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void refusesAReplacementTableWithOneChangedNode() throws IOException {
        String table = new ObjectMapper()
                .readTree(Golden.root().resolve("tokenizer/tokenizer.json").toFile())
                .path("normalizer")
                .path("normalizers")
                .path(0)
                .path("precompiled_charsmap")
                .textValue();
        ReplacementTable.check(table);
        byte[] bytes = Base64.getDecoder().decode(table);
        bytes[4 + 3] |= 0x40; // the root's offset
        String damaged = Base64.getEncoder().encodeToString(bytes);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ReplacementTable.check(damaged));
        assertEquals("its precompiled_charsmap is damaged: a node of its trie", refused.getMessage());
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        Files.write(directory.resolve("tokenizer.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc0});
        assertRefused("is no");
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
