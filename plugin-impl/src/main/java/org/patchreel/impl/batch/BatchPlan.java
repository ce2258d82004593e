package org.patchreel.impl.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.patchreel.api.GenerationRequest;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.StepPayload;

/**
 * The clips that a table asks for. Columns with the names of {@link GenerateClipInput}'s arguments are those; {@code name}
 * names the files; all others fill placeholders.
 *
 * @param items in the order of the rows
 */
public record BatchPlan(List<BatchItem> items) {

    private static final String NAME = "name";
    private static final Pattern FILE_NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_][\\p{L}\\p{M}\\p{N} ._-]{0,99}");
    private static final int MOST_PROBLEMS = 10;

    /** Seeds are below it, so that every reader of JSON reads them back exactly. */
    private static final BigInteger SEED_BOUND = BigInteger.ONE.shiftLeft(53);

    private static final String BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int ID_LENGTH = 26;

    /**
     * Makes the plan, before anything is generated.
     *
     * @param table the rows
     * @param defaults arguments for rows that do not have them
     * @return the plan
     * @throws IllegalArgumentException if rows are wrong; the message names the first ten
     */
    public static BatchPlan of(PromptTable table, Map<String, String> defaults) {
        List<BatchItem> items = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int digits = Math.max(2, String.valueOf(table.rows().size()).length());
        for (PromptTable.Row row : table.rows()) {
            try {
                String name = row.values().getOrDefault(NAME, "clip-" + padded(row.number(), digits));
                if (!FILE_NAME.matcher(name).matches()) {
                    throw new IllegalArgumentException(
                            "name must be letters, digits, spaces and . _ -, 100 at most: " + name);
                }
                if (!names.add(name.toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("the name " + name + " appears twice");
                }
                items.add(item(name, request(row, defaults)));
            } catch (IllegalArgumentException e) {
                problems.add("row " + row.number() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            String more = problems.size() > MOST_PROBLEMS ? "; and " + (problems.size() - MOST_PROBLEMS) + " more" : "";
            throw new IllegalArgumentException(String.join(
                            "; ", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())))
                    + more);
        }
        return new BatchPlan(items);
    }

    private static GenerationRequest request(PromptTable.Row row, Map<String, String> defaults) {
        Map<String, String> arguments = new LinkedHashMap<>(defaults);
        row.values().forEach((column, value) -> {
            if (GenerateClipInput.NAMES.contains(column)) {
                arguments.put(column, value);
            }
        });
        if (!arguments.containsKey("prompt") && !arguments.containsKey("prompt.property")) {
            throw new IllegalArgumentException("no prompt is given, neither by the row nor for all rows");
        }
        try {
            return GenerateClipInput.of(arguments).request(new Columns(row.values()));
        } catch (IOException e) {
            throw new IllegalStateException("a row is in memory", e);
        }
    }

    /** The ID and, where none is given, the seed follow from the name and the request. */
    private static BatchItem item(String name, GenerationRequest request) {
        byte[] digest = sha256("patchreel batch 1\n" + name + "\n" + request);
        BigInteger number = new BigInteger(1, digest);
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(BASE32.charAt(number.shiftRight(5 * i).intValue() & 31));
        }
        GenerationRequest seeded = request.seed().isPresent()
                ? request
                : request.withSeed(
                        number.shiftRight(5 * ID_LENGTH).mod(SEED_BOUND).longValueExact());
        return new BatchItem(name, id.toString(), seeded);
    }

    private static String padded(int number, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "d", number);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A row as what placeholders stand for. */
    private record Columns(Map<String, String> values) implements StepPayload {
        @Override
        public Optional<String> property(String name) {
            return Optional.ofNullable(values.get(name));
        }

        @Override
        public Optional<String> text(Optional<String> path) {
            return Optional.empty();
        }
    }
}
