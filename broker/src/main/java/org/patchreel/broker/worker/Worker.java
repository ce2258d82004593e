package org.patchreel.broker.worker;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.activemq.command.ActiveMQDestination;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.broker.jms.Destinations;
import org.patchreel.broker.jms.FilePart;
import org.patchreel.broker.jms.Link;
import org.patchreel.broker.jms.OrderMessage;
import org.patchreel.broker.jms.Sender;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Announcement.State;
import org.patchreel.broker.wire.Answer;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.broker.wire.Control;
import org.patchreel.broker.wire.Question;
import org.patchreel.broker.wire.WireException;
import org.patchreel.broker.wire.WireMessage;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.OrderProducer;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes orders for the models of this machine, one after the other, makes the clips and sends them to the hosts that have ordered
 * them. An order stays with the broker until its clip is sent: if this process dies, another worker gets it.
 */
public final class Worker implements Link.Peer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private static final int POLL_MILLIS = 500;
    private static final int PAUSE_MILLIS = 100;

    /**
     * How a worker works.
     *
     * @param name by which people know it
     * @param folder for the files of the clip that is being made, of no other process; what a killed one has left there is deleted
     * @param announcing how often it tells of itself
     * @param answer how long to wait for an answer of a host
     * @param sending how long to try to send a clip that is made while the broker is away
     * @param retry how long to wait before the broker is tried again
     */
    public record Settings(
            String name, Path folder, Duration announcing, Duration answer, Duration sending, Duration retry) {}

    private final Settings settings;
    private final OrderProducer producer;
    private final Supplier<List<VideoModel>> models;
    private final SourceStore sources;
    private final String id = newId();
    private final Link link;
    private final Thread thread;
    private final ScheduledExecutorService announcing;
    private final Map<String, CompletableFuture<FilePart>> questions = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Whether it was told that this worker is gone. Guarded by this. */
    private boolean gone;

    private volatile boolean draining;
    private volatile boolean closed;
    private volatile Optional<Double> framesPerSecond = Optional.empty();
    private volatile @Nullable Line line;
    private volatile @Nullable RunningOrder running;

    /** What belongs to one connection. The session of the orders is transacted, and of the thread that takes orders. */
    private static final class Line {
        final Connection connection;
        final Sender sender;
        final Session orders;
        String selector = "";

        @Nullable
        MessageConsumer consumer;

        Line(Connection connection) throws JMSException {
            this.connection = connection;
            sender = new Sender(connection);
            orders = connection.createSession(true, Session.SESSION_TRANSACTED);
        }
    }

    /**
     * Begins to connect and to take orders.
     *
     * @param settings how it works
     * @param opening opens connections
     * @param producer makes the clips
     * @param models of this machine, asked again and again
     * @param sources keeps the pictures and clips that orders are made of
     */
    public Worker(
            Settings settings,
            Link.Opening opening,
            OrderProducer producer,
            Supplier<List<VideoModel>> models,
            SourceStore sources) {
        this.settings = settings;
        this.producer = producer;
        this.models = models;
        this.sources = sources;
        link = new Link("patchreel-broker", opening, this, settings.retry());
        thread = new Thread(this::run, "patchreel-worker");
        thread.setDaemon(true);
        thread.setContextClassLoader(Worker.class.getClassLoader());
        thread.start();
        announcing = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread announcer = new Thread(task, "patchreel-announcer");
            announcer.setDaemon(true);
            return announcer;
        });
        long period = settings.announcing().toMillis();
        Future<?> unused = announcing.scheduleWithFixedDelay(this::announce, 0, period, TimeUnit.MILLISECONDS);
    }

    private static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public void connected(Connection connection) throws JMSException {
        Line now = new Line(connection);
        listen(connection, Destinations.CONTROL, message -> onControl(read(message, Control.class)));
        listen(connection, Destinations.workerInbox(id), this::onInbox);
        line = now;
    }

    @Override
    public void disconnected() {
        line = null;
    }

    private interface Handling {
        void handle(Message message) throws JMSException, WireException;
    }

    private void listen(Connection connection, ActiveMQDestination destination, Handling handling) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        session.createConsumer(destination).setMessageListener(message -> {
            try {
                handling.handle(message);
            } catch (WireException e) {
                LOG.warn("A message in {} is refused: {}", destination.getPhysicalName(), e.getMessage());
            } catch (JMSException e) {
                LOG.debug("A message in {} was lost with the connection", destination.getPhysicalName(), e);
            } catch (RuntimeException e) {
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

    private void onControl(Control control) {
        RunningOrder order = running;
        if (control instanceof Control.Cancel cancel) {
            if (order != null && order.of().job().equals(cancel.job())) {
                order.cancel();
            }
        } else if (control instanceof Control.Drain drain) {
            if (drain.name().equals(settings.name())) {
                LOG.info("A host asks this worker to drain");
                drain();
            }
        } else if (control instanceof Control.Go go) {
            if (order != null && order.of().attempt().equals(go.attempt())) {
                order.permission().complete(true);
            }
        } else if (control instanceof Control.Stop stop) {
            if (order != null && order.of().attempt().equals(stop.attempt())) {
                order.cancel();
            }
        }
    }

    private void onInbox(Message message) throws JMSException, WireException {
        if (message instanceof BytesMessage bytes) {
            FilePart part = FilePart.read(bytes);
            CompletableFuture<FilePart> waiting = questions.remove(part.subject());
            if (waiting != null) {
                waiting.complete(part);
            }
            return;
        }
        WireMessage read = read(message, WireMessage.class);
        if (read instanceof Control control) {
            onControl(control);
        } else if (read instanceof Question.Plan plan) {
            answer(plan);
        } else if (read instanceof Answer.Refused refused) {
            CompletableFuture<FilePart> waiting = questions.remove(refused.id());
            if (waiting != null) {
                waiting.completeExceptionally(new IOException(refused.message()));
            }
        } else {
            throw new WireException("a message of the type " + read.type() + " does not belong here");
        }
    }

    private void answer(Question.Plan question) throws JMSException {
        Answer answer;
        try {
            VideoModel model = models.get().stream()
                    .filter(each -> each.descriptor().name().equals(question.model()))
                    .findFirst()
                    .orElseThrow(() -> new GenerationException(
                            Reason.NO_MODEL, "worker " + settings.name() + " has no model " + question.model()));
            answer = new Answer.Planned(question.id(), model.plan(question.task()));
        } catch (GenerationException e) {
            answer = new Answer.Refused(question.id(), e.reason(), e.getMessage());
        } catch (RuntimeException e) {
            answer = new Answer.Refused(question.id(), Reason.INTERNAL, String.valueOf(e.getMessage()));
        }
        Line now = line;
        if (now != null) {
            now.sender.tell(Destinations.hostInbox(question.from()), answer);
        }
    }

    private void announce() {
        try {
            tell(state());
        } catch (RuntimeException e) {
            LOG.warn("This worker cannot tell of itself", e);
        }
    }

    private State state() {
        if (draining) {
            return State.DRAINING;
        }
        return running == null ? State.IDLE : State.BUSY;
    }

    /** Tells how it is, and nothing after it is gone: a host would take it for alive. */
    private synchronized void tell(State state) {
        if (gone) {
            return;
        }
        gone = state == State.GONE;
        Line now = line;
        if (now == null) {
            return;
        }
        RunningOrder order = running;
        Announcement announcement = new Announcement(
                id,
                settings.name(),
                state,
                models.get().stream()
                        .map(model -> new Announcement.Model(model.descriptor(), model.health()))
                        .toList(),
                FreeMemory.bytes(),
                framesPerSecond,
                Optional.ofNullable(order).map(running -> running.of().job()));
        try {
            now.sender.tell(Destinations.WORKERS, announcement);
        } catch (JMSException e) {
            LOG.debug("This worker cannot tell of itself", e);
        }
    }

    private void run() {
        deleteLeft();
        try {
            while (!draining && !closed) {
                Line now = line;
                if (now == null || !link.isConnected()) {
                    pause();
                    continue;
                }
                try {
                    takeOne(now);
                } catch (JMSException e) {
                    LOG.debug("The connection was lost while an order was waited for", e);
                    line = null;
                    link.renew();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The worker is interrupted", e);
        } finally {
            tell(State.GONE);
            ended.countDown();
        }
    }

    private void deleteLeft() {
        if (!Files.isDirectory(settings.folder())) {
            return;
        }
        try (Stream<Path> left = Files.list(settings.folder())) {
            left.filter(Files::isDirectory).forEach(Worker::delete);
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", settings.folder(), e.getMessage());
        }
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }

    private void takeOne(Line now) throws JMSException, InterruptedException {
        List<String> names = models.get().stream()
                .map(model -> model.descriptor().name())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            pause();
            return;
        }
        String selector = OrderMessage.selector(names);
        if (now.consumer == null || !selector.equals(now.selector)) {
            if (now.consumer != null) {
                now.consumer.close();
            }
            now.consumer = now.orders.createConsumer(Destinations.prefetching(Destinations.ORDERS, 0), selector);
            now.selector = selector;
        }
        Message message = now.consumer.receive(POLL_MILLIS);
        if (message == null) {
            return;
        }
        OrderMessage order;
        try {
            order = OrderMessage.read(message);
        } catch (WireException e) {
            refuse(now, message, e);
            return;
        }
        try {
            carryOut(now, order);
        } finally {
            running = null;
            announce();
        }
    }

    /** Tells the host that its order cannot be read; another worker could not read it either. */
    private void refuse(Line now, Message message, WireException refusal) throws JMSException {
        LOG.warn("An order is refused: {}", refusal.getMessage());
        Optional<OrderMessage.Sender> sender = OrderMessage.sender(message);
        if (sender.isPresent()) {
            Attempt.Of of = new Attempt.Of(sender.get().job(), newId(), id, settings.name());
            send(
                    now.orders,
                    Destinations.results(sender.get().host()),
                    new Attempt.Failed(of, Reason.UNSUPPORTED, refusal.getMessage()));
        }
        now.orders.commit();
    }

    private static void send(Session session, ActiveMQDestination destination, WireMessage message)
            throws JMSException {
        try (MessageProducer sender = session.createProducer(destination)) {
            sender.setDeliveryMode(DeliveryMode.PERSISTENT);
            sender.send(session.createTextMessage(message.text()));
        }
    }

    private void carryOut(Line now, OrderMessage order) throws JMSException, InterruptedException {
        Attempt.Of of = new Attempt.Of(order.job(), newId(), id, settings.name());
        RunningOrder taken = new RunningOrder(of, progress -> tellProgress(of, progress));
        running = taken;
        ActiveMQDestination results = Destinations.results(order.host());
        now.sender.keep(results, new Attempt.Started(of));
        announce();
        if (!mayBegin(taken)) {
            LOG.info("Generation {} is not needed any more", order.job());
            now.orders.commit();
            return;
        }
        LOG.info("Generation {} begins", order.job());
        Path directory = settings.folder().resolve(of.attempt());
        try {
            Files.createDirectories(directory);
            long begin = System.nanoTime();
            String produced = produce(order, taken, directory);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (taken.frames() > 0) {
                framesPerSecond = Optional.of(taken.frames() / seconds);
            }
            finish(now, results, of, produced, directory);
            LOG.info("Generation {} is made", order.job());
        } catch (GenerationCancelledException e) {
            end(now, taken, results);
        } catch (GenerationException e) {
            if (taken.cancelled()) {
                end(now, taken, results);
            } else {
                LOG.warn(
                        "Generation {} failed ({}): {}", order.job(), e.reason().label(), e.getMessage());
                fail(now, results, new Attempt.Failed(of, e.reason(), e.getMessage()));
            }
        } catch (IOException e) {
            LOG.warn("Generation {} failed: {}", order.job(), e.getMessage());
            fail(now, results, new Attempt.Failed(of, Reason.STORAGE, String.valueOf(e.getMessage())));
        } finally {
            delete(directory);
        }
    }

    private void tellProgress(Attempt.Of of, GenerationProgress progress) {
        Line now = line;
        if (now != null) {
            try {
                now.sender.tell(Destinations.PROGRESS, new Attempt.Progress(of, progress));
            } catch (JMSException e) {
                LOG.debug("Progress of generation {} cannot be told", of.job(), e);
            }
        }
    }

    /** Waits for the host's answer. A host that is away does not hold a worker up: what it makes is kept by the broker. */
    private boolean mayBegin(RunningOrder taken) throws InterruptedException {
        try {
            return taken.permission().get(settings.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info(
                    "The host does not answer, generation {} begins", taken.of().job());
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private String produce(OrderMessage order, RunningOrder taken, Path directory)
            throws GenerationException, GenerationCancelledException {
        try {
            List<Media.Upload> needed = producer.sources(order.text());
            Set<String> digests = needed.stream().map(Media.Upload::sha256).collect(Collectors.toSet());
            for (Media.Upload source : needed) {
                fetch(order, taken, source, digests);
            }
            return producer.produce(order.text(), directory, taken);
        } catch (IllegalArgumentException e) {
            throw new GenerationException(Reason.UNSUPPORTED, "the order cannot be carried out: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            LOG.warn("Generation {} failed within", order.job(), e);
            throw new GenerationException(Reason.INTERNAL, "the worker failed: " + e, e);
        }
    }

    private void fetch(OrderMessage order, RunningOrder taken, Media.Upload source, Set<String> needed)
            throws GenerationException {
        try {
            if (sources.contains(source.sha256())) {
                return;
            }
            SourceFetch content = new SourceFetch(
                    (sha256, offset) -> ask(order.host(), sha256, offset), source.sha256(), taken::cancelled);
            Media.Upload kept = sources.putCopy(content, source.name(), needed);
            if (!kept.sha256().equals(source.sha256())) {
                throw new IOException("it arrived with the SHA-256 " + kept.sha256());
            }
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.STORAGE,
                    "source " + source.name() + " (SHA-256 " + source.sha256() + ") cannot be fetched: "
                            + e.getMessage(),
                    e);
        }
    }

    private FilePart ask(String host, String sha256, long offset) throws IOException {
        String question = newId();
        CompletableFuture<FilePart> answer = new CompletableFuture<>();
        questions.put(question, answer);
        try {
            Line now = line;
            if (now == null) {
                throw new IOException("the broker is not connected");
            }
            now.sender.tell(Destinations.hostInbox(host), new Question.Source(question, id, sha256, offset));
            return answer.get(2 * settings.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (JMSException e) {
            throw new IOException("the broker is not connected: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the host does not answer", e);
        } catch (ExecutionException e) {
            throw new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            questions.remove(question);
        }
    }

    /**
     * Sends the clip. The last message and the acknowledgement of the order are one transaction. If the connection was lost meanwhile,
     * the order has gone to another worker, but the clip is made: it is sent over the next connection, and the host stops the other.
     * A broker without room is tried again with the same one.
     */
    private void finish(Line began, ActiveMQDestination results, Attempt.Of of, String produced, Path directory)
            throws JMSException, IOException, InterruptedException {
        long end = System.nanoTime() + settings.sending().toNanos();
        boolean told = false;
        while (true) {
            Line now = line;
            long wait = PAUSE_MILLIS;
            try {
                if (now != null && link.isConnected()) {
                    try (Session session = now.connection.createSession(true, Session.SESSION_TRANSACTED)) {
                        Attempt.Finished finished =
                                new Attempt.Finished(of, produced, MadeFiles.send(session, results, of, directory));
                        Session last = now == began ? now.orders : session;
                        send(last, results, finished);
                        last.commit();
                    }
                    return;
                }
            } catch (ResourceAllocationException e) {
                if (!told) {
                    told = true;
                    LOG.warn("The broker has no room for the clip {}: {}", of.job(), e.getMessage());
                }
                wait = settings.retry().toMillis();
            } catch (JMSException e) {
                LOG.warn("The clip {} could not be sent: {}", of.job(), e.getMessage());
                wait = settings.retry().toMillis();
                if (now == began) {
                    // its order cannot be acknowledged any more
                    line = null;
                    link.renew();
                }
            }
            if (System.nanoTime() > end || closed) {
                throw new JMSException("the broker was away for " + settings.sending());
            }
            TimeUnit.MILLISECONDS.sleep(wait);
        }
    }

    private void fail(Line began, ActiveMQDestination results, Attempt.Failed failure) throws JMSException {
        send(began.orders, results, failure);
        began.orders.commit();
    }

    /** Ends an order that is not carried out: given back if another worker shall, else dropped. */
    private void end(Line began, RunningOrder taken, ActiveMQDestination results) throws JMSException {
        if (taken.isCancelled()) {
            LOG.info("Generation {} is cancelled", taken.of().job());
            began.orders.commit();
        } else if (closed) {
            LOG.info("Generation {} is left to another worker", taken.of().job());
        } else {
            LOG.info("Generation {} is given back: this worker ends", taken.of().job());
            began.sender.keep(results, new Attempt.Returned(taken.of()));
            began.orders.rollback();
            // the client would keep it for its next consumer
            began.orders.close();
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", directory, e.getMessage());
        }
    }

    /** {@return why there is no connection to the broker; empty while there is one} */
    public Optional<String> problem() {
        return link.problem();
    }

    /** {@return whether the broker is connected} */
    public boolean isConnected() {
        return link.isConnected();
    }

    /** Takes no further order; what is being made is finished. */
    public void drain() {
        draining = true;
        announce();
    }

    /** {@return whether the worker has drained} */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /**
     * Waits until the worker has drained.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Takes no further order, and gives back what is not finished in time.
     *
     * @param patience how long the running order may take
     * @throws InterruptedException if the thread is interrupted
     */
    public void drain(Duration patience) throws InterruptedException {
        drain();
        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            RunningOrder order = running;
            if (order != null) {
                order.abandon();
            }
            ended.await(settings.sending().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Ends at once, as if the process had died: the broker gives an order that is being carried out to another worker, and the try
     * counts.
     */
    @Override
    public void close() {
        closed = true;
        draining = true;
        announcing.shutdownNow();
        // first: an order that is abandoned is given back over a connection that is open
        link.close();
        RunningOrder order = running;
        if (order != null) {
            order.abandon();
        }
        thread.interrupt();
    }
}
