package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;

/**
 * Shows how far a job is: on a terminal a line that is drawn again and again, elsewhere a line for each stage. Used by one
 * thread.
 */
final class ProgressDisplay implements AutoCloseable {

    private static final int BAR_WIDTH = 24;
    private static final byte[] TO_START_OF_LINE = {'\r'};
    private static final byte[] ERASE_TO_END_OF_LINE = {0x1b, '[', 'K'};

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long begin;
    private String shown = "";
    private String stage = "";
    private long stageBegin;

    ProgressDisplay(PrintStream err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** Brings the display to a state; cheap when nothing changed. */
    void show(JobState state) {
        if (state instanceof JobState.Running running) {
            GenerationProgress progress = running.progress();
            show(name(progress.stage()), progress.done(), progress.total(), counted(progress));
        } else if (state instanceof JobState.Queued) {
            draw("waiting for the jobs before this one");
        }
    }

    /**
     * Shows how far one of several stages is.
     *
     * @param name of the stage
     * @param done of the total
     * @param total 1 or more
     * @param counted what is done of what, in words, or nothing
     */
    void show(String name, int done, int total, String counted) {
        if (!name.equals(stage)) {
            stage = name;
            stageBegin = nanoTime.getAsLong();
        }
        draw(terminal ? bar(name, done, total, counted) : name);
    }

    /** Clears the line of a terminal, for what comes after. */
    @Override
    public void close() {
        if (terminal && !shown.isEmpty()) {
            err.writeBytes(TO_START_OF_LINE);
            err.writeBytes(ERASE_TO_END_OF_LINE);
            err.flush();
        }
    }

    private void draw(String line) {
        if (!line.equals(shown)) {
            shown = line;
            if (terminal) {
                // what controls the terminal is bytes, what is shown is text: see PrintableStream
                err.writeBytes(TO_START_OF_LINE);
                err.print(line);
                err.writeBytes(ERASE_TO_END_OF_LINE);
                err.flush();
            } else {
                err.println(line);
            }
        }
    }

    private String bar(String name, int done, int total, String counted) {
        int filled = (int) ((long) BAR_WIDTH * done / total);
        long now = nanoTime.getAsLong();
        StringBuilder line = new StringBuilder();
        line.append(String.format("%-21s", name));
        line.append('[')
                .append("#".repeat(filled))
                .append("-".repeat(BAR_WIDTH - filled))
                .append("] ");
        if (!counted.isEmpty()) {
            line.append(counted).append(", ");
        }
        line.append(clock(now - begin)).append(" elapsed");
        if (done > 0 && done < total) {
            long left = (long) ((now - stageBegin) / (double) done * (total - done));
            line.append(", about ").append(clock(left)).append(" of this stage left");
        }
        return line.toString();
    }

    private static String counted(GenerationProgress progress) {
        return switch (progress.stage()) {
            case SAMPLING -> "step " + progress.done() + " of " + progress.total();
            case DECODING -> progress.done() + " of " + progress.total() + " frames";
            default -> "";
        };
    }

    private static String name(Stage stage) {
        return switch (stage) {
            case LOADING -> "loading the model";
            case ENCODING_PROMPT -> "reading the prompt";
            case SAMPLING -> "denoising";
            case DECODING -> "decoding frames";
            case SIGNING -> "signing the clip";
            case STORING -> "storing the clip";
        };
    }

    private static String clock(long nanos) {
        long seconds = nanos / 1_000_000_000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
