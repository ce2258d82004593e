package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermIndexTest {

    private static final TermIndex INDEX = index("zorblax", "acme rocket", "gnu", "pennis", "brandish");

    private static TermIndex index(String... terms) {
        TermList list = new TermList(
                Category.BRANDS,
                "terms-brands",
                Arrays.stream(terms).map(Normaliser::words).toList());
        return new TermIndex(List.of(list), Set.of("pen", "is", "nis", "on", "the", "a", "brand", "brandis"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zorblax",
                "a Zorblax!",
                "zor blax",
                "zorblaxes no zorblax",
                "ACME-rocket",
                "acmerocket",
                "a gnu",
                "zorblx",
                "zorblaxx",
                "zorbalx",
                "zarblax",
                "acme rockett",
                "seethebrandishflies"
            })
    void finds(String text) {
        assertTrue(INDEX.has(Normaliser.words(text)), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a rocket of acme", "gnus", "gun", "zrblx", "the pen nis", "a brandis", "zoo", ""})
    void doesNotFind(String text) {
        assertFalse(INDEX.has(Normaliser.words(text)), text);
    }

    @ParameterizedTest
    @CsvSource({
        "balloon, balloon, true",
        "balloon, baloon, true",
        "balloon, ballooon, true",
        "balloon, bolloon, true",
        "balloon, ballono, true",
        "balloon, alloon, true",
        "balloon, balloo, true",
        "balloon, bllon, false",
        "balloon, ballast, false",
        "balloon, olbloan, false",
    })
    void wordsAreOneApart(String one, String other, boolean apart) {
        assertEquals(apart, TermIndex.isOneApart(one, other));
        assertEquals(apart, TermIndex.isOneApart(other, one));
    }
}
