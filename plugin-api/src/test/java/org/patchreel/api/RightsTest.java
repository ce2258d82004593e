package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {

    private static final Instant JUNE = Instant.parse("2027-06-30T00:00:00Z");

    private static Rights until(Instant expires) {
        return new Rights(Optional.empty(), Optional.empty(), Optional.of(expires));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-06-30, 2027-06-30T00:00:00Z",
        "2027-06-30T18:00Z, 2027-06-30T18:00:00Z",
        "2027-06-30T18:00:00+02:00, 2027-06-30T16:00:00Z"
    })
    void readsADateAsItsBeginningInUtcAndATimeWithItsOffset(String text, Instant expected) {
        assertEquals(expected, Rights.parseExpires("expires", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "30.06.2027", "2027-02-30", "2027-06-30T18:00", "2027-06-30 18:00Z", "T"})
    void namesWhatIsNeitherADateNorATime(String text) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Rights.parseExpires("--expires", text));
        assertEquals("--expires must be like 2027-06-30 or 2027-06-30T18:00:00Z: " + text, refusal.getMessage());
    }

    @Test
    void keepsWholeSeconds() {
        assertEquals(until(JUNE), until(JUNE.plusMillis(999)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "-1000000000-01-01T00:00:00Z"})
    void refusesYearsThatMetadataCannotHold(Instant at) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> until(at));
        assertEquals("expires must lie in the years 1 to 9999: " + at, refusal.getMessage());
    }

    @Test
    void refusesTextsThatAreNoLineForPeople() {
        assertCreator("creator is empty", " ");
        assertCreator("creator has the character U+000A, which a name cannot hold", "a\nb");
        assertCreator("creator has the character U+D83D, which a name cannot hold", "a\ud83d");
        assertCreator("creator has 201 characters, at most 200 are kept", "x".repeat(201));
        assertDoesNotThrow(() -> new Rights(Optional.of("x".repeat(200)), Optional.empty(), Optional.empty()));
        assertEquals(
                "copyright is empty",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Rights(Optional.empty(), Optional.of(""), Optional.empty()))
                        .getMessage());
    }

    private static void assertCreator(String message, String text) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Rights(Optional.of(text), Optional.empty(), Optional.empty()))
                        .getMessage());
    }

    @Test
    void refusesWhatHasExpired() {
        assertDoesNotThrow(() -> until(JUNE).requireCurrent(JUNE.minusSeconds(1)));
        assertDoesNotThrow(() -> Rights.NONE.requireCurrent(JUNE));
        assertEquals(
                "expires must lie in the future: 2027-06-30T00:00:00Z",
                assertThrows(IllegalArgumentException.class, () -> until(JUNE).requireCurrent(JUNE))
                        .getMessage());
    }
}
