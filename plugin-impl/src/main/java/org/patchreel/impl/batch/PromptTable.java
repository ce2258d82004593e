package org.patchreel.impl.batch;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of prompts: CSV with a heading (<a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>, UTF-8, comma), or
 * <a href="https://jsonlines.org">JSON lines</a>, objects of texts, numbers and truth values. Blank lines are passed over.
 *
 * @param rows in their order
 */
public record PromptTable(List<Row> rows) {

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_ROWS = 10_000;
    private static final int MAX_COLUMNS = 100;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .build();

    /**
     * One row.
     *
     * @param number from 1, without the heading
     * @param values by column; no blank ones
     */
    public record Row(int number, Map<String, String> values) {}

    /**
     * Reads a table.
     *
     * @param file ends with {@code .csv}, or {@code .jsonl}, {@code .ndjson} or {@code .json}
     * @return the table, of one row at least
     * @throws IllegalArgumentException if it is no such table, or larger than 16 MiB, 10,000 rows or 100 columns; the
     *     message names the row
     * @throws IOException if it cannot be read
     */
    public static PromptTable read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String text = text(file, name);
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        List<Row> rows = switch (extension) {
            case "csv" -> csv(text, name);
            case "jsonl", "ndjson", "json" -> jsonLines(text, name);
            default -> throw new IllegalArgumentException(name + ": a table of prompts ends with .csv or .jsonl");
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
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": is not UTF-8", e);
        }
    }

    private static List<Row> csv(String text, String name) {
        List<Row> rows = new ArrayList<>();
        CsvSchema schema = CsvSchema.emptySchema().withHeader().withStrictHeaders(true);
        try (MappingIterator<Map<String, String>> records =
                CSV.readerForMapOf(String.class).with(schema).readValues(text)) {
            while (records.hasNextValue()) {
                add(rows, records.nextValue(), name);
            }
            return rows;
        } catch (IOException e) {
            throw malformed(name, rows.size() + 1, e);
        }
    }

    private static List<Row> jsonLines(String text, String name) {
        List<Row> rows = new ArrayList<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            try {
                JsonNode object = JSON.readTree(line);
                if (!object.isObject()) {
                    throw new IllegalArgumentException(
                            name + ", row " + (rows.size() + 1) + ": is no JSON object: " + beginning(line));
                }
                Map<String, String> values = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> value : object.properties()) {
                    if (value.getValue().isContainerNode()) {
                        throw new IllegalArgumentException(name + ", row " + (rows.size() + 1) + ": " + value.getKey()
                                + " is neither text nor number");
                    }
                    values.put(
                            value.getKey(),
                            value.getValue().isNull() ? "" : value.getValue().asText());
                }
                add(rows, values, name);
            } catch (JsonProcessingException e) {
                throw malformed(name, rows.size() + 1, e);
            }
        }
        return rows;
    }

    private static void add(List<Row> rows, Map<String, String> values, String name) {
        int number = rows.size() + 1;
        if (number > MAX_ROWS) {
            throw new IllegalArgumentException(name + ": has more than " + MAX_ROWS + " rows");
        }
        if (values.size() > MAX_COLUMNS) {
            throw new IllegalArgumentException(name + ": has more than " + MAX_COLUMNS + " columns");
        }
        Map<String, String> given = new LinkedHashMap<>();
        values.forEach((column, value) -> {
            if (!value.isBlank()) {
                given.put(column.strip(), value.strip());
            }
        });
        rows.add(new Row(number, given));
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
