package org.patchreel.impl.batch;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.workflow.ArgumentText;
import org.patchreel.workflow.GenerateClipInput;

/**
 * A table of prompts: CSV with a heading as spreadsheet programs export it (<a
 * href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>; UTF-8, or UTF-16 with a byte order mark; commas, semicolons or
 * tabs, whichever the heading has most of), or <a href="https://jsonlines.org">JSON lines</a>, objects of texts, numbers and
 * truth values. Blank lines and rows of empty cells are passed over.
 *
 * @param rows in their order
 */
public record PromptTable(List<Row> rows) {

    /** Column that names the files of a clip. */
    static final String NAME = "name";

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_ROWS = 10_000;
    private static final int MAX_COLUMNS = 100;

    /** The separators, the preferred first. */
    private static final String SEPARATORS = ",;\t";

    /** A first line that tells Excel the separator. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=(.)\"?\\R", Pattern.CASE_INSENSITIVE);

    /** Where the comma does not separate cells, it is what numbers have in place of a decimal point. */
    private static final Pattern DECIMAL_COMMA = Pattern.compile("(\\d+),(\\d+)");

    private static final Set<String> DECIMALS = Set.of("seconds", "frame.rate", "guidance.scale", "strength");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .build();

    /**
     * One row.
     *
     * @param number from 1, without the heading and without blank rows
     * @param values by column; no blank ones. The columns of arguments, and {@code name}, are in lower case
     */
    public record Row(int number, Map<String, String> values) {}

