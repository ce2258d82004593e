package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameRateTest {

    @ParameterizedTest
    @CsvSource({
        "24,24,1",
        "25.0,25,1",
        "30/1,30,1",
        "60/2,30,1",
        "120,120,1",
        "24000/1001,24000,1001",
        "48000/2002,24000,1001",
        "23.976,24000,1001",
        "23.98,24000,1001",
        "23.97,24000,1001",
        "23.976024,24000,1001",
        "29.97,30000,1001",
        "29.970030,30000,1001",
        "47.952,48000,1001",
        "59.94,60000,1001",
        "119.88,120000,1001",
        "14.985,15000,1001"
    })
    void readsTheSpellingsThatPeopleUse(String text, int numerator, int denominator) {
        assertEquals(new FrameRate(numerator, denominator), FrameRate.parse("--fps", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-24",
                "121",
                "120.5",
                "12.5",
                "29.9",
                "29.96",
                "29.975",
                "NaN",
                "24p",
                "30/0",
                "30000/1000.5",
                "",
                "2.4e1",
                "٢٤",
                "100/3",
                "999999/1",
                "0.5",
                "121000/1001"
            })
    void refusesWhatIsNoRateOfVideo(String text) {
        String refusal =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> FrameRate.parse("--fps", text))
                        .getMessage());
        assertTrue(refusal.startsWith("--fps must be a whole number from 1 to 120"), refusal);
        assertTrue(refusal.endsWith(": " + text), refusal);
    }

    @Test
    void everyRateReadsBackAsItIsWritten() {
        for (int nominal = 1; nominal <= FrameRate.MAX; nominal++) {
            for (FrameRate rate : new FrameRate[] {FrameRate.of(nominal), new FrameRate(1000 * nominal, 1001)}) {
                assertEquals(rate, FrameRate.parse("rate", rate.toString()));
                assertEquals(nominal, rate.nominal());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5,24,120",
        "5,23.976,120",
        "5,29.97,150",
        "5,59.94,300",
        "1,29.97,30",
        "60,29.97,1798",
        "3600,23.976,86314",
        "0.1,25,3",
        "1.15,30,35",
        "0.01,24,0"
    })
    void aLengthHasTheNearestNumberOfFrames(double seconds, String rate, long frames) {
        assertEquals(frames, FrameRate.parse("rate", rate).frames(seconds));
    }

    @Test
    void ordersBySpeedAndKnowsItsMultiples() {
        FrameRate film = FrameRate.parse("rate", "23.976");
        assertTrue(film.compareTo(FrameRate.of(24)) < 0);
        assertTrue(film.compareTo(FrameRate.of(23)) > 0);
        assertEquals(2, film.times(2).multipleOf(film));
        assertEquals(0, FrameRate.of(24).multipleOf(film));
        assertEquals(3, FrameRate.of(24).multipleOf(FrameRate.of(8)));
    }
}
