package org.patchreel.sling;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.sling.event.jobs.consumer.JobExecutionContext;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.GenerationMonitor;

/**
 * Tells Sling how far a job is, in per cent with an estimate of the seconds that remain, and in a line for each stage.
 * Every change is a save of the job's node, so that there are no more than a hundred. Used by the job's thread.
 */
final class JobProgress implements GenerationMonitor {

    private static final int WHOLE = 100;

    /** Before that, the pace of loading would be taken for that of sampling. */
    private static final int FIRST_ESTIMATE = 10;

    private final JobExecutionContext context;
    private final LongSupplier nanoTime;
    private final long began;
    private @Nullable Stage stage;
    private int percent;

    /**
     * Begins with nothing done.
     *
     * @param context of the job
     * @param nanoTime the clock
     */
    JobProgress(JobExecutionContext context, LongSupplier nanoTime) {
        this.context = context;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        context.initProgress(WHOLE, -1);
    }

    @Override
    public void progress(GenerationProgress progress) {
        if (progress.stage() != stage) {
            stage = progress.stage();
            context.log("{0}", stage.label());
        }
        int now = percent(progress);
        if (now > percent) {
            context.incrementProgressCount(now - percent);
            percent = now;
            if (percent >= FIRST_ESTIMATE) {
                Duration spent = Duration.ofNanos(nanoTime.getAsLong() - began);
                context.updateProgress(spent.multipliedBy(WHOLE - percent).toSeconds() / percent);
            }
        }
    }

    @Override
    public boolean cancelled() {
        return context.isStopped();
    }

    /** Sampling takes most of the time, decoding most of the rest; the shares are those of a large model. */
    private static int percent(GenerationProgress progress) {
        return switch (progress.stage()) {
            case LOADING -> share(0, 5, progress);
            case ENCODING_PROMPT -> share(5, 7, progress);
            case SAMPLING -> share(7, 75, progress);
            case DECODING -> share(75, 95, progress);
            case SIGNING -> share(95, 98, progress);
            case STORING -> share(98, WHOLE, progress);
        };
    }

    private static int share(int from, int to, GenerationProgress progress) {
        return from + (int) ((long) (to - from) * progress.done() / progress.total());
    }
}
