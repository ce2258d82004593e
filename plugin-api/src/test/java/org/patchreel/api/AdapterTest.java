package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTest {

    @Test
    void readsWhatPeopleType() {
        assertEquals(new Adapter("snow", 1), Adapter.parse("lora", "snow"));
        assertEquals(new Adapter("snow-v1.2", 0.8), Adapter.parse("lora", " snow-v1.2 : 0.8 "));
        assertEquals(
                List.of(new Adapter("a", -1), new Adapter("b", 1), new Adapter("c", 2.5)),
                Adapter.parseAll("lora", "a:-1, b,c:2.5"));
        Adapter adapter = new Adapter("snow", 0.3);
        assertEquals(adapter, Adapter.parse("lora", adapter.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "snow:NaN | lora is NAME or NAME:STRENGTH, a number from -10 to 10: snow:NaN",
                "snow:much | lora is NAME or NAME:STRENGTH, a number from -10 to 10: snow:much",
                "snow: | lora is NAME or NAME:STRENGTH, a number from -10 to 10: snow:",
                "snow:10.5 | lora: the strength of adapter snow must be a number from -10 to 10: 10.5",
                "snow:1e999 | lora: the strength of adapter snow must be a number from -10 to 10: Infinity",
                "../snow:1 | lora: an adapter's name has 1 to 128 letters, digits, '.', '_' or '-', the first a letter or digit: ../snow",
                "/etc/passwd | lora: an adapter's name has 1 to 128 letters, digits, '.', '_' or '-', the first a letter or digit: /etc/passwd"
            })
    void refusesWhatIsNoneAndNamesIt(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Adapter.parse("lora", text))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -10.1, 10.1})
    void refusesAStrengthThatIsNoNumberOrOutOfRange(double strength) {
        assertThrows(IllegalArgumentException.class, () -> new Adapter("snow", strength));
    }

    @Test
    void refusesOneThatIsGivenTwiceAndTooMany() {
        assertEquals(
                "the adapter snow is given twice",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Adapter.checked(List.of(new Adapter("snow", 1), new Adapter("snow", 2))))
                        .getMessage());
        assertEquals(
                "a request has at most 8 adapters, this one has 9",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Adapter.checked(Collections.nCopies(9, new Adapter("snow", 1))))
                        .getMessage());
    }
}
