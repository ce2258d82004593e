package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "40  | denoising [#####----]  60% 0:12 -0:08",
                "80  | denoising          [######----]  60%  12 of 20 steps  0:12 elapsed, 0:08 left",
                "200 | denoising          [####################################------------------------]  60%"
                        + "  12 of 20 steps  0:12 elapsed, 0:08 left",
                "20  | denoising 60%",
                "9   | 60%",
            })
    void showsAsMuchAsFits(int columns, String line) {
        assertEquals(line, denoising(12, 20).fit(columns));
    }

    @Test
    void keepsTheBarInItsPlaceWhileItGrows() {
        String before = denoising(0, 20).fit(80);
        for (int done = 1; done <= 20; done++) {
            String line = denoising(done, 20).fit(80);
            assertEquals(before.indexOf('['), line.indexOf('['));
            assertEquals(before.indexOf(']'), line.indexOf(']'), line);
        }
        assertEquals(
                before.indexOf('['),
                new ProgressLine("", "decoding frames", 3, 9, "frames", 0, -1)
                        .fit(80)
                        .indexOf('['));
    }

    @Test
    void showsNoBarForAStageOfWhichTheMiddleIsUnknown() {
        assertEquals(
                "loading the model  1:01:05",
                new ProgressLine("", "loading the model", 0, 1, "", 3665 * SECOND, -1).fit(80));
    }

    @Test
    void namesTheItem() {
        assertEquals(
                "12/20 denoising [####---]  60% 0:12 -0:08",
                new ProgressLine("12/20", "denoising", 12, 20, "steps", 12 * SECOND, 8 * SECOND).fit(44));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 20, 39, 40, 41, 59, 60, 61, 79, 80, 81, 132, 200, 1000})
    void leavesRoomForCtrlC(int columns) {
        for (String item : new String[] {"", "3/20", "1000/1000"}) {
            for (String stage :
                    new String[] {"waiting for the jobs before this one", "transcoding 999 of 999", "denoising"}) {
                for (int total : new int[] {1, 20, 1000}) {
                    for (long left : new long[] {-1, 0, 360_000 * SECOND}) {
                        String line = new ProgressLine(item, stage, total / 2, total, "frames", 360_000 * SECOND, left)
                                .fit(columns);
                        assertTrue(line.length() + "^C".length() < Math.max(3, columns), line);
                    }
                }
            }
        }
    }

    private static ProgressLine denoising(int done, int total) {
        return new ProgressLine(
                "", "denoising", done, total, "steps", done * SECOND, done == 0 ? -1 : (total - done) * SECOND);
    }
}
