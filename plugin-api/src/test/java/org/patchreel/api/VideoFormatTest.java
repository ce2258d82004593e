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
                "101|96|17|8|width must be a multiple of 2: 101, nearest are 100 and 102",
                "96|8|17|8|height must be at least 16 pixels: 8",
                "96|96|0|8|frame count must be 1 to 3601: 0",
                "96|96|1000000|8|frame count must be 1 to 3601: 1000000",
                "96|96|17|0|frame rate must be a whole number from 1 to 120, or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): 0",
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
