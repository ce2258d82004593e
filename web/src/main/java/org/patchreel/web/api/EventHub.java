package org.patchreel.web.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobSummary;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Jobs;
import org.patchreel.web.http.EventStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients of changes of jobs. An event has the whole state of a job, so that a client which misses some and gets the last
 * one has missed nothing. Its ID is a number that grows, after a word for this run: a client that comes back with one is sent
 * what has changed since; one that comes with an ID of another run, or too old a one, is told to begin anew. Safe for use from any
 * thread.
 */
final class EventHub implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Maximum number of jobs whose last change is remembered. */
    private static final int MAX_CHANGES = 10_000;

    private static final Pattern ID = Pattern.compile("([0-9a-z]{1,16})-(\\d{1,18})");

    private static final int BASE = 36;

    /**
     * Times of streams.
     *
     * @param beat between two signs of life
     * @param life of a stream, after which the client has to come back and to say who it is
     */
    record Times(Duration beat, Duration life) {
        static final Times STANDARD = new Times(Duration.ofSeconds(15), Duration.ofHours(1));
    }

    /** Somebody who listens; two are never equal. */
    private static final class Client {
        private final EventStream stream;
        private final Caller caller;
        private final Optional<String> job;
        private final long end;

        Client(EventStream stream, Caller caller, Optional<String> job, long end) {
            this.stream = stream;
            this.caller = caller;
            this.job = job;
            this.end = end;
        }

        boolean hears(String id) {
            return job.isEmpty() || job.get().equals(id);
        }
    }

    private final Jobs jobs;
    private final Times times;
    private final String run;
    private final GenerationJob.Subscription subscription;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "patchreel-event-streams");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> beats;

    /** The number of each job's last change, in their order. Guarded by this, as is all below. */
    private final Map<String, Long> changes = new LinkedHashMap<>();

    private long number;

    /** The number of the last change that is not remembered. */
    private long forgotten;

    private boolean closed;

    /**
     * Follows jobs.
     *
     * @param jobs to follow
     * @param startMillis tells this run from others
     * @param times of streams
     */
    EventHub(Jobs jobs, long startMillis, Times times) {
        this.jobs = jobs;
        this.times = times;
        this.run = Long.toString(startMillis, BASE);
        this.subscription = jobs.observe(this::changed);
        long beat = times.beat().toNanos();
        this.beats = heart.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.NANOSECONDS);
    }

    private void beat() {
        for (Client client : clients) {
            if (System.nanoTime() - client.end > 0) {
                client.stream.end();
            } else {
                client.stream.beat();
            }
        }
    }

    private synchronized void changed(String id) {
        number++;
        changes.remove(id);
        changes.put(id, number);
        if (changes.size() > MAX_CHANGES) {
            Map.Entry<String, Long> eldest = changes.entrySet().iterator().next();
            forgotten = eldest.getValue();
            changes.remove(eldest.getKey());
        }
        if (clients.stream().anyMatch(client -> client.hears(id))) {
            tell(id);
        }
    }

    private void tell(String id) {
        Optional<JobSummary> job;
        try {
            job = jobs.find(id);
        } catch (IOException e) {
            LOG.warn("A change of job {} is not told: {}", id, e.getMessage());
            clients.forEach(this::reset);
            return;
        }
        if (job.isPresent()) {
            Map<Boolean, String> texts = new HashMap<>();
            for (Client client : clients) {
                if (client.hears(id)) {
                    boolean owns = client.caller.owns(job.get());
                    send(client, job.get(), number, texts.computeIfAbsent(owns, any -> json(job.get(), client.caller)));
                }
            }
        }
    }

    private void send(Client client, JobSummary job, long change) {
        send(client, job, change, json(job, client.caller));
    }

    private void send(Client client, JobSummary job, long change, String json) {
        client.stream.send(job.id(), "id: " + run + "-" + change + "\nevent: job\ndata: " + json + "\n\n");
        if (client.job.isPresent() && job.status().state().isEnded()) {
            client.stream.end();
        }
    }

    private static String json(JobSummary job, Caller caller) {
        try {
            return MAPPER.writeValueAsString(JobJson.of(job, caller));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells a client that its picture may be old: it reads the list of jobs again. */
    private void reset(Client client) {
        client.stream.send("\t", "id: " + run + "-" + number + "\nevent: reset\ndata: {}\n\n");
    }

    /**
     * How many streams there may be.
     *
     * @param all of them
     * @param ofCaller those of one caller
     */
    record Places(int all, int ofCaller) {}

    /**
     * {@return whether there is no place for a further stream}
     *
     * @param caller whose it would be
     * @param places for streams
     */
    boolean isFull(Caller caller, Places places) {
        return clients.size() >= places.all()
                || clients.stream()
                                .filter(client -> client.caller.name().equals(caller.name()))
                                .count()
                        >= places.ofCaller();
    }

    /**
     * {@return whether a client has the last state of a job}
     *
     * @param id of the job
     * @param last ID of an event that the client has got
     */
    synchronized boolean hasSeen(String id, Optional<String> last) {
        OptionalLong seen = number(last);
        return seen.isPresent() && changes.getOrDefault(id, forgotten) <= seen.getAsLong();
    }

    /** {@return the number of an event of this run after which all changes are remembered} */
    private OptionalLong number(Optional<String> last) {
        Matcher id = ID.matcher(last.orElse(""));
        if (!id.matches() || !id.group(1).equals(run)) {
            return OptionalLong.empty();
        }
        long seen = Long.parseLong(id.group(2));
        return seen < forgotten || seen > number ? OptionalLong.empty() : OptionalLong.of(seen);
    }

    /**
     * Begins to tell a client: first what it does not know, then each change. A client whose place others took since {@link #isFull}
     * is let go, and comes back.
     *
     * @param stream to the client
     * @param caller who it is
     * @param job to tell of; empty for all
     * @param last ID of an event that it has got before
     * @param places for streams
     */
    synchronized void open(
            EventStream stream, Caller caller, Optional<String> job, Optional<String> last, Places places) {
        Client client =
                new Client(stream, caller, job, System.nanoTime() + times.life().toNanos());
        if (closed || isFull(caller, places)) {
            stream.close();
            return;
        }
        clients.add(client);
        stream.onEnd(() -> clients.remove(client));
        stream.send("\r", "retry: 3000\n\n");
        try {
            if (job.isPresent()) {
                jobs.find(job.get()).ifPresent(now -> send(client, now, number));
            } else {
                catchUp(client, last);
            }
        } catch (IOException e) {
            LOG.warn("Events cannot be sent: {}", e.getMessage());
            stream.close();
        }
    }

    private void catchUp(Client client, Optional<String> last) throws IOException {
        OptionalLong seen = number(last);
        if (seen.isPresent()) {
            for (Map.Entry<String, Long> change : changes.entrySet()) {
                if (change.getValue() > seen.getAsLong()) {
                    Optional<JobSummary> job = jobs.find(change.getKey());
                    job.ifPresent(now -> send(client, now, change.getValue()));
                }
            }
            return;
        }
        JobPage open = jobs.list(new JobQuery(
                EnumSet.of(State.QUEUED, State.WAITING, State.RUNNING),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                JobQuery.MAX_LIMIT));
        if (last.isPresent() || open.next().isPresent()) {
            reset(client);
        }
        open.jobs().forEach(job -> send(client, job, number));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        subscription.close();
        beats.cancel(false);
        heart.shutdownNow();
        clients.forEach(client -> client.stream.close());
    }
}
