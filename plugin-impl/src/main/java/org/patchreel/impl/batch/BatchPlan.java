package org.patchreel.impl.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.patchreel.api.AssetId;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.impl.storyboard.StoryboardText;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.StepPayload;
import org.patchreel.workflow.Template;

/**
 * The clips that a table asks for. Columns with the names of {@link GenerateClipInput}'s arguments are those; {@code name}
 * names the files; all others fill placeholders.
 *
 * @param items in the order of the rows
 */
public record BatchPlan(List<BatchItem> items) {

    /** Mutually exclusive arguments: one given by a row replaces one given for all rows. */
    private static final List<Set<String>> ALTERNATIVES = List.of(
            Set.of("prompt", "prompt.property", "prompt.asset", "storyboard", "storyboard.property"),
            Set.of("seconds", "frames"));

    /** The arguments in which placeholders stand, besides those that are pictures and clips. */
    private static final List<String> TEMPLATES =
            List.of("prompt", "negative.prompt", "folder", "title", "creator", "copyright", "keyframes");

    private static final List<String> PROMPTS =
            List.of("prompt", "prompt.property", "storyboard", "storyboard.property");

    /** Arguments that say more of another one: where a row lacks that one, they are not for it. */
    private static final Map<String, String> DEPENDENT =
            Map.of("strength", "from", "mask", "from", "extend.side", "extend", "factor", "interpolate");

