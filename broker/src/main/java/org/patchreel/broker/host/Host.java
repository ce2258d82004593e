package org.patchreel.broker.host;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.command.ActiveMQDestination;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SourceStore;
import org.patchreel.broker.host.OrderedJob.Event;
import org.patchreel.broker.host.ResultFolder.Result;
import org.patchreel.broker.jms.Destinations;
import org.patchreel.broker.jms.FilePart;
import org.patchreel.broker.jms.Link;
import org.patchreel.broker.jms.OrderMessage;
import org.patchreel.broker.jms.Sender;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Answer;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.broker.wire.Control;
import org.patchreel.broker.wire.Question;
import org.patchreel.broker.wire.Wire;
import org.patchreel.broker.wire.WireException;
import org.patchreel.broker.wire.WireMessage;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders clips of workers and collects them. The truth about jobs is the caller's: an order that is given anew, after this process
 * was killed, gets what was made meanwhile, and what nobody waits for is discarded. Safe for use from any thread.
 */
public final class Host implements Link.Peer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private static final int POLL_MILLIS = 100;
    private static final int RESULTS_AHEAD = 4;
    private static final int MAX_ENDED = 1000;
    private static final int CLOSE_SECONDS = 10;

    /** Nothing is sent ahead: the broker says at once whether there is an order. */
    private static final ActiveMQDestination ORDERS_UNASKED = Destinations.prefetching(Destinations.ORDERS, 0);

    /**
     * How a host works.
     *
     * @param id of the host, 1 to 64 letters and digits, which stays the same after a restart
     * @param folder for files that arrive
     * @param tries how many workers may begin a job before it fails
     * @param silence a worker that tells nothing for so long is gone
     * @param answer how long to wait for an answer of a worker
     * @param retry how long to wait before the broker is tried again
     */
    public record Settings(String id, Path folder, int tries, Duration silence, Duration answer, Duration retry) {}

    private final Settings settings;
    private final SourceStore sources;
    private final InstantSource clock;
    private final ResultFolder results;
    private final KnownWorkers workers;
    private final Link link;
    private final Map<String, OrderedJob> jobs = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Answer>> questions = new ConcurrentHashMap<>();

    /** IDs of jobs that have ended, the latest ones. Guarded by itself. */
    private final Map<String, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_ENDED;
        }
    };

    /** Those of {@link #produce}, and one that {@link #close} ends: who owns the folder afterwards is alone in it. */
    private final Phaser calls = new Phaser(1);

    private volatile @Nullable Line line;
    private volatile boolean closed;

    /** What belongs to one connection. */
    private record Line(Connection connection, Sender sender) {}

    /**
     * Begins to connect.
     *
     * @param settings how it works
     * @param opening opens connections
     * @param sources has the pictures and clips that workers ask for
     * @param clock tells how old files are
     * @throws IOException if what an earlier process has left cannot be read
     */
    public Host(Settings settings, Link.Opening opening, SourceStore sources, InstantSource clock) throws IOException {
        this.settings = settings;
        this.sources = sources;
        this.clock = clock;
        this.results = new ResultFolder(settings.folder());
        this.workers = new KnownWorkers(System::nanoTime, settings.silence());
        results.deleteAbandoned(clock, Set.of());
        this.link = new Link("patchreel-broker", opening, this, settings.retry());
    }

    @Override
    public void connected(Connection connection) throws JMSException {
        listen(connection, Destinations.WORKERS, this::onWorkers);
        listen(connection, Destinations.PROGRESS, this::onProgress);
        listen(connection, Destinations.hostInbox(settings.id()), this::onInbox);
        line = new Line(connection, new Sender(connection));
        // last: results are answered
        listen(
                connection,
                Destinations.prefetching(Destinations.results(settings.id()), RESULTS_AHEAD),
                this::onResults);
    }

    @Override
    public void disconnected() {
        line = null;
    }

    private interface Handling {
        void handle(Message message) throws JMSException, WireException, IOException;
    }

    /** Messages of one destination are handled one after the other; one that is refused is logged, and gone. */
    private void listen(Connection connection, ActiveMQDestination destination, Handling handling) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(destination);
        consumer.setMessageListener(message -> {
            try {
                handling.handle(message);
            } catch (WireException e) {
                LOG.warn("A message in {} is refused: {}", destination.getPhysicalName(), e.getMessage());
            } catch (JMSException e) {
                LOG.debug("A message in {} was lost with the connection", destination.getPhysicalName(), e);
            } catch (IOException | RuntimeException e) {
                LOG.warn("A message in {} cannot be handled", destination.getPhysicalName(), e);
            }
        });
    }

    private static <T extends WireMessage> T read(Message message, Class<T> type) throws WireException, JMSException {
        if (!(message instanceof TextMessage text) || text.getText() == null) {
            throw new WireException("not a text");
        }
        return WireMessage.read(text.getText(), type);
    }

    private void onWorkers(Message message) throws JMSException, WireException {
        workers.announced(read(message, Announcement.class));
    }

    private void onProgress(Message message) throws JMSException, WireException {
        Attempt.Progress progress = read(message, Attempt.Progress.class);
        OrderedJob job = jobs.get(progress.of().job());
        if (job != null) {
            job.progress(progress);
        }
    }

    private void onInbox(Message message) throws JMSException, WireException, IOException {
        WireMessage read = read(message, WireMessage.class);
        if (read instanceof Question.Source source) {
            answer(source);
        } else if (read instanceof Answer answer) {
            CompletableFuture<Answer> waiting = questions.remove(answer.id());
            if (waiting != null) {
                waiting.complete(answer);
            }
        } else {
            throw new WireException("a message of the type " + read.type() + " does not belong here");
        }
    }

    /** Sends a part of a source to a worker. */
    private void answer(Question.Source question) throws JMSException, IOException {
        Line now = line;
        if (now == null) {
            return;
        }
        ActiveMQDestination inbox = Destinations.workerInbox(question.from());
        Optional<InputStream> file = sources.open(question.sha256());
        if (file.isEmpty()) {
            now.sender()
                    .tell(
                            inbox,
                            new Answer.Refused(
                                    question.id(), Reason.STORAGE, "the host has no source " + question.sha256()));
            return;
        }
        try (InputStream in = file.get()) {
            in.skipNBytes(question.offset());
            byte[] bytes = in.readNBytes(Wire.MAX_PART_BYTES);
            boolean last = bytes.length < Wire.MAX_PART_BYTES || in.read() < 0;
            FilePart part =
                    new FilePart(question.id(), question.id(), question.sha256(), question.offset(), last, bytes);
            now.sender().send(inbox, false, part::write);
        }
    }

    private void onResults(Message message) throws JMSException, WireException, IOException {
        if (message instanceof BytesMessage bytes) {
            FilePart part = FilePart.read(bytes);
            if (!isEnded(part.subject())) {
                results.add(part);
            }
            return;
        }
        Attempt attempt = read(message, Attempt.class);
        if (attempt instanceof Attempt.Started started) {
            onStarted(started.of());
        } else if (attempt instanceof Attempt.Finished finished) {
            onFinished(finished);
        } else if (attempt instanceof Attempt.Failed failed) {
            OrderedJob job = jobs.get(failed.of().job());
            if (job != null) {
                job.fail(new GenerationException(
                        failed.reason(),
                        failed.message() + " (worker " + failed.of().workerName() + ")"));
            }
        } else if (attempt instanceof Attempt.Returned returned) {
            OrderedJob job = jobs.get(returned.of().job());
            if (job != null) {
                job.returned(returned.of());
            }
        } else {
            throw new WireException("a message of the type " + attempt.type() + " does not belong here");
        }
    }

    private void onStarted(Attempt.Of of) throws JMSException {
        OrderedJob job = jobs.get(of.job());
        boolean begins = job != null && job.begin(of);
        Line now = line;
        if (now != null) {
            now.sender()
                    .tell(
                            Destinations.workerInbox(of.worker()),
                            begins ? new Control.Go(of.attempt()) : new Control.Stop(of.attempt()));
        }
        LOG.info("Generation {} {} worker {}", of.job(), begins ? "is made by" : "is not needed of", of.workerName());
    }

    private void onFinished(Attempt.Finished finished) throws IOException {
        Attempt.Of of = finished.of();
        if (isEnded(of.job())) {
            results.delete(of.job());
            return;
        }
        OrderedJob job = jobs.get(of.job());
        try {
            Result result = results.finish(finished);
            if (job != null) {
                job.arrived(result);
            }
        } catch (WireException e) {
            LOG.warn("The clip {} of worker {} is refused: {}", of.job(), of.workerName(), e.getMessage());
            results.delete(of.job(), of.attempt());
            if (job != null) {
                job.damaged(of, e.getMessage());
            }
        }
    }

    private boolean isEnded(String job) {
        synchronized (ended) {
            return ended.containsKey(job);
        }
    }

    /**
     * Has a worker make a clip; see {@link org.patchreel.spi.RemoteModel#produce}.
     *
     * @param id of the job
     * @param model its name
     * @param order what to make
     * @param directory takes the files
     * @param monitor receives progress, and says whether to cancel
     * @return what is known of the clip
     * @throws GenerationException if it cannot be made
     * @throws GenerationCancelledException if it was cancelled
     */
    String produce(String id, String model, String order, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        if (order.length() > Wire.MAX_TEXT) {
            throw new GenerationException(
                    Reason.UNSUPPORTED,
                    "the order has " + order.length() + " characters, workers take at most " + Wire.MAX_TEXT);
        }
        OrderedJob job = new OrderedJob(id, settings.tries());
        if (jobs.putIfAbsent(id, job) != null) {
            throw new GenerationException(Reason.INTERNAL, "generation " + id + " is ordered already");
        }
        synchronized (ended) {
            ended.remove(id);
        }
        calls.register();
        boolean done = false;
        try {
            Optional<Result> there = results.find(id);
            String produced = there.isPresent()
                    ? take(there.get(), directory)
                    : order(new OrderMessage(id, model, settings.id(), order), job, directory, monitor);
            done = true;
            return produced;
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "the files of a worker cannot be kept: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCancelledException();
        } finally {
            end(id, done);
            calls.arriveAndDeregister();
        }
    }

    private String order(OrderMessage order, OrderedJob job, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException, InterruptedException, IOException {
        give(order, monitor);
        while (true) {
            check(monitor);
            Event event = job.next(POLL_MILLIS);
            if (event instanceof Event.Progress progress) {
                monitor.progress(progress.progress());
            } else if (event instanceof Event.Arrived arrived) {
                return take(arrived.result(), directory);
            } else if (event instanceof Event.Failed failed) {
                throw failed.failure();
            } else if (event instanceof Event.Again) {
                give(order, monitor);
            } else {
                Set<String> last = job.lastWorkers();
                if (!last.isEmpty() && link.isConnected() && last.stream().noneMatch(workers::isLive)) {
                    throw job.exhausted();
                }
            }
        }
    }

    private void check(GenerationMonitor monitor) throws GenerationCancelledException {
        monitor.checkCancelled();
        if (closed) {
            throw new GenerationCancelledException();
        }
    }

    /** Sends the order, as soon as there is a broker; what an earlier process has sent for the job is taken back before. */
    private void give(OrderMessage order, GenerationMonitor monitor)
            throws GenerationCancelledException, InterruptedException {
        boolean told = false;
        while (true) {
            check(monitor);
            Line now = line;
            if (now != null) {
                try {
                    withdraw(now, order.job());
                    now.sender().send(Destinations.ORDERS, true, order::write);
                    return;
                } catch (JMSException e) {
                    if (!told && e instanceof ResourceAllocationException) {
                        told = true;
                        LOG.warn("The broker has no room for order {}: {}", order.job(), e.getMessage());
                    }
                    LOG.debug("The order {} cannot be sent", order.job(), e);
                    TimeUnit.MILLISECONDS.sleep(settings.retry().toMillis());
                }
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Takes orders of a job back that no worker has. */
    private static void withdraw(Line now, String job) throws JMSException {
        Session session = now.connection().createSession(false, Session.AUTO_ACKNOWLEDGE);
        try (MessageConsumer waiting = session.createConsumer(ORDERS_UNASKED, OrderMessage.selectorOfJob(job))) {
            Message message = waiting.receiveNoWait();
            while (message != null) {
                message = waiting.receiveNoWait();
            }
        } finally {
            session.close();
        }
    }

    /** Leaves the files where they are until the job ends: if this process dies meanwhile, the next one finds them all. */
    private static String take(Result result, Path directory) throws IOException {
        for (Attempt.File file : result.finished().files()) {
            Path arrived = result.directory().resolve(file.name());
            Path taken = directory.resolve(file.name());
            Files.deleteIfExists(taken);
            try {
                Files.createLink(taken, arrived);
            } catch (FileSystemException | UnsupportedOperationException e) {
                Files.copy(arrived, taken); // on another file system
            }
        }
        return result.finished().produced();
    }

    /** From now on, whatever comes of the job is discarded; workers that still work on it stop. */
    private void end(String id, boolean done) {
        if (closed && !done) {
            jobs.remove(id);
            return;
        }
        synchronized (ended) {
            ended.put(id, true);
        }
        // first: a worker that asks from now on is told to stop, one that has asked before hears of the cancellation
        jobs.remove(id);
        try {
            results.delete(id);
            results.deleteAbandoned(clock, jobs.keySet());
        } catch (IOException e) {
            LOG.warn("What has arrived of generation {} cannot be deleted", id, e);
        }
        Line now = line;
        if (now != null) {
            try {
                now.sender().tell(Destinations.CONTROL, new Control.Cancel(id));
                if (!done) {
                    withdraw(now, id);
                }
            } catch (JMSException e) {
                LOG.debug("Workers cannot be told that generation {} has ended", id, e);
            }
        }
    }

    /**
     * Asks a worker how a clip would be made.
     *
     * @param model its name
     * @param task the clip
     * @return the plan
     * @throws GenerationException if none can be had within the time for an answer
     */
    SamplingPlan plan(String model, ModelTask task) throws GenerationException {
        List<Announcement> having = workers.having(model);
        Line now = line;
        if (having.isEmpty() || now == null) {
            throw new GenerationException(Reason.NO_MODEL, "no worker has model " + model + " now");
        }
        Announcement worker = having.get(0);
        String id = newId();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        questions.put(id, answer);
        try {
            now.sender()
                    .tell(
                            Destinations.workerInbox(worker.worker()),
                            new Question.Plan(
                                    id, settings.id(), model, task.with(List.of(), Optional.empty(), Guides.NONE)));
            Answer given = answer.get(settings.answer().toMillis(), TimeUnit.MILLISECONDS);
            if (given instanceof Answer.Planned planned) {
                return planned.plan();
            }
            Answer.Refused refused = (Answer.Refused) given;
            throw new GenerationException(refused.reason(), refused.message());
        } catch (TimeoutException | JMSException | ExecutionException e) {
            throw new GenerationException(
                    Reason.NO_MODEL,
                    "worker " + worker.name() + " does not answer within "
                            + settings.answer().toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationException(Reason.NO_MODEL, "interrupted while worker " + worker.name() + " plans", e);
        } finally {
            questions.remove(id);
        }
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** {@return the workers that live, in the order of their names} */
    public List<Announcement> workers() {
        return workers.live();
    }

    /**
     * Tells a worker to take no further order and to end.
     *
     * @param name of one or more workers
     * @throws IllegalArgumentException if no live worker has the name; the message names those that live
     * @throws IOException if the broker is not connected
     */
    public void drain(String name) throws IOException {
        List<String> names = workers().stream().map(Announcement::name).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("no worker has the name " + name + ", there are: "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
        Line now = line;
        try {
            if (now == null) {
                throw new IOException(
                        "the broker is not connected: " + link.problem().orElse("it is being connected"));
            }
            now.sender().tell(Destinations.CONTROL, new Control.Drain(name));
        } catch (JMSException e) {
            throw new IOException("the broker is not connected: " + e.getMessage(), e);
        }
    }

    KnownWorkers known() {
        return workers;
    }

    /** {@return why there is no connection to the broker; empty while there is one} */
    public Optional<String> problem() {
        return link.problem();
    }

    /** {@return whether the broker is connected} */
    public boolean isConnected() {
        return link.isConnected();
    }

    /**
     * Ends the connection. Calls that wait for clips end as cancelled, which is waited for, some seconds at most; the workers go on,
     * and what they make is fetched when it is ordered again.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        link.close();
        try {
            calls.awaitAdvanceInterruptibly(calls.arriveAndDeregister(), CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Calls that wait for clips of workers have not ended after {} s", CLOSE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
