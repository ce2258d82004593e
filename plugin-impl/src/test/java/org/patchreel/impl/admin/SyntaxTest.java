package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {

    private static final Syntax SYNTAX = new Syntax(Set.of("--seed", "--seconds", "--steps"), Set.of("--json"));

    @Test
    void takesOptionsBeforeAndBehindTheOperand() {
        Arguments given = SYNTAX.parse("--seed", "-7", "it costs $5 \"quoted\" | pipe", "--seconds=2.5", "--json");
        assertEquals("it costs $5 \"quoted\" | pipe", given.operand("prompt"));
        assertEquals(-7, given.whole("--seed").getAsLong());
        assertEquals(2.5, given.decimal("--seconds").getAsDouble());
        assertTrue(given.has("--json"));
    }

    @Test
    void leavesOutWhatIsNotGiven() {
        Arguments given = SYNTAX.parse("x");
        assertTrue(given.whole("--seed").isEmpty());
        assertTrue(given.decimal("--seconds").isEmpty());
        assertFalse(given.has("--json"));
    }

    @Test
    void readsNoOptionsBehindTwoDashes() {
        assertEquals(
                List.of("--json", "--", "-x"),
                SYNTAX.parse("--", "--json", "--", "-x").operands());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertRefused("unknown option --sead, known: --json --seconds --seed --steps", "x", "--sead", "1");
        assertRefused("option --seed is given twice", "--seed", "1", "--seed=2");
        assertRefused("option --seed needs a value", "x", "--seed");
        assertRefused("unknown option -v, known: --json --seconds --seed --steps", "x", "-v");
        assertRefused("option --json takes no value: --json=no", "--json=no");
    }

    @Test
    void readsTheShortQuestionForHelp() {
        assertTrue(new Syntax(Set.of(), Set.of("--help")).parse("-h").has("--help"));
    }

    @Test
    void wantsExactlyOnePrompt() {
        assertEquals(
                "prompt is missing; --help shows how",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> SYNTAX.parse().operand("prompt"))
                        .getMessage());
        assertEquals(
                "one prompt is expected, not 2; put it in quotes: red",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> SYNTAX.parse("a", "red").operand("prompt"))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "0x1p3", "1d", "", "1e3", "٤", "1,5", "two", "--json"})
    void refusesWhatIsNoNumberNamingOptionAndValue(String value) {
        Arguments given = SYNTAX.parse("--seconds", value);
        assertEquals(
                "--seconds must be a number: " + value,
                assertThrows(IllegalArgumentException.class, () -> given.decimal("--seconds"))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "1.5", "99999999999", "", "9e3"})
    void refusesWhatIsNoWholeNumber(String value) {
        Arguments given = SYNTAX.parse("--steps", value);
        assertEquals(
                "--steps must be a whole number: " + value,
                assertThrows(IllegalArgumentException.class, () -> given.integer("--steps"))
                        .getMessage());
    }

    private static void assertRefused(String message, String... arguments) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> SYNTAX.parse(arguments))
                        .getMessage());
    }
}
