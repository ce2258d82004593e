package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation, the examples and the other tests ask for must not be refused, nor much of what people write. */
class HarmlessPromptsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> PLACES = List.of(
            "README.md",
            "docs",
            "examples",
            "hosts",
            "integration-tests/src",
            "launcher/src",
            "web/src",
            "broker/src",
            "remote/src",
            "plugin-impl/src",
            "model-runtime/src");

    /** Quoted texts behind a command, and those with things of the starter model's world. */
    private static final Pattern PROMPT =
            Pattern.compile("(?:(?:generate|extend|loop|blend|interpolate|\\.mp4) \\\\?\"(\\p{L}[^\"\\\\\\n"
                    + "(){}]+)\\\\?\")|\"([^\"\\\\\\n"
                    + "(){}]*\\b(?:ball|cube|cone|cylinder|tree|snow|grass|sand)s?\\b[^\"\\\\\\n"
                    + "(){}]*)\"");

    private final Rules rules;

    HarmlessPromptsTest() throws IOException {
        PolicySettings defaults = new PolicySettings(Set.of(), Map.of(), Map.of(), Path.of("policy/terms"));
        rules = new Rules(defaults, BuiltIn.read(), List.of());
    }

    private boolean isRefused(String text) {
        return rules.judge(List.of(text), Set.of()).finding().isPresent();
    }

    @Test
    void noPromptOfTheDocumentationTheExamplesAndTheTestsIsRefused() throws IOException {
        Set<String> prompts = new TreeSet<>();
        for (String place : PLACES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(HarmlessPromptsTest::isText).toList()) {
                    PROMPT.matcher(Files.readString(file))
                            .results()
                            .forEach(match -> prompts.add(match.group(1) == null ? match.group(2) : match.group(1)));
                }
            }
        }
        assertTrue(prompts.size() > 100, "only " + prompts.size() + " prompts were found");
        assertEquals(List.of(), prompts.stream().filter(this::isRefused).toList());
    }

    private static boolean isText(Path file) {
        String name = file.toString();
        return !name.contains("/target/")
                && !name.endsWith("policy.md")
                && Stream.of(".md", ".java", ".json", ".csv", ".gogo", ".jsonl", ".xml", ".mjs", ".js")
                        .anyMatch(name::endsWith)
                && Files.isRegularFile(file);
    }

    @Test
    void ofOrdinaryPromptsAtMostOneInAHundredIsRefused() throws IOException {
        List<String> prompts = LabelledText.read(ROOT.resolve("benchmarks/policy-prompts/ordinary.tsv")).stream()
                .filter(row -> row.source().equals("ordinary"))
                .map(LabelledText::text)
                .toList();
        assertTrue(prompts.size() >= 500, "only " + prompts.size());
        List<String> refused = prompts.stream().filter(this::isRefused).toList();
        assertTrue(refused.size() <= prompts.size() / 100, refused.toString());
    }
}
