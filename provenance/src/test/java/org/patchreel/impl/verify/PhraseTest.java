package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The texts of the page say what the sentence says, part by part. */
class PhraseTest {

    private static final Path PAGE = Path.of("../web/src/main/resources/org/patchreel/web/page");

    private static final Pattern ENTRY = Pattern.compile("\"phrase\\.([^\"]+)\": \"([^\"]*)\"");

    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)}");

    private static Map<String, String> texts(String language) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        ENTRY.matcher(Files.readString(PAGE.resolve("phrases-" + language + ".json")))
                .results()
                .forEach(entry -> texts.put(entry.group(1), entry.group(2)));
        return texts;
    }

    private static Set<String> values(String text) {
        return VALUE.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theEnglishTextsOfThePageAreThoseOfTheSentence() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        for (Phrase phrase : Phrase.values()) {
            expected.put(phrase.label(), phrase.text());
        }
        assertEquals(expected, texts("en"));
    }

    @Test
    void eachPhraseHasAGermanTextWithTheSameValues() throws IOException {
        Map<String, String> german = texts("de");
        for (Phrase phrase : Phrase.values()) {
            String text = String.valueOf(german.get(phrase.label()));
            assertEquals(values(phrase.text()), values(text), phrase.label());
            boolean isJoint = List.of(Phrase.NEXT, Phrase.UNREAD).contains(phrase);
            assertFalse(text.equals(phrase.text()) && !isJoint, phrase.label());
        }
        assertEquals(Phrase.values().length, german.size());
    }

    @Test
    void whatAValueHasInBracesIsNotReplaced() {
        assertEquals(" of {asset} $1", Phrase.CREATED.with(Map.of("created", "{asset} $1", "asset", "another")));
    }
}
