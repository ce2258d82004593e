package org.patchreel.impl.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
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

    private static final List<PromptTable.Row> SHEET = List.of(
            new PromptTable.Row(
                    1, Map.of("prompt", "ein Ball; „rot“, 球", "seconds", "0.5", "size", "64x64", "Farbe", "rot")),
            new PromptTable.Row(2, Map.of("prompt", "a \"blue\"\ncube", "seconds", "2")));

    /** German Excel: "CSV UTF-8" separates by semicolons, has a byte order mark and a comma in numbers. */
    @Test
    void readsWhatAGermanExcelExports() throws IOException {
        String text = String.join(
                "\r\n",
                "\uFEFFPrompt;Seconds;Size;Farbe",
                "\"ein Ball; „rot“, 球\";0,5;64x64;rot",
                "\"a \"\"blue\"\"\ncube\";2;;",
                ";;;",
                "");
        assertEquals(SHEET, read("excel.csv", text).rows());
    }

    /** Excel's "Unicode Text": UTF-16, little endian, tabs, the name ends with .txt. */
    @Test
    void readsExcelsUnicodeText() throws IOException {
        String text = String.join(
                "\r\n",
                "\uFEFFprompt\tseconds\tsize\tFarbe",
                "ein Ball; „rot“, 球\t0,5\t64x64\trot",
                "\"a \"\"blue\"\"\ncube\"\t2\t\t",
                "");
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8)) {
            Path file = Files.write(folder.resolve("excel.txt"), text.getBytes(charset));
            assertEquals(SHEET, PromptTable.read(file).rows(), charset.name());
        }
    }

    /** A first line by which Excel is told the separator stays in files that it saves. */
    @Test
    void readsALineThatNamesTheSeparator() throws IOException {
        assertEquals(
                List.of(new PromptTable.Row(1, Map.of("prompt", "a, b", "seed", "7"))),
                read("t.csv", "sep=;\r\nprompt;seed\r\na, b;7\r\n").rows());
    }

    /** LibreOffice: commas, LF, no byte order mark, text quoted where it must be; empty columns that were formatted. */
    @Test
    void readsWhatLibreOfficeExports() throws IOException {
        String text = """
                prompt,seconds,size,Farbe,,
                "ein Ball; „rot“, 球",0.5,64x64,rot,,
                ,,,,,
                "a ""blue""
                cube",2,,,,
                ,,,,,
                """;
        assertEquals(SHEET, read("libreoffice.csv", text).rows());
    }

    /** Google Sheets: commas, CR LF, no byte order mark, no line end after the last row. */
    @Test
    void readsWhatGoogleSheetsExports() throws IOException {
        String text = "prompt,seconds,size,Farbe\r\n\"ein Ball; „rot“, 球\",0.5,64x64,rot\r\n"
                + "\"a \"\"blue\"\"\ncube\",2,,\r\n,,,\r\n,,,";
        assertEquals(SHEET, read("sheets.csv", text).rows());
        String tabs = "prompt\tseconds\tsize\tFarbe\r\nein Ball; „rot“, 球\t0.5\t64x64\trot\r\n"
                + "\"a \"\"blue\"\"\ncube\"\t2\t\t";
        assertEquals(SHEET, read("sheets.tsv", tabs).rows());
    }

    @Test
    void aBlankRowHasNoNumber() throws IOException {
        assertEquals(
                List.of(new PromptTable.Row(1, Map.of("prompt", "a")), new PromptTable.Row(2, Map.of("prompt", "b"))),
                read("t.csv", "prompt,seed\r\na,\r\n,\r\n,,\r\n \u00A0,\r\nb,\r\n")
                        .rows());
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
                "t.xlsx|x|t.xlsx: a table of prompts ends with .csv, .tsv, .txt or .jsonl; spreadsheet programs export CSV",
                "t.csv|name,prompt|t.csv: has no row",
                "t.csv|\",,,\"|t.csv: has no row",
                "t.jsonl|{\"prompt\":\"a\",\"Prompt\":\"b\"}|t.jsonl, row 1: prompt appears twice",
                "t.jsonl|[1]|t.jsonl, row 1: is not a JSON object: [1]",
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
        assertEquals(
                "t.csv, row 1: cell 3 stands below no heading: 3 (the columns are a, b)",
                message("t.csv", "a,b\n1,2,3\n"));
        assertEquals("t.csv: the column prompt appears twice", message("t.csv", "prompt,seed,Prompt\na,1,b\n"));
    }

    @Test
    void refusesWhatIsNoUtf8AndWhatIsTooLarge() throws IOException {
        Path latin = Files.write(folder.resolve("l.csv"), "prompt\ngrün".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "l.csv: is neither UTF-8 nor UTF-16; export it as CSV UTF-8",
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
