package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;

class ProgressDisplayTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    @Test
    void writesALineForEachStageWhereThereIsNoTerminal() {
        // the stream of a remote shell keeps what it gets until it is flushed
        PrintStream err = new PrintStream(new BufferedOutputStream(bytes), false, UTF_8);
        try (ProgressDisplay display = new ProgressDisplay(Console.lines(err, err), false, "", () -> now)) {
            work(display);
            assertEquals("""
                    loading the model
                    reading the prompt
                    denoising
                    decoding frames
                    signing the clip
                    storing the clip
                    """, bytes.toString(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 80, 200})
    void keepsToOneLineOfATerminalAndClearsItAtTheEnd(int columns) {
        Screen screen = new Screen(columns);
        ProgressDisplay display = new ProgressDisplay(terminal(screen, columns), false, "", () -> now);
        work(display);
        assertEquals(1, screen.lines().size(), screen.lines().toString());
        assertTrue(screen.lines().get(0).startsWith("storing"), screen.lines().toString());
        display.close();
        assertEquals(List.of(""), screen.lines());
    }

    @Test
    void takesANewWidthAtOnce() {
        Screen screen = new Screen(80);
        int[] columns = {80};
        PrintStream err = new PrintStream(screen, false, UTF_8);
        ProgressDisplay display =
                new ProgressDisplay(new Console(err, err, () -> columns[0], false, false), false, "", () -> now);
        display.show(running(Stage.SAMPLING, 5, 20));
        int before = screen.lines().get(0).length();
        columns[0] = 40;
        display.show(running(Stage.SAMPLING, 5, 20));
        assertTrue(
                screen.lines().get(0).length() < 40 && before > 40,
                screen.lines().toString());
    }

    @Test
    void estimatesWhatIsLeftOfTheStageByItself() {
        Screen screen = new Screen(80);
        ProgressDisplay display = new ProgressDisplay(terminal(screen, 80), false, "", () -> now);
        display.show(running(Stage.LOADING, 0, 1));
        now = 5_000_000_000L;
        display.show(running(Stage.SAMPLING, 0, 20));
        assertTrue(
                screen.lines().get(0).endsWith("0:05 elapsed"), screen.lines().toString());
        now = 15_000_000_000L;
        display.show(running(Stage.SAMPLING, 5, 20));
        assertTrue(
                screen.lines().get(0).endsWith("25%   5 of 20 steps  0:15 elapsed, 0:30 left"),
                screen.lines().toString());
        now = 16_000_000_000L;
        display.show(running(Stage.SAMPLING, 5, 20));
        assertTrue(screen.lines().get(0).endsWith("0:16 elapsed, 0:29 left"), "it counts down while a step is at work");
    }

    @Test
    void countsStepsWhileAClipIsSampledAndDecodedInTurns() {
        Screen screen = new Screen(80);
        ProgressDisplay display = new ProgressDisplay(terminal(screen, 80), false, "", () -> now);
        display.show(running(Stage.SAMPLING, 8, 24)); // a window was kept by an earlier try
        display.show(running(Stage.DECODING, 0, 45));
        assertTrue(
                screen.lines().get(0).contains("33%   8 of 24 steps"),
                screen.lines().toString());
        now = 4_000_000_000L;
        display.show(running(Stage.SAMPLING, 16, 24));
        display.show(running(Stage.DECODING, 17, 45));
        assertTrue(
                screen.lines().get(0).endsWith("66%  16 of 24 steps  0:04 elapsed, 0:04 left"),
                screen.lines().toString());
        display.show(running(Stage.SAMPLING, 24, 24));
        display.show(running(Stage.DECODING, 33, 45));
        assertTrue(
                screen.lines().get(0).startsWith("decoding frames"),
                screen.lines().toString());
        assertTrue(
                screen.lines().get(0).contains("73%  33 of 45 frames"),
                screen.lines().toString());
    }

    @Test
    void saysThatAJobWaitsOnlyWhenItDoes() {
        Screen screen = new Screen(80);
        ProgressDisplay display = new ProgressDisplay(terminal(screen, 80), false, "", () -> now);
        display.show(new JobState.Queued());
        assertEquals(List.of(""), screen.lines());
        now = 2_000_000_000L;
        display.show(new JobState.Queued());
        assertEquals(List.of("waiting for the jobs before this one  0:02"), screen.lines());
    }

    @Test
    void writesNothingWhenItShallBeQuiet() {
        for (Console console : new Console[] {terminal(bytes, 80), terminal(bytes, 0)}) {
            try (ProgressDisplay display = new ProgressDisplay(console, true, "", () -> now)) {
                work(display);
            }
        }
        assertEquals("", bytes.toString(UTF_8));
    }

    @Test
    void writesNothingForAJobThatNeverRan() {
        new ProgressDisplay(terminal(bytes, 80), false, "", () -> now).close();
        assertEquals("", bytes.toString(UTF_8));
    }

    private void work(ProgressDisplay display) {
        for (Stage stage : Stage.values()) {
            for (int done = 0; done <= 20; done++) {
                now += 1_000_000_000;
                display.show(running(stage, done, 20));
            }
        }
    }

    private static Console terminal(ByteArrayOutputStream screen, int columns) {
        PrintStream err = new PrintStream(screen, false, UTF_8);
        return new Console(err, err, () -> columns, false, false);
    }

    private static JobState running(Stage stage, int done, int total) {
        return new JobState.Running(new GenerationProgress(stage, done, total));
    }
}
