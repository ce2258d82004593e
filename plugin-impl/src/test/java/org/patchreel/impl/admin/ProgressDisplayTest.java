package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;

class ProgressDisplayTest {

    private static final String ERASE = "\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    @Test
    void writesALineForEachStageWhereThereIsNoTerminal() {
        try (ProgressDisplay display = display(false)) {
            display.show(new JobState.Queued());
            for (Stage stage : Stage.values()) {
                for (int done = 0; done <= 20; done++) {
                    now += 1_000_000_000;
                    display.show(running(stage, done, 20));
                }
            }
        }
        assertEquals("""
                waiting for the jobs before this one
                loading the model
                reading the prompt
                denoising
                decoding frames
                signing the clip
                storing the clip
                """, written());
    }

    @Test
    void redrawsOneLineOnATerminalAndClearsItAtTheEnd() {
        try (ProgressDisplay display = display(true)) {
            now = 5_000_000_000L;
            display.show(running(Stage.SAMPLING, 0, 20));
            now = 15_000_000_000L;
            display.show(running(Stage.SAMPLING, 5, 20));
            display.show(running(Stage.SAMPLING, 5, 20));
            display.show(running(Stage.DECODING, 17, 17));
        }
        assertEquals(
                "\rdenoising            [------------------------] step 0 of 20, 0:05 elapsed" + ERASE
                        + "\rdenoising            [######------------------] step 5 of 20, 0:15 elapsed,"
                        + " about 0:30 of this stage left" + ERASE
                        + "\rdecoding frames      [########################] 17 of 17 frames, 0:15 elapsed" + ERASE
                        + "\r" + ERASE,
                written());
    }

    @Test
    void writesNothingForAJobThatNeverRan() {
        display(true).close();
        assertEquals("", written());
    }

    private ProgressDisplay display(boolean terminal) {
        return new ProgressDisplay(new PrintStream(bytes, true, UTF_8), terminal, () -> now);
    }

    private static JobState running(Stage stage, int done, int total) {
        return new JobState.Running(new GenerationProgress(stage, done, total));
    }

    private String written() {
        return bytes.toString(UTF_8);
    }
}
