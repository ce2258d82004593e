package org.patchreel.impl.generator;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;

/** A job whose asset an earlier run of the framework has stored. */
record StoredJob(String id, GenerationRequest request, Requester requester, AssetReference asset)
        implements GenerationJob {

    @Override
    public JobState.Ended state() {
        return new JobState.Completed(asset);
    }

    @Override
    public Subscription observe(Consumer<? super JobState> listener) {
        return new StateObserver(id, Objects.requireNonNull(listener, "listener"), state()).begin();
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
