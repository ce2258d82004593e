package org.patchreel.impl.generator;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobRecord;

/**
 * A job that ended in an earlier run of the framework, as the register tells of it.
 *
 * @param record of the job, which has ended
 * @param source reads what was asked for
 */
record RecordedJob(JobRecord record, Supplier<GenerationRequest> source) implements GenerationJob {

    @Override
    public String id() {
        return record.id();
    }

    @Override
    public GenerationRequest request() {
        return source.get();
    }

    @Override
    public Requester requester() {
        return record.by();
    }

    @Override
    public JobState.Ended state() {
        JobRecord.Status status = record.status();
        return switch (status.state()) {
            case COMPLETED -> new JobState.Completed(new AssetReference(id(), URI.create(status.message())));
            case REFUSED -> new JobState.Refused(status.reason(), status.message());
            case FAILED -> new JobState.Failed(new GenerationException(reason(status.reason()), status.message()));
            case CANCELLED -> new JobState.Cancelled();
            case QUEUED, WAITING, RUNNING -> throw new IllegalStateException("job " + id() + " has not ended");
        };
    }

    /** A reason that a later version has written is one that this one does not know. */
    private static Reason reason(String label) {
        try {
            return Reason.valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            return Reason.INTERNAL;
        }
    }

    @Override
    public Subscription observe(Consumer<? super JobState> listener) {
        return new StateObserver(id(), Objects.requireNonNull(listener, "listener"), state()).begin();
    }

    @Override
    public void cancel() {
        // It has ended.
    }

    @Override
    public CompletionStage<JobState.Ended> ended() {
        return CompletableFuture.completedStage(state());
    }
}