    /**
     * Reads a table.
     *
     * @param file ends with {@code .csv}, {@code .tsv}, {@code .tab} or {@code .txt}; or {@code .jsonl}, {@code .ndjson} or
     *     {@code .json}
     * @return the table, of one row at least
     * @throws IllegalArgumentException if it is not such a table, or larger than 16 MiB, 10,000 rows or 100 columns; the
     *     message names the row
     * @throws IOException if it cannot be read
     */
    public static PromptTable read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        List<Row> rows = switch (extension) {
            case "csv", "tsv", "tab", "txt" -> csv(text(file, name), name);
            case "jsonl", "ndjson", "json" -> jsonLines(text(file, name), name);
            default ->
                throw new IllegalArgumentException(name
                        + ": a table of prompts ends with .csv, .tsv, .txt or .jsonl; spreadsheet programs export CSV");
        };
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(name + ": has no row");
        }
        return new PromptTable(rows);
    }

    private static String text(Path file, String name) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(name + ": larger than 16 MiB");
        }
        try {
            String text =
                    charset(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": is neither UTF-8 nor UTF-16; export it as CSV UTF-8", e);
        }
    }

    private static Charset charset(byte[] bytes) {
        int start = bytes.length < 2 ? 0 : ((bytes[0] & 255) << 8) | (bytes[1] & 255);
        return start == 0xFFFE ? UTF_16LE : start == 0xFEFF ? UTF_16BE : UTF_8;
    }

    private static List<Row> csv(String text, String name) {
        Matcher line = SEPARATOR_LINE.matcher(text);
        boolean named = line.lookingAt();
        String table = named ? text.substring(line.end()) : text;
        char separator = named ? line.group(1).charAt(0) : separator(table);
        List<Row> rows = new ArrayList<>();
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
        try (MappingIterator<String[]> records =
                CSV.readerFor(String[].class).with(schema).readValues(table)) {
            if (!records.hasNextValue()) {
                return rows;
            }
            List<String> columns = columns(records.nextValue(), name);
            while (records.hasNextValue()) {
                Map<String, String> values = values(columns, records.nextValue(), name, rows.size() + 1);
                if (separator != ',') {
                    values.replaceAll((column, value) -> DECIMALS.contains(column) ? withPoint(value) : value);
                }
                add(rows, values, name);
            }
            return rows;
        } catch (IOException e) {
            throw malformed(name, rows.size() + 1, e);
        }
    }

    /** What stands most often in the heading, outside of quotes. */
    private static char separator(String text) {
        int[] counts = new int[SEPARATORS.length()];
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && (character == '\n' || character == '\r')) {
                break;
            } else if (!quoted && SEPARATORS.indexOf(character) >= 0) {
                counts[SEPARATORS.indexOf(character)]++;
            }
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return SEPARATORS.charAt(most);
    }

    private static List<String> columns(String[] heading, String name) {
        if (heading.length > MAX_COLUMNS) {
            throw new IllegalArgumentException(name + ": has more than " + MAX_COLUMNS + " columns");
        }
        List<String> columns = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String cell : heading) {
            String column = column(cell);
            if (!column.isEmpty() && !known.add(column)) {
                throw new IllegalArgumentException(name + ": the column " + column + " appears twice");
            }
            columns.add(column);
        }
        return columns;
    }

    private static String column(String heading) {
        String column = ArgumentText.trim(heading);
        String lower = column.toLowerCase(Locale.ROOT);
        return lower.equals(NAME) || GenerateClipInput.NAMES.contains(lower) ? lower : column;
    }

    /** Cells without a heading are passed over as long as they are blank: spreadsheet programs leave such at the end. */
    private static Map<String, String> values(List<String> columns, String[] cells, String name, int row) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            String value = ArgumentText.trim(cells[i]);
            String column = i < columns.size() ? columns.get(i) : "";
            if (!column.isEmpty()) {
                values.put(column, value);
            } else if (!value.isEmpty()) {
                throw new IllegalArgumentException(name + ", row " + row + ": cell " + (i + 1)
                        + " stands below no heading: " + beginning(value) + " (the columns are "
                        + String.join(", ", columns) + ")");
            }
        }
        return values;
    }

    private static String withPoint(String number) {
        return DECIMAL_COMMA.matcher(number).matches() ? number.replace(',', '.') : number;
    }

    private static List<Row> jsonLines(String text, String name) {
        List<Row> rows = new ArrayList<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            try {
                JsonNode object = JSON.readTree(line);
                if (!object.isObject()) {
                    throw new IllegalArgumentException(
                            name + ", row " + (rows.size() + 1) + ": is not a JSON object: " + beginning(line));
                }
                Map<String, String> values = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> value : object.properties()) {
                    if (value.getValue().isContainerNode()) {
                        throw new IllegalArgumentException(name + ", row " + (rows.size() + 1) + ": " + value.getKey()
                                + " is neither text nor number");
                    }
                    String column = column(value.getKey());
                    if (values.containsKey(column)) {
                        throw new IllegalArgumentException(
                                name + ", row " + (rows.size() + 1) + ": " + column + " appears twice");
                    }
                    values.put(
                            column,
                            value.getValue().isNull()
                                    ? ""
                                    : ArgumentText.trim(value.getValue().asText()));
                }
                add(rows, values, name);
            } catch (JsonProcessingException e) {
                throw malformed(name, rows.size() + 1, e);
            }
        }
        return rows;
    }

    private static void add(List<Row> rows, Map<String, String> values, String name) {
        if (values.size() > MAX_COLUMNS) {
            throw new IllegalArgumentException(name + ": has more than " + MAX_COLUMNS + " columns");
        }
        values.values().removeIf(String::isEmpty);
        if (values.isEmpty()) {
            return;
        }
        int number = rows.size() + 1;
        if (number > MAX_ROWS) {
            throw new IllegalArgumentException(name + ": has more than " + MAX_ROWS + " rows");
        }
        rows.add(new Row(number, values));
    }

    private static IllegalArgumentException malformed(String name, int row, IOException cause) {
        String reason = String.valueOf(
                cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage());
        // Jackson tells a place within a place with notes on its own settings
        String place = reason.replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1");
        return new IllegalArgumentException(
                name + ", row " + row + ": " + place.lines().findFirst().orElse(""), cause);
    }

    private static String beginning(String line) {
        return line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }
}
