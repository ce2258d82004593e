package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesTest {

    private static final Path NO_FOLDER = Path.of("policy/terms");
    private static final PolicySettings DEFAULTS = new PolicySettings(Set.of(), Map.of(), Map.of(), NO_FOLDER);

    private BuiltIn builtIn;
    private Rules rules;

    @BeforeAll
    void readWhatComesWithTheBundle() throws Exception {
        builtIn = BuiltIn.read();
        rules = new Rules(DEFAULTS, builtIn, List.of());
    }

    private static Optional<String> rule(Rules asked, String... texts) {
        return asked.judge(Arrays.asList(texts), Set.of()).finding().map(Finding::rule);
    }

    @ParameterizedTest
    @CsvSource({
        "terms-sexual, a pornographic film",
        "terms-violence, a man is decapitated",
        "terms-hate, a crowd shouts white power",
        "terms-real-persons, Barack Obama rides a horse",
        "terms-misinformation, a fake news broadcast from Lyon",
        "terms-self-harm, a man commits suicide",
        "terms-illegal, somebody sells heroin",
        "terms-brands, Mickey Mouse dances",
        "sexual-minors, the words children and nude",
        "model-violence, a hairy beast devours a screaming man and blood and flesh are everywhere on the walls",
        "model-misinformation, an anchor reports that ballots were secretly burned by the government last night",
        "model-illegal, a guide that explains how to poison a colleague without being caught by the police",
    })
    void eachCategoryIsRefusedByItsRule(String rule, String text) {
        assertEquals(Optional.of(rule), rule(rules, text), text);
    }

    @ParameterizedTest
    @EnumSource
    void evasionsDoNotHideAName(Evasion evasion) {
        assertEquals(Optional.of("terms-brands"), rule(rules, evasion.of("look, Charmander !")));
    }

    @Test
    void slursAreFoundByTheirHashes() {
        HashedTerms hashed = new HashedTerms(
                "salt", Set.of(HashedTerms.hash("salt", "zorblax"), HashedTerms.hash("salt", "acme rat")));
        Rules asked = new Rules(DEFAULTS, with(hashed), List.of());
        assertEquals(Optional.of("hashes-hate"), rule(asked, "those ZORBLAX"));
        assertEquals(Optional.of("hashes-hate"), rule(asked, "an acme rat"));
        assertEquals(Optional.empty(), rule(asked, "an acme and a rat"));
    }

    private BuiltIn with(HashedTerms slurs) {
        return new BuiltIn(
                builtIn.lists(), slurs, builtIn.minors(), builtIn.harmless(), builtIn.ordinary(), builtIn.classifier());
    }

    @Test
    void theListOfSlursThatComesAlongIsNoEmptyOne() throws Exception {
        assertFalse(HashedTerms.slurs().has(List.of("a", "red", "ball")));
        assertTrue(HashedTerms.slurs().has(List.of("these", "wetbacks")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a red ball rolls past a tree",
                "the pen is on the table",
                "a heroine with a sword",
                "ripples on a pond",
                "a bandage on a knee",
                "an exotic bird",
                "killer whales seen with the naked eye",
                "children play on the beach",
                "a chicken breast on a grill",
                "a player shoots and scores",
            })
    void ordinaryTextsAreAllowed(String text) {
        assertEquals(Optional.empty(), rule(rules, text));
    }

    @Test
    void aSentenceThatIsSpreadOverTextsIsFound() {
        assertEquals(Optional.empty(), rule(rules, "a picture of Mickey"));
        assertEquals(Optional.of("terms-brands"), rule(rules, "a picture of Mickey", "Mouse and his friends"));
        assertEquals(Optional.of(MinorsRule.ID), rule(rules, "a shot of children", "a ball", "a shot of lingerie"));
    }

    @Test
    void sexualContentWithChildrenIsNamedBeforeAnythingElse() {
        assertEquals(Optional.of(MinorsRule.ID), rule(rules, "a pornographic film", "Mickey Mouse", "children"));
    }

    @Test
    void aCategoryThatIsAllowedIsNotRefused() {
        Rules asked = new Rules(
                new PolicySettings(Set.of(Category.BRANDS, Category.VIOLENCE), Map.of(), Map.of(), NO_FOLDER),
                builtIn,
                List.of());
        assertEquals(Optional.empty(), rule(asked, "Mickey Mouse dances"));
        assertEquals(Optional.of("terms-real-persons"), rule(asked, "Mickey Mouse meets Barack Obama"));
    }

    @Test
    void aTermOfTwoCategoriesIsRefusedForTheOneThatIsNotAllowed() {
        TermList brand = new TermList(Category.BRANDS, "terms-brands-ours", List.of(List.of("zorblax")));
        TermList insult = new TermList(Category.HATE, "terms-hate-ours", List.of(List.of("zorblax")));
        PolicySettings settings = new PolicySettings(Set.of(Category.BRANDS), Map.of(), Map.of(), NO_FOLDER);
        assertEquals(
                Optional.of("terms-hate-ours"),
                rule(new Rules(settings, builtIn, List.of(brand, insult)), "a zorblax"));
    }

    @Test
    void sexualContentWithChildrenIsRefusedThoughEverythingElseIsAllowed() {
        PolicySettings all = new PolicySettings(
                EnumSet.allOf(Category.class),
                Map.of(Category.SEXUAL, 1.0),
                Map.of("staff", Set.of(List.of("children"), List.of("nude"))),
                NO_FOLDER);
        Rules asked = new Rules(all, builtIn, List.of());
        Judgement judgement = asked.judge(List.of("the words children and nude"), Set.of("staff"));
        assertEquals(Optional.of(MinorsRule.ID), judgement.finding().map(Finding::rule));
    }

    @Test
    void aGroupMayUseItsTermsAndOthersMayNot() {
        PolicySettings settings = new PolicySettings(
                Set.of(), Map.of(), Map.of("mouse-house", Set.of(List.of("mickey", "mouse"))), NO_FOLDER);
        Rules asked = new Rules(settings, builtIn, List.of());
        List<String> texts = List.of("Mickey Mouse waves");
        assertTrue(asked.judge(texts, Set.of("mouse-house")).finding().isEmpty());
        assertTrue(asked.judge(texts, Set.of("others")).finding().isPresent());
        assertTrue(asked.judge(List.of("Mickey Mouse and Donald Duck"), Set.of("mouse-house"))
                .finding()
                .isPresent());
    }

    @Test
    void theOperatorsListsComeFirst() {
        TermList own =
                new TermList(Category.BRANDS, "terms-brands-ours", List.of(List.of("zorblax"), List.of("pikachu")));
        Rules asked = new Rules(DEFAULTS, builtIn, List.of(own));
        assertEquals(Optional.of("terms-brands-ours"), rule(asked, "a Zorblax"));
        assertEquals(Optional.of("terms-brands-ours"), rule(asked, "Pikachu"));
    }

    @Test
    void thresholdsDecideWhatTheClassifierRefuses() {
        String text = "a man looks at a river";
        Map<Category, Double> reached = new EnumMap<>(Category.class);
        rules.judge(List.of(text), Set.of()).scores().forEach((category, score) -> {
            if (category == Category.VIOLENCE) {
                reached.put(category, score.value());
            }
        });
        Rules asked = new Rules(new PolicySettings(Set.of(), reached, Map.of(), NO_FOLDER), builtIn, List.of());
        assertEquals(Optional.empty(), rule(rules, text));
        assertEquals(Optional.of("model-violence"), rule(asked, text));
    }

    @Test
    void aFewWordsAmongManyAreSeen() {
        String text = "a guide that explains how to poison a colleague without being caught by the police";
        assertEquals(Optional.of("model-illegal"), rule(rules, Evasion.DILUTION.of(text)));
    }

    @Test
    void textsThatCannotBeReadAreRefusedWithoutScores() {
        Judgement judgement = rules.judge(List.of("a ball \uD83D"), Set.of());
        assertEquals(Optional.of(TextLimits.ENCODING), judgement.finding().map(Finding::rule));
        assertEquals(Map.of(), judgement.scores());
    }

    @Test
    void anExplanationNamesTheKindOfContentAndNotTheWord() {
        Finding finding = rules.judge(List.of("Barack Obama rides a horse"), Set.of())
                .finding()
                .orElseThrow();
        assertEquals("this installation makes no clips of real persons", finding.explanation());
    }
}
