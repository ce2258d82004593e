package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "100|96|17|8|width must be a multiple of 16: 100, nearest are 96 and 112",
                "96|8|17|8|height must be a multiple of 16: 8, nearest is 16",
                "96|96|0|8|frame count must be 1 to 3601: 0",
                "96|96|1000000|8|frame count must be 1 to 3601: 1000000",
                "96|96|18|8|frame count must be 4n+1: 18, nearest are 17 and 21",
                "96|96|17|0|frame rate must be 1 to 120: 0",
                "9008|96|17|8|each side must be 1 to 8192 pixels: 9008x96",
            })
    void refusesAMistakeAndNamesTheNearest(int width, int height, int frames, int rate, String message) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new VideoFormat(width, height, frames, rate));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void knowsItsLength() {
        assertEquals(2.125, new VideoFormat(96, 96, 17, 8).seconds());
        assertEquals(
                new VideoFormat(384, 192, 17, 8), new VideoFormat(96, 96, 17, 8).withSize(new FrameSize(384, 192)));
    }
}