    private static final Pattern FILE_NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_][\\p{L}\\p{M}\\p{N} ._-]{0,99}");
    private static final int MAX_PROBLEMS = 10;

    /** A file's name has at most 255 bytes; the rest is for an extension and for the name of the file in the making. */
    private static final int MAX_NAME_BYTES = 200;

    /** Seeds are below it, so that every reader of JSON reads them back exactly. */
    private static final BigInteger SEED_BOUND = BigInteger.ONE.shiftLeft(53);

    /** Bits of the digest that the ID has; the seed is made of the next. */
    private static final int ID_BITS = 130;

    /** Finds the pictures and clips that rows name. */
    @FunctionalInterface
    public interface MediaFinder {
        /**
         * Finds one.
         *
         * @param name as a row has it
         * @param store keeps it
         * @return what a request refers to it by; empty if there is none
         * @throws IllegalArgumentException if the store does not take it; the message names it
         * @throws IOException if it cannot be read or kept
         */
        Optional<Media> find(String name, SourceStore store) throws IOException;

        /**
         * Reads a storyboard.
         *
         * @param name as a row has it
         * @return the text; empty if there is none
         * @throws IllegalArgumentException if it is no text of a storyboard's length; the message names it
         * @throws IOException if it cannot be read
         */
        default Optional<String> text(String name) throws IOException {
            return Optional.empty();
        }
    }

    /** Finds out what is wrong with a request without making its clip. */
    @FunctionalInterface
    public interface RequestCheck {
        /**
         * Checks a request.
         *
         * @param item with the request
         * @throws IllegalArgumentException if the clip cannot be made; the message names why
         * @throws GenerationException if no clip at all can be made
         * @throws IOException if what is stored cannot be read
         */
        void check(BatchItem item) throws GenerationException, IOException;
    }

    /**
     * Makes the plan, before anything is generated.
     *
     * @param table the rows
     * @param defaults arguments for rows that do not have them
     * @param media finds the pictures and clips
     * @param store keeps them
     * @param check knows the models
     * @return the plan
     * @throws IllegalArgumentException if rows are wrong, the message names the first ten; or if a column has no effect
     * @throws GenerationException as the check
     * @throws IOException as the check; or if a picture or clip cannot be read or kept, the message names the row
     */
    public static BatchPlan of(
            PromptTable table, Map<String, String> defaults, MediaFinder media, SourceStore store, RequestCheck check)
            throws GenerationException, IOException {
        checkColumns(table, defaults);
        List<BatchItem> items = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int digits = Math.max(2, String.valueOf(table.rows().size()).length());
        for (PromptTable.Row row : table.rows()) {
            try {
                String name = row.values().getOrDefault(PromptTable.NAME, "clip-" + padded(row.number(), digits));
                if (!FILE_NAME.matcher(name).matches()) {
                    throw new IllegalArgumentException(
                            "name must be letters, digits, spaces and . _ -, 100 at most: " + name);
                }
                int bytes = name.getBytes(UTF_8).length;
                if (bytes > MAX_NAME_BYTES) {
                    throw new IllegalArgumentException(
                            "name has " + bytes + " bytes in UTF-8, at most " + MAX_NAME_BYTES + " fit: " + name);
                }
                if (!names.add(name.toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("the name " + name + " appears twice");
                }
                BatchItem item = item(name, request(row, defaults, media, store));
                check.check(item);
                items.add(item);
            } catch (IllegalArgumentException e) {
                problems.add("row " + row.number() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            String more = problems.size() > MAX_PROBLEMS ? "; and " + (problems.size() - MAX_PROBLEMS) + " more" : "";
            throw new IllegalArgumentException(String.join(
                            "; ", problems.subList(0, Math.min(MAX_PROBLEMS, problems.size())))
                    + more);
        }
        return new BatchPlan(items);
    }

    /** A column that was mistyped would leave every clip without what it says. */
    private static void checkColumns(PromptTable table, Map<String, String> defaults) {
        Set<String> unused = new LinkedHashSet<>();
        table.rows().forEach(row -> unused.addAll(row.values().keySet()));
        unused.removeIf(GenerateClipInput::isArgument);
        unused.remove(PromptTable.NAME);
        for (PromptTable.Row row : table.rows()) {
            Map<String, String> arguments = arguments(row, defaults);
            arguments.forEach((name, value) -> {
                if (TEMPLATES.contains(name) || GenerateClipInput.isMedia(name)) {
                    unused.removeAll(new Template(value).placeholders());
                }
            });
            unused.remove(arguments.getOrDefault("prompt.property", ""));
            unused.remove(arguments.getOrDefault("storyboard.property", ""));
        }
        if (!unused.isEmpty()) {
            String columns = String.join(", ", unused);
            throw new IllegalArgumentException("nothing uses the column"
                    + (unused.size() > 1 ? "s " : " ") + columns + ": no placeholder {"
                    + unused.iterator().next()
                    + "} stands for it, and the columns that need none are " + PromptTable.NAME + ", "
                    + String.join(", ", GenerateClipInput.NAMES));
        }
    }

    private static Map<String, String> arguments(PromptTable.Row row, Map<String, String> defaults) {
        Map<String, String> arguments = new LinkedHashMap<>(defaults);
        for (Set<String> alternatives : ALTERNATIVES) {
            if (!Collections.disjoint(alternatives, row.values().keySet())) {
                arguments.keySet().removeAll(alternatives);
            }
        }
        row.values().forEach((column, value) -> {
            if (GenerateClipInput.isArgument(column)) {
                arguments.put(column, value);
            }
        });
        DEPENDENT.forEach((name, other) -> {
            if (!arguments.containsKey(other) && !row.values().containsKey(name)) {
                arguments.remove(name);
            }
        });
        return arguments;
    }

    private static GenerationRequest request(
            PromptTable.Row row, Map<String, String> defaults, MediaFinder media, SourceStore store)
            throws IOException {
        Map<String, String> arguments = arguments(row, defaults);
        if (PROMPTS.stream().noneMatch(arguments::containsKey)) {
            throw new IllegalArgumentException(
                    "no prompt is given, neither by the row nor for all rows; its columns are "
                            + String.join(", ", row.values().keySet()));
        }
        try {
            return GenerateClipInput.of(arguments)
                    .request(new Columns(row.values(), media), Optional.of(store), StoryboardText::read);
        } catch (IOException e) {
            throw new IOException(
                    "row " + row.number() + ": a picture or clip cannot be read or kept: " + e.getMessage(), e);
        }
    }

    /** The ID and, where none is given, the seed follow from the name and the request. */
    private static BatchItem item(String name, GenerationRequest request) {
        byte[] digest = sha256("patchreel batch 1\n" + name + "\n", request);
        BigInteger number = new BigInteger(1, digest);
        // The lowest digit stands first, as it always has.
        String id = new StringBuilder(AssetId.base32(number)).reverse().toString();
        GenerationRequest seeded = request.sampling().seed().isPresent()
                ? request
                : request.toBuilder()
                        .seed(number.shiftRight(ID_BITS).mod(SEED_BOUND).longValueExact())
                        .build();
        return new BatchItem(name, id, seeded);
    }

    private static String padded(int number, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "d", number);
    }

    private static byte[] sha256(String name, GenerationRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(UTF_8));
            return digest.digest(request.canonical());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A row as what placeholders stand for. */
    private record Columns(Map<String, String> values, MediaFinder finder) implements StepPayload {
        @Override
        public Optional<String> property(String name) {
            return Optional.ofNullable(values.get(name));
        }

        @Override
        public Optional<String> text(Optional<String> path) throws IOException {
            return path.isEmpty() ? Optional.empty() : finder.text(path.get());
        }

        @Override
        public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
            return path.isEmpty() ? Optional.empty() : finder.find(path.get(), store);
        }
    }
}
