package org.patchreel.impl.admin;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;

/**
 * Shows how far a job is: on a terminal a line that is drawn again and again, elsewhere a line for each stage. Used by one
 * thread.
 */
final class ProgressDisplay implements AutoCloseable {

    /** A job that is queued for a shorter time does not wait for others. */
    private static final long MIN_WAIT_NANOS = 1_000_000_000;

    private static final byte[] TO_START_OF_LINE = {'\r'};
    private static final byte[] ERASE_TO_END_OF_LINE = {0x1b, '[', 'K'};

    private final Console console;
    private final boolean quiet;
    private final String item;
    private final LongSupplier nanoTime;
    private final long begin;
    private String shown = "";
    private String stage = "";
    private long stageBegin;
    private int firstDone;
    private int lastDone;
    private long lastDoneAt;
    private @Nullable GenerationProgress sampling;

    /**
     * Begins a job.
     *
     * @param quiet to show nothing at all
     * @param item which of several items it is, such as "3/20", or nothing
     */
    ProgressDisplay(Console console, boolean quiet, String item, LongSupplier nanoTime) {
        this.console = console;
        this.quiet = quiet;
        this.item = item;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /**
     * Brings the display to a state; cheap when nothing changed. A clip that is made in windows is sampled and decoded in turns:
     * that counts as sampling until all of it is sampled.
     */
    void show(JobState state) {
        if (state instanceof JobState.Running running) {
            GenerationProgress progress = running.progress();
            if (progress.stage() == Stage.SAMPLING) {
                sampling = progress;
            } else if (progress.stage() == Stage.DECODING && sampling != null && sampling.done() < sampling.total()) {
                progress = sampling;
            }
            show(name(progress.stage()), progress.done(), progress.total(), unit(progress.stage()));
        } else if (state instanceof JobState.Queued && nanoTime.getAsLong() - begin >= MIN_WAIT_NANOS) {
            show("waiting for the jobs before this one", 0, 1, "");
        } else if (state instanceof JobState.Waiting waiting) {
            show("waiting: " + PrintableLine.of(waiting.reason()), 0, 1, "");
        }
    }

    /**
     * Shows how far one of several stages is.
     *
     * @param name of the stage
     * @param done of the total
     * @param total 1 or more
     * @param unit what is counted, or nothing
     */
    void show(String name, int done, int total, String unit) {
        long now = nanoTime.getAsLong();
        if (!name.equals(stage)) {
            stage = name;
            stageBegin = now;
            firstDone = done;
            lastDone = done;
        }
        if (done != lastDone) {
            lastDone = done;
            lastDoneAt = now;
        }
        int columns = quiet ? 0 : console.columns().getAsInt();
        if (columns > 0) {
            redraw(new ProgressLine(item, name, done, total, unit, now - begin, left(now, total)).fit(columns));
        } else if (!quiet && !name.equals(shown)) {
            shown = name;
            console.err().println(item.isEmpty() ? name : item + " " + name);
            console.err().flush();
        }
    }

    /** Counts down between two units, as it should have been said when the last one was done. */
    private long left(long now, int total) {
        if (lastDone == firstDone) {
            return -1;
        }
        double each = (lastDoneAt - stageBegin) / (double) (lastDone - firstDone);
        return Math.max(0, (long) (each * (total - lastDone)) - (now - lastDoneAt));
    }

    /** Clears the line of a terminal, for what comes after. */
    @Override
    public void close() {
        if (console.isTerminal() && !shown.isEmpty()) {
            redraw("");
        }
    }

    private void redraw(String line) {
        if (!line.equals(shown)) {
            shown = line;
            // what controls the terminal is bytes, what is shown is text: see PrintableStream
            console.err().writeBytes(TO_START_OF_LINE);
            console.err().print(line);
            console.err().writeBytes(ERASE_TO_END_OF_LINE);
            console.err().flush();
        }
    }

    private static String unit(Stage stage) {
        return switch (stage) {
            case SAMPLING -> "steps";
            case DECODING -> "frames";
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
}
