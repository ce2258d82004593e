package org.patchreel.impl.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.storyboard.StoryboardText;

/** Ends every job at once, in a given state, unless that is a waiting one. Knows all models but {@code nosuch}. */
final class FakeGenerator implements VideoGenerator {

    final List<GenerationRequest> requests = new ArrayList<>();
    final List<Requester> requesters = new ArrayList<>();
    private final JobState state;
    boolean cancelled;

    FakeGenerator(JobState state) {
        this.state = state;
    }

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) {
        requests.add(request);
        requesters.add(by);
        return new GenerationJob() {
            @Override
            public String id() {
                return "JOB1";
            }

            @Override
            public GenerationRequest request() {
                return request;
            }

            @Override
            public Requester requester() {
                return by;
            }

            @Override
            public JobState state() {
                return state;
            }

            @Override
            public Subscription observe(Consumer<? super JobState> listener) {
                listener.accept(state);
                return () -> {};
            }

            @Override
            public void cancel() {
                cancelled = true;
            }

            @Override
            public CompletionStage<JobState.Ended> ended() {
                return state instanceof JobState.Ended end
                        ? CompletableFuture.completedStage(end)
                        : new CompletableFuture<>();
            }
        };
    }

    @Override
    public GenerationJob submit(String id, GenerationRequest request, Requester by) {
        return submit(request, by);
    }

    @Override
    public void check(GenerationRequest request) {
        if (request.model().equals(Optional.of("nosuch"))) {
            throw new IllegalArgumentException("unknown model: nosuch, installed: starter");
        }
    }

    @Override
    public Storyboard storyboard(String name, String text) {
        return StoryboardText.read(name, text);
    }

    @Override
    public PlannedClip plan(GenerationRequest request) {
        check(request);
        return new PlannedClip(
                "starter",
                new VideoFormat(96, 96, 481, 8),
                new VideoFormat(320, 320, 1441, 24),
                List.of(new PlannedClip.PlannedShot(
                        new VideoFormat(96, 96, 481, 8),
                        1441,
                        Transition.CUT,
                        new SamplingParameters(1, 8, 1),
                        new SamplingPlan(SamplingPlan.Method.ROLLING, 30, 17, 4, 8, 240))),
                Optional.of(Duration.ofMillis(117_340)),
                Optional.empty());
    }

    @Override
    public Optional<StoredAsset> asset(String id) {
        return Optional.empty();
    }

    @Override
    public List<AssetReference> assets() {
        return List.of();
    }

    @Override
    public List<GenerationJob> jobs() {
        return List.of();
    }
}
