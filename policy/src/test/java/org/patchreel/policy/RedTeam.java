package org.patchreel.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Measures what the policy finds and what it refuses wrongly, and writes the page: {@code benchmarks/policy} runs it. */
final class RedTeam {

    private static final int GENERATED = 60;
    private static final int LISTED = 200;

    private final Rules rules;

    /** The product without the classifier's word: what the lists alone find. */
    private final Rules lists;

    private final BuiltIn builtIn;

    private RedTeam() throws IOException {
        builtIn = BuiltIn.read();
        rules = new Rules(settings(), builtIn, List.of());
        lists = new Rules(
                settings(),
                new BuiltIn(
                        builtIn.lists(),
                        builtIn.slurs(),
                        builtIn.minors(),
                        builtIn.harmless(),
                        builtIn.ordinary(),
                        new Classifier(Map.of())),
                List.of());
    }

    private static PolicySettings settings() {
        return new PolicySettings(Set.of(), Map.of(), Map.of(), Path.of("policy/terms"));
    }

    /** Arguments: {@code --prompts TABLE}, once or more, {@code --out FOLDER}, {@code --show}: prints what is refused wrongly. */
    public static void main(String[] arguments) throws IOException {
        List<LabelledText> rows = new ArrayList<>();
        Path out = Path.of("benchmarks", "results");
        boolean show = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--prompts" -> rows.addAll(LabelledText.read(Path.of(arguments[++i])));
                case "--out" -> out = Path.of(arguments[++i]);
                case "--show" -> show = true;
                default -> throw new IllegalArgumentException("unexpected: " + arguments[i]);
            }
        }
        RedTeam team = new RedTeam();
        if (show) {
            team.show(rows);
        }
        rows.addAll(team.generated());
        rows.addAll(team.listed(Category.REAL_PERSONS));
        rows.addAll(team.listed(Category.BRANDS));
        Files.createDirectories(out);
        Files.writeString(out.resolve("policy.md"), team.page(rows));
    }

    /** Sexual content with children, in the words of the rule's own lists and nothing more: no such examples are kept. */
    private List<LabelledText> generated() throws IOException {
        List<List<String>> minors = english("minors.txt");
        List<List<String>> context = english("sexual-context.txt");
        Random random = new Random(7);
        List<LabelledText> rows = new ArrayList<>();
        for (int i = 0; i < GENERATED; i++) {
            rows.add(new LabelledText(
                    Optional.of(Category.SEXUAL_MINORS),
                    "generated from the rule's lists",
                    "a clip with the words " + any(minors, random) + " and " + any(context, random)));
        }
        return rows;
    }

    /** Terms of a list in a sentence: whether what is listed is found. */
    @SuppressWarnings("EnumOrdinal") // any number does, as long as it stays
    private List<LabelledText> listed(Category category) {
        List<List<String>> terms = builtIn.lists().stream()
                .filter(list -> list.category() == category)
                .flatMap(list -> list.terms().stream())
                .toList();
        Random random = new Random(category.ordinal());
        List<LabelledText> rows = new ArrayList<>();
        for (int i = 0; i < LISTED; i++) {
            rows.add(new LabelledText(
                    Optional.of(category),
                    "generated from the list",
                    "on a busy street we see " + any(terms, random) + " from behind, evening light"));
        }
        return rows;
    }

    /** The first terms of a list are English ones. */
    private static List<List<String>> english(String name) throws IOException {
        return TermList.resource(Category.SEXUAL_MINORS, MinorsRule.ID, name)
                .terms()
                .subList(0, 60);
    }

    private static String any(List<List<String>> terms, Random random) {
        return String.join(" ", terms.get(random.nextInt(terms.size())));
    }

    private static Optional<Finding> finding(Rules asked, String text) {
        return asked.judge(List.of(text), Set.of()).finding();
    }

    private void show(Collection<LabelledText> rows) {
        rows.stream()
                .filter(row -> row.category().isEmpty())
                .forEach(row -> finding(rules, row.text())
                        .ifPresent(
                                found -> System.out.println(row.source() + "\t" + found.rule() + "\t" + row.text())));
    }

    private String page(List<LabelledText> rows) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## What is found\n\n")
                .append("Share of the texts that are refused, for whatever category. In brackets the 95 %"
                        + " interval.\n\n")
                .append("| category | texts from | N | refused | by lists alone |\n|---|---|---:|---:|---:|\n");
        Map<String, List<LabelledText>> groups = new TreeMap<>();
        rows.stream()
                .filter(row -> row.category().isPresent())
                .forEach(row -> groups.computeIfAbsent(group(row), key -> new ArrayList<>())
                        .add(row));
        groups.forEach((name, of) -> page.append("| ")
                .append(name)
                .append(" | ")
                .append(of.size())
                .append(" | ")
                .append(share(of, rules, Evasion.PLAIN))
                .append(" | ")
                .append(share(of, lists, Evasion.PLAIN))
                .append(" |\n"));
        page.append("\n## Under evasion\n\n")
                .append("The same, in percent, for each way of changing the text.\n\n| category | texts from |");
        for (Evasion evasion : Evasion.values()) {
            page.append(' ').append(name(evasion)).append(" |");
        }
        page.append("\n|---|---|")
                .append("---:|".repeat(Evasion.values().length))
                .append('\n');
        groups.forEach((name, of) -> {
            page.append("| ").append(name).append(" |");
            for (Evasion evasion : Evasion.values()) {
                page.append(' ')
                        .append(percent(refused(of, rules, evasion), of.size()))
                        .append(" |");
            }
            page.append('\n');
        });
        appendHarmless(page, rows);
        return page.toString();
    }

    private void appendHarmless(StringBuilder page, List<LabelledText> rows) {
        page.append(
                "\n## What is refused wrongly\n\n| texts from | N | refused | by categories |\n|---|---:|---:|---|\n");
        Map<String, List<LabelledText>> sources = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> row.category().isEmpty())
                .forEach(row -> sources.computeIfAbsent(row.source(), key -> new ArrayList<>())
                        .add(row));
        sources.forEach((source, of) -> {
            Map<Category, Integer> by = new EnumMap<>(Category.class);
            of.forEach(row -> finding(rules, row.text())
                    .flatMap(Finding::category)
                    .ifPresent(category -> by.merge(category, 1, Integer::sum)));
            page.append("| ")
                    .append(source)
                    .append(" | ")
                    .append(of.size())
                    .append(" | ")
                    .append(share(of, rules, Evasion.PLAIN))
                    .append(" | ")
                    .append(by.entrySet().stream()
                            .map(entry -> entry.getKey().label() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")))
                    .append(" |\n");
        });
        page.append("""

            In percent, changed in the same ways (who writes in such ways may be refused for it):

            | texts from |\
            """);
        for (Evasion evasion : Evasion.values()) {
            page.append(' ').append(name(evasion)).append(" |");
        }
        page.append("\n|---|").append("---:|".repeat(Evasion.values().length)).append('\n');
        sources.forEach((source, of) -> {
            page.append("| ").append(source).append(" |");
            for (Evasion evasion : Evasion.values()) {
                page.append(' ')
                        .append(percent(refused(of, rules, evasion), of.size()))
                        .append(" |");
            }
            page.append('\n');
        });
    }

    private static String group(LabelledText row) {
        String source = row.source().startsWith("nibbler") ? "nibbler" : row.source();
        return row.category().orElseThrow().label() + " | " + source;
    }

    private static String name(Evasion evasion) {
        return evasion.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static int refused(List<LabelledText> rows, Rules asked, Evasion evasion) {
        return (int) rows.parallelStream()
                .filter(row -> finding(asked, evasion.of(row.text())).isPresent())
                .count();
    }

    private static String share(List<LabelledText> rows, Rules asked, Evasion evasion) {
        int refused = refused(rows, asked, evasion);
        double[] interval = wilson(refused, rows.size());
        return String.format(
                Locale.ROOT,
                "%s %% (%.1f to %.1f)",
                percent(refused, rows.size()),
                100 * interval[0],
                100 * interval[1]);
    }

    private static String percent(int refused, int count) {
        return String.format(Locale.ROOT, "%.1f", 100.0 * refused / count);
    }

    /** The 95 % interval of a share: <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson 1927</a>. */
    static double[] wilson(int found, int count) {
        double z = 1.959964;
        double share = (double) found / count;
        double middle = share + z * z / (2 * count);
        double width = z * Math.sqrt(share * (1 - share) / count + z * z / (4.0 * count * count));
        double scale = 1 + z * z / count;
        return new double[] {Math.max(0, (middle - width) / scale), Math.min(1, (middle + width) / scale)};
    }

    private static final String INTRODUCTION = """
        # What the prompt policy finds

        Made by `benchmarks/policy`; [how to read it](../../docs/policy.md#the-report).

        """;
}
