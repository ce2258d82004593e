package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words are those of the rule's lists, one of each, and no sentences. */
class MinorsRuleTest {

    private final MinorsRule rule;

    MinorsRuleTest() throws Exception {
        rule = MinorsRule.resource(Set.of());
    }

    private boolean forbids(String text) {
        return rule.forbids(Normaliser.words(text), false);
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "en, children, nude",
        "en, schoolgirl, erotic",
        "en, teenager, lingerie",
        "en, toddler, sexual",
        "en, high school, topless",
        "de, Mädchen, nackt",
        "de, Kinder, erotische",
        "de, Minderjährige, sexuelle",
        "es, niña, desnuda",
        "es, menor de edad, erótica",
        "fr, fillette, nue",
        "fr, mineure, déshabillée",
        "fr, petits garçons, érotique",
        "it, bambina, nuda",
        "pt, menina, nua",
        "nl, meisje, naakt",
        "pl, dziewczynka, naga",
        "ru, девочка, голая",
        "tr, çocuk, çıplak",
        "mixed, Kinder, nude",
        "mixed, fillette, erotic",
    })
    void wordsForChildrenAndForSexualContentAreForbiddenTogetherInBothOrders(
            String language, String minor, String context) {
        assertTrue(forbids(minor + " ... " + context));
        assertTrue(forbids(context + " and far away, behind many other words, " + minor));
        assertFalse(forbids(minor));
        assertFalse(forbids(context));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"13 year old", "a 13-year-old", "15yo", "aged 14", "17 years", "9 Jahre", "12 ans", "16 años"})
    void agesBelow18AreThoseOfChildren(String age) {
        assertTrue(forbids(age + " nude"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"18 year old", "a 30-year-old", "45yo", "aged 21", "12 apples", "5 minutes"})
    void otherNumbersAreNot(String age) {
        assertFalse(forbids(age + " nude"));
    }

    @ParameterizedTest
    @EnumSource
    void evasionsAreForbiddenToo(Evasion evasion) {
        // one word of each is changed in the worst case; spaced words run together with their neighbours
        assertTrue(forbids(evasion.of("children ,") + " " + evasion.of("pornographic ,")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "children play on the beach in swimsuits", "a baby takes a bath with a rubber duck",
                        "teenagers at a prom dance",
                "a girl and a boy ride ponies", "two kids look at the sun with a mask", "a kind woman on a bench"
            })
    void childrenAloneAreWelcome(String text) {
        assertFalse(forbids(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "a 12 year old"})
    void whatTheClassifierFindsSexualIsForbiddenWithChildren(String text) {
        assertTrue(rule.forbids(Normaliser.words(text), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csam", "lolicon", "kinderporno"})
    void someTermsMeanBoth(String term) {
        assertTrue(forbids(term));
    }
}
