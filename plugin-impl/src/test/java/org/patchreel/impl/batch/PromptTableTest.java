package org.patchreel.impl.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTableTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void readsCsvAsSpreadsheetsWriteIt() throws IOException {
        PromptTable table =
                read("t.csv", "\uFEFFname, prompt ,seed\r\nä,\"a \"\"red\"\" ball,\nrolling\",7\r\n\r\nb,a cube,\r\n");
        assertEquals(
                List.of(
                        new PromptTable.Row(1, Map.of("name", "ä", "prompt", "a \"red\" ball,\nrolling", "seed", "7")),
                        new PromptTable.Row(2, Map.of("name", "b", "prompt", "a cube"))),
                table.rows());
    }

    @Test
    void readsJsonLines() throws IOException {
        PromptTable table = read(
                "t.jsonl", "{\"prompt\":\"a ball\",\"seed\":7,\"title\":null}\n\n{\"prompt\":\"b\",\"seconds\":2.5}");
        assertEquals(
                List.of(
                        new PromptTable.Row(1, Map.of("prompt", "a ball", "seed", "7")),
                        new PromptTable.Row(2, Map.of("prompt", "b", "seconds", "2.5"))),
                table.rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t.txt|x|t.txt: a table of prompts ends with .csv or .jsonl",
                "t.csv|name,prompt|t.csv: has no row",
                "t.jsonl|[1]|t.jsonl, row 1: is no JSON object: [1]",
                "t.jsonl|{\"prompt\":{}}|t.jsonl, row 1: prompt is neither text nor number",
            })
    void namesWhatIsWrong(String name, String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> read(name, text))
                        .getMessage());
    }

    @Test
    void namesTheRowThatIsMalformed() {
        assertTrue(message("t.jsonl", "{\"a\":1}\n{\"a\":").startsWith("t.jsonl, row 2: "));
        assertFalse(message("t.jsonl", "{\"a\":").contains("REDACTED"), message("t.jsonl", "{\"a\":"));
        assertTrue(message("t.csv", "a,b\n1,2\n\"3,4\n").startsWith("t.csv, row 2: "));
        assertTrue(message("t.csv", "a,b\n1,2,3\n").startsWith("t.csv, row 1: "));
    }

    @Test
    void refusesWhatIsNoUtf8AndWhatIsTooLarge() throws IOException {
        Path latin = Files.write(folder.resolve("l.csv"), "prompt\ngrün".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "l.csv: is not UTF-8",
                assertThrows(IllegalArgumentException.class, () -> PromptTable.read(latin))
                        .getMessage());
        assertEquals("t.csv: has more than 10000 rows", message("t.csv", "prompt\n" + "a\n".repeat(10_001)));
        assertEquals("t.csv: larger than 16 MiB", message("t.csv", "prompt\n" + "a".repeat(16 << 20)));
    }

    private String message(String name, String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> read(name, text))
                .getMessage());
    }

    private PromptTable read(String name, String text) throws IOException {
        return PromptTable.read(Files.writeString(folder.resolve(name), text));
    }
}
