package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Classes and tests that the documentation names are there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesTest {

    /** A class of several words, and maybe a member of it. */
    private static final Pattern NAME = Pattern.compile("([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:\\.([a-z]\\w*))?");

    /** Those of other projects. */
    private static final Set<String> FOREIGN = Set.of(
            "NDArray",
            "ServiceLoader",
            "AutoencoderKLWan",
            "WanTransformer3DModel",
            "HeliosTransformer3DModel",
            "HeliosPipeline",
            "HeliosPyramidPipeline",
            "HeliosScheduler",
            "HeliosDMDScheduler",
            "PromptText",
            "DataChannel");

    private final Map<String, List<String>> sources = new HashMap<>();

    @BeforeAll
    void readSources() throws IOException {
        for (Path file : Documentation.files(".java")) {
            String name = file.getFileName().toString().replace(".java", "");
            sources.computeIfAbsent(name, key -> new ArrayList<>()).add(Files.readString(file));
        }
    }

    @Test
    void classesOfTheArchitectureExist() throws IOException {
        List<MarkdownPage> pages =
                new ArrayList<>(List.of(Documentation.page("docs/ARCHITECTURE.md"), Documentation.page("SECURITY.md")));
        for (MarkdownPage page : Documentation.pages()) {
            if (Documentation.name(page.file()).startsWith("docs/decisions/")) {
                pages.add(page);
            }
        }
        Set<String> named = new TreeSet<>();
        List<String> missing = new ArrayList<>();
        for (MarkdownPage page : pages) {
            check(page, named, missing);
        }
        assertEquals(List.of(), missing);
        assertTrue(named.size() > 70, "only " + named.size() + " classes are named");
    }

    @Test
    void testsOfTheCasesExist() throws IOException {
        Set<String> named = new TreeSet<>();
        List<String> missing = new ArrayList<>();
        check(Documentation.page("docs/cases.md"), named, missing);
        assertEquals(List.of(), missing);
        assertTrue(named.size() > 30, "only " + named.size() + " tests are named");
    }

    private void check(MarkdownPage page, Set<String> named, List<String> missing) {
        for (String span : page.codeSpans()) {
            Matcher name = NAME.matcher(span);
            if (name.matches() && !FOREIGN.contains(name.group(1))) {
                named.add(span);
                List<String> texts = sources.getOrDefault(name.group(1), List.of());
                String member = name.group(2);
                boolean found = member == null
                        ? !texts.isEmpty()
                        : texts.stream().anyMatch(text -> text.matches("(?s).*\\b" + member + "\\(.*"));
                if (!found) {
                    missing.add(Documentation.name(page.file()) + ": " + span);
                }
            }
        }
    }
}
