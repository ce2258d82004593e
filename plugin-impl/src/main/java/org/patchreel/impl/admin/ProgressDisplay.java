package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.Locale;
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

    private static final int BAR_WIDTH = 24;
    private static final String ERASE_TO_END_OF_LINE = "\u001b[K";

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long begin;
    private String shown = "";
    private @Nullable Stage stage;
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
            if (progress.stage() != stage) {
                stage = progress.stage();
                stageBegin = nanoTime.getAsLong();
            }
            draw(terminal ? bar(progress) : name(progress.stage()));
        } else if (state instanceof JobState.Queued) {
            draw("waiting for the jobs before this one");
        }
    }

    /** Clears the line of a terminal, for what comes after. */
    @Override
    public void close() {
        if (terminal && !shown.isEmpty()) {
            err.print("\r" + ERASE_TO_END_OF_LINE);
            err.flush();
        }
    }

    private void draw(String line) {
        if (!line.equals(shown)) {
            shown = line;
            if (terminal) {
                err.print("\r" + line + ERASE_TO_END_OF_LINE);
                err.flush();
            } else {
                err.println(line);
            }
        }
    }

    private String bar(GenerationProgress progress) {
        int filled = (int) ((long) BAR_WIDTH * progress.done() / progress.total());
        long now = nanoTime.getAsLong();
        StringBuilder line = new StringBuilder();
        line.append(String.format("%-21s", name(progress.stage())));
        line.append('[')
                .append("#".repeat(filled))
                .append("-".repeat(BAR_WIDTH - filled))
                .append("] ");
        if (progress.stage() == Stage.SAMPLING) {
            line.append("step ")
                    .append(progress.done())
                    .append(" of ")
                    .append(progress.total())
                    .append(", ");
        } else if (progress.stage() == Stage.DECODING) {
            line.append(progress.done()).append(" of ").append(progress.total()).append(" frames, ");
        }
        line.append(clock(now - begin)).append(" elapsed");
        if (progress.done() > 0 && progress.done() < progress.total()) {
            long left = (long) ((now - stageBegin) / (double) progress.done() * (progress.total() - progress.done()));
            line.append(", about ").append(clock(left)).append(" of this stage left");
        }
        return line.toString();
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
