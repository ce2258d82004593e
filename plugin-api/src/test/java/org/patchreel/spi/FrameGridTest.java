package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.VideoFormat;

class FrameGridTest {

    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 1",
        "4, 2, 5, 2",
        "4, 5, 5, 2",
        "4, 6, 9, 3",
        "4, 81, 81, 21",
        "8, 9, 9, 2",
        "8, 10, 17, 3",
        "1, 7, 7, 7" // nothing is folded in time
    })
    void countsFramesAndLatentFrames(int stride, int frames, int atLeast, int latentFrames) {
        FrameGrid grid = FrameGrid.within(16, stride, 81);
        assertEquals(atLeast, grid.atLeast(frames));
        assertEquals(latentFrames, grid.latentFrames(frames));
        assertEquals(atLeast, grid.frames(latentFrames));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "100|96|17|width must be a multiple of 32: 100, nearest are 96 and 128",
                "96|104|17|height must be a multiple of 32: 104, nearest are 96 and 128",
                "96|96|18|frames must be a multiple of 4, plus one: 18, nearest are 17 and 21"
            })
    void refusesAFormatThatIsOffTheGridAndNamesTheNearest(int width, int height, int frames, String message) {
        FrameGrid grid = new FrameGrid(32, 4, 81);
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> grid.check(new VideoFormat(width, height, frames, 8)));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void takesAFormatThatIsOnTheGrid() {
        assertDoesNotThrow(() -> new FrameGrid(32, 4, 81).check(new VideoFormat(96, 64, 85, 8)));
    }

    @Test
    void hasTheLongestWindowThatALimitHasRoomFor() {
        assertEquals(new FrameGrid(16, 4, 97), FrameGrid.within(16, 4, 100));
        assertEquals(new FrameGrid(16, 4, 101), FrameGrid.within(16, 4, 101));
        assertEquals(new FrameGrid(16, 1, 100), FrameGrid.within(16, 1, 100));
    }

    @Test
    void refusesAWindowThatIsOffTheGrid() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> new FrameGrid(16, 4, 80));
        assertEquals("window must be a multiple of 4 frames, plus one: 80", refusal.getMessage());
    }
}
