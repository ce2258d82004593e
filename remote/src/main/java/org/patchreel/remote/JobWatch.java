package org.patchreel.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;
import org.patchreel.spi.AssetStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows jobs until they have ended here: the generator tells how far they are ({@link JobEvents}), one thread asks it where it does
 * not, and others bring their clips. While the generator is away they wait, and say so.
 */
final class JobWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

    /** A generator lets 600 requests a minute pass by default, those of other hosts with the same token among them. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(500);

    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    /** A job of which no event has come for so long is asked for, in case one was lost. */
    private static final Duration MAX_QUIET = Duration.ofMinutes(1);

    private static final int IMPORTS_AT_ONCE = 2;
    private static final int NOT_FOUND = 404;

    private final RemoteConnection connection;
    private final Supplier<Optional<AssetStore>> stores;
    private final Map<String, RemoteJob> jobs = new ConcurrentHashMap<>();
    private final Set<String> cancellations = ConcurrentHashMap.newKeySet();

    /** When the generator was last heard of each job that goes on there, by {@link System#nanoTime}; empty if it has to be asked. */
    private final Map<String, OptionalLong> heard = new ConcurrentHashMap<>();

    /** The latest event of each job that was not looked at yet. */
    private final Map<String, JsonNode> news = new ConcurrentHashMap<>();

    private final JobEvents events;
    private final ScheduledThreadPoolExecutor looks =
            new ScheduledThreadPoolExecutor(1, named("patchreel-remote-jobs"));
    private final ExecutorService imports =
            Executors.newFixedThreadPool(IMPORTS_AT_ONCE, named("patchreel-remote-clips"));

    /**
     * Starts no thread yet.
     *
     * @param connection to the generator
     * @param stores the store that takes the clips, if the host has one
     */
    JobWatch(RemoteConnection connection, Supplier<Optional<AssetStore>> stores) {
        this.connection = connection;
        this.stores = stores;
        this.events = new JobEvents(connection, new JobEvents.Listener() {
            @Override
            public boolean isWanted() {
                return !heard.isEmpty();
            }

            @Override
            public void missed() {
                heard.replaceAll((id, at) -> OptionalLong.empty());
            }

            @Override
            public void changed(JsonNode job) {
                hear(job);
            }
        });
        looks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@return the jobs that have not ended here} */
    Collection<RemoteJob> jobs() {
        return List.copyOf(jobs.values());
    }

    Optional<RemoteJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /**
     * Follows a job, unless it has ended.
     *
     * @param job that the generator has
     * @param answer what it says of it
     * @return the job, or the one of this ID that is followed already
     * @throws IllegalStateException if this has stopped
     */
    RemoteJob follow(RemoteJob job, JobAnswer answer) {
        return begin(job, () -> {
            if (apply(job, answer)) {
                heard.put(job.id(), OptionalLong.empty());
                events.open();
                lookLater(job, 0, interval());
            }
        });
    }

    /** Takes an event, in the thread of the stream; those of other jobs are not kept. */
    private void hear(JsonNode event) {
        String id = event.path("id").asText("");
        if (!heard.containsKey(id) || news.put(id, event) != null) {
            return;
        }
        try {
            looks.execute(() -> look(id));
        } catch (RejectedExecutionException e) {
            // it is stopping
        }
    }

    /** Looks at the latest event of a job. */
    private void look(String id) {
        @Nullable JsonNode event = news.remove(id);
        @Nullable RemoteJob job = jobs.get(id);
        if (event == null || job == null || job.hasEnded() || !heard.containsKey(id)) {
            return;
        }
        try {
            if (apply(job, JobAnswer.read(event))) {
                heard.replace(id, OptionalLong.of(System.nanoTime()));
            }
        } catch (RemoteFailure e) {
            if (heard.replace(id, OptionalLong.empty()) == null) {
                end(job, failed(e));
            } // else the answer to the next question tells what is wrong
        } catch (IllegalStateException | RejectedExecutionException e) {
            // this installation stops
        }
    }

    private boolean isTold(RemoteJob job) {
        OptionalLong at = heard.getOrDefault(job.id(), OptionalLong.empty());
        return events.isLive()
                && at.isPresent()
                && System.nanoTime() - at.getAsLong() < MAX_QUIET.toNanos()
                && !cancellations.contains(job.id());
    }

    /**
     * As above, for a job that the generator has forgotten and whose asset it has.
     *
     * @param job that has made it
     * @return as above
     */
    RemoteJob followAsset(RemoteJob job) {
        return begin(job, () -> completed(job));
    }

    private interface Beginning {
        void begin() throws RemoteFailure;
    }

    private RemoteJob begin(RemoteJob job, Beginning beginning) {
        RemoteJob known = jobs.putIfAbsent(job.id(), job);
        if (known != null) {
            return known;
        }
        try {
            beginning.begin();
        } catch (RejectedExecutionException e) {
            jobs.remove(job.id());
            throw new IllegalStateException("the generator has stopped", e);
        } catch (RemoteFailure e) {
            end(job, failed(e));
        }
        return job;
    }

    private Duration interval() {
        Duration turn = BETWEEN_REQUESTS.multipliedBy(jobs.size());
        try {
            Duration configured = connection.api().settings().pollInterval();
            return turn.compareTo(configured) > 0 ? turn : configured;
        } catch (RemoteFailure e) {
            return turn;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it catches what it throws
    private void lookLater(RemoteJob job, int failures, Duration pause) {
        looks.schedule(() -> look(job, failures), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Asks how far a job is, and again later. */
    private void look(RemoteJob job, int failures) {
        if (job.hasEnded() || !heard.containsKey(job.id())) {
            return;
        }
        events.open();
        Duration pause;
        int failed = 0;
        try {
            if (isTold(job)) {
                lookLater(job, 0, interval());
                return;
            }
            if (cancellations.contains(job.id())) {
                sendCancellation(job);
            }
            JobAnswer answer = JobAnswer.read(connection.api().jsonAtOnce(Call.get("/jobs/" + job.id())));
            if (!apply(job, answer)) {
                return;
            }
            heard.replace(job.id(), OptionalLong.of(System.nanoTime()));
            pause = interval();
        } catch (RemoteFailure e) {
            if (looks.isShutdown()) {
                return; // it is suspended
            }
            if (!e.isPassing()) {
                lost(job, e);
                return;
            }
            failed = failures + 1;
            if (failed == 1) {
                LOG.warn("Generation {} is waited for: {}", job.id(), e.getMessage());
            }
            job.move(new JobState.Waiting(e.getMessage()));
            pause = e.retryAfter().orElse(interval().multipliedBy(1L << Math.min(failed, 6)));
            pause = pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
        } catch (IllegalStateException | RejectedExecutionException e) {
            return; // this installation stops
        } catch (RuntimeException e) {
            LOG.error("Generation {} cannot be followed", job.id(), e);
            end(job, new JobState.Failed(new GenerationException(Reason.INTERNAL, String.valueOf(e.getMessage()), e)));
            return;
        }
        try {
            lookLater(job, failed, pause);
        } catch (RejectedExecutionException e) {
            // it is stopping
        }
    }

    /** A job that the generator has forgotten may have left its asset. */
    private void lost(RemoteJob job, RemoteFailure failure) {
        heard.remove(job.id());
        if (failure.status() != NOT_FOUND) {
            end(job, failed(failure));
            return;
        }
        try {
            if (RemoteAsset.find(connection.api(), job.id()).isPresent()) {
                completed(job);
            } else {
                end(
                        job,
                        failed(RemoteFailure.lasting(
                                connection.api().name() + " knows no job " + job.id() + " any more", failure)));
            }
        } catch (RemoteFailure e) {
            end(job, failed(e));
        }
    }

    private static JobState.Failed failed(RemoteFailure failure) {
        return new JobState.Failed(new GenerationException(Reason.BUSY, failure.getMessage(), failure));
    }

    private void end(RemoteJob job, JobState.Ended end) {
        cancellations.remove(job.id());
        heard.remove(job.id());
        news.remove(job.id());
        jobs.remove(job.id(), job);
        job.move(end);
    }

    /** {@return the state that an answer tells, of an asset at the generator} */
    static JobState state(RemoteApi api, JobAnswer answer) {
        return switch (answer.state()) {
            case QUEUED -> new JobState.Queued();
            case WAITING -> new JobState.Waiting(answer.message());
            case RUNNING -> new JobState.Running(answer.progress().orElse(new GenerationProgress(Stage.LOADING, 0, 1)));
            case COMPLETED -> new JobState.Completed(RemoteAsset.reference(api, answer.id()));
            case REFUSED -> new JobState.Refused(answer.reason(), answer.message());
            case FAILED -> new JobState.Failed(answer.failure());
            case CANCELLED -> new JobState.Cancelled();
        };
    }

    /** {@return whether the job is to be looked at again} */
    private boolean apply(RemoteJob job, JobAnswer answer) throws RemoteFailure {
        JobState state = state(connection.api(), answer);
        if (answer.state().isEnded()) {
            heard.remove(job.id());
        }
        if (state instanceof JobState.Completed) {
            completed(job);
        } else if (state instanceof JobState.Ended end) {
            end(job, end);
        } else {
            job.move(state);
        }
        return !answer.state().isEnded();
    }

    /** Brings the clip, if this host has a store for it; otherwise it is read from the generator when it is asked for. */
    private void completed(RemoteJob job) throws RemoteFailure {
        Optional<AssetStore> store = stores.get();
        RemoteApi api = connection.api();
        if (store.isEmpty()) {
            end(job, new JobState.Completed(RemoteAsset.reference(api, job.id())));
            return;
        }
        job.move(new JobState.Running(new GenerationProgress(Stage.STORING, 0, 1)));
        imports.execute(() -> bring(job, api, store.get()));
    }

    private void bring(RemoteJob job, RemoteApi api, AssetStore store) {
        try {
            end(job, new JobState.Completed(ClipImport.store(api, job.id(), job.destination(), store)));
        } catch (IOException | RuntimeException e) {
            if (imports.isShutdown()) {
                return; // it is suspended
            }
            end(
                    job,
                    new JobState.Failed(new GenerationException(
                            Reason.STORAGE,
                            "the clip of job " + job.id() + " is made and not stored here: " + Failures.describe(e),
                            e)));
        }
    }

    /** Asks the generator to cancel a job, again and again until it has been told. */
    void cancel(RemoteJob job) {
        cancellations.add(job.id());
        try {
            looks.execute(() -> {
                try {
                    if (!job.hasEnded()) {
                        sendCancellation(job);
                    }
                } catch (RemoteFailure e) {
                    LOG.warn("Generation {} is not cancelled yet: {}", job.id(), e.getMessage());
                    if (!jobs.containsKey(job.id())) {
                        cancellations.remove(job.id()); // nobody looks at it again
                    }
                } catch (IllegalStateException e) {
                    LOG.warn("Generation {} is not cancelled: {}", job.id(), e.getMessage());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("Generation {} is not cancelled: this installation stops", job.id());
        }
    }

    private void sendCancellation(RemoteJob job) throws RemoteFailure {
        RemoteApi api = connection.api();
        try {
            api.atOnce(Call.of("DELETE", "/jobs/" + job.id()), RemoteApi::discard);
        } catch (RemoteFailure e) {
            if (e.isPassing()) {
                throw e;
            }
            // it has ended, or is somebody else's
            LOG.info("Generation {} is not cancelled: {}", job.id(), e.getMessage());
        }
        cancellations.remove(job.id());
    }

    /** Lets all jobs go on without this installation, and ends the threads. Clips that are being brought are discarded. */
    @Override
    public void close() {
        events.close();
        looks.shutdownNow();
        imports.shutdownNow();
        jobs().forEach(job -> end(job, new JobState.Suspended()));
    }
}
