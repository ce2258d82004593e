package org.patchreel.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.broker.host.Host;
import org.patchreel.broker.host.RemoteModels;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.Destinations;
import org.patchreel.broker.jms.EmbeddedBroker;
import org.patchreel.broker.jms.FilePart;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.OrderMessage;
import org.patchreel.broker.jms.TlsStores;
import org.patchreel.broker.wire.Announcement.State;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.broker.wire.Wire;
import org.patchreel.broker.worker.Worker;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;

/** A host and its workers with a real broker between them; what workers make is made up. */
@Timeout(60)
class TransportTest {

    private static final Login WORKER = new Login("worker", "a password of workers");
    private static final Login OTHER_HOST = new Login("other", "a password of hosts");
    private static final Duration SOON = Duration.ofMillis(100);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final MemorySources sources = new MemorySources();
    private final Map<String, RemoteModel> registered = new ConcurrentHashMap<>();
    private Path folder;
    private int port;
    private long storeBytes = 1 << 30;
    private EmbeddedBroker broker;

    @BeforeEach
    void startABroker(@TempDir Path directory) throws IOException {
        folder = directory;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        broker = startBroker();
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        broker.close();
        callers.shutdownNow();
    }

    private EmbeddedBroker startBroker() throws IOException {
        return EmbeddedBroker.start(new EmbeddedBroker.Settings(
                new BrokerAddress(false, "127.0.0.1", port),
                TlsStores.NONE,
                folder.resolve("broker"),
                WORKER,
                Optional.of(OTHER_HOST),
                32 << 20,
                storeBytes));
    }

    private Connector connector(Login login) {
        return Connector.to(List.of(new BrokerAddress(false, "127.0.0.1", port)), TlsStores.NONE, login);
    }

    private Host host(String id) throws IOException {
        Host host = new Host(
                new Host.Settings(
                        id, folder.resolve("results-" + id), 3, Duration.ofSeconds(2), Duration.ofSeconds(5), SOON),
                () -> connector(OTHER_HOST).connect(),
                sources,
                InstantSource.system());
        open.push(host);
        open.push(new RemoteModels(
                host,
                model -> {
                    String name = model.descriptor().name();
                    registered.put(id + " " + name, model);
                    return () -> registered.remove(id + " " + name);
                },
                Duration.ofSeconds(1),
                0,
                Duration.ofMillis(50)));
        return host;
    }

    private Worker worker(String name, FakeProducer producer, String... models) {
        return worker(name, producer, new MemorySources(), models);
    }

    private Worker worker(String name, FakeProducer producer, MemorySources own, String... models) {
        Worker worker = new Worker(
                new Worker.Settings(
                        name, folder.resolve(name), SOON, Duration.ofSeconds(2), Duration.ofSeconds(20), SOON),
                () -> connector(WORKER).connect(),
                producer,
                () -> List.of(models).stream()
                        .<org.patchreel.spi.VideoModel>map(FakeModel::new)
                        .toList(),
                own);
        open.push(worker);
        return worker;
    }

    private RemoteModel model(String host, String name) throws InterruptedException {
        await("model " + name, () -> registered.containsKey(host + " " + name));
        return Objects.requireNonNull(registered.get(host + " " + name));
    }

    private static void await(String what, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!condition.call()) {
                assertTrue(System.nanoTime() < end, what + " does not come");
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What a caller has seen of a clip. */
    private final class Clip implements GenerationMonitor {
        final List<GenerationProgress> progress = new CopyOnWriteArrayList<>();
        final AtomicBoolean cancel = new AtomicBoolean();
        final Path directory;
        final Future<String> produced;

        Clip(RemoteModel model, String id, String order) throws IOException {
            directory = Files.createDirectories(folder.resolve("clips").resolve(id));
            produced = callers.submit(() -> model.produce(id, order, directory, this));
        }

        @Override
        public void progress(GenerationProgress now) {
            progress.add(now);
        }

        @Override
        public boolean cancelled() {
            return cancel.get();
        }

        byte[] bytes() throws Exception {
            produced.get();
            return Files.readAllBytes(directory.resolve("clip.mp4"));
        }

        GenerationException failure() throws InterruptedException {
            ExecutionException failure = assertThrows(ExecutionException.class, produced::get);
            return assertInstanceOf(GenerationException.class, failure.getCause());
        }
    }

    @Test
    void aWorkerMakesAClipOfSeveralPartsAndTellsHowFarItIs() throws Exception {
        host("h1");
        worker("a", new FakeProducer(), "fake");
        int size = 5 * Wire.MAX_PART_BYTES + 17;
        Clip clip = new Clip(model("h1", "fake"), "job1", "clip " + size);
        assertArrayEquals(FakeProducer.clip(size), clip.bytes());
        assertEquals("{\"made\":\"clip " + size + "\"}", clip.produced.get());
        assertEquals(List.of("clip.mp4", "poster.jpg"), FakeProducer.names(clip.directory));
        assertTrue(clip.progress.contains(new GenerationProgress(GenerationProgress.Stage.SAMPLING, 1, 2)));
        assertFalse(Files.exists(folder.resolve("results-h1/job1")), "what has arrived is taken");
        await("an empty folder", () -> FakeProducer.names(folder.resolve("a")).isEmpty());
    }

    @Test
    void aHostKnowsTheModelsOfItsWorkersAsTheyAre() throws Exception {
        Host host = host("h1");
        Worker worker = worker("a", new FakeProducer(), "fake", "other");
        RemoteModel model = model("h1", "fake");
        model("h1", "other");
        assertEquals(Optional.of(FakeModel.CAPABILITIES), model.descriptor().capabilities());
        assertEquals("workers a", model.descriptor().source());
        assertEquals("1 worker: cpu, 2 threads", model.health().device());
        assertEquals(1, model.concurrency());
        ModelTask task = new ModelTask(
                "a ball",
                "",
                new VideoFormat(96, 96, 33, FrameRate.of(8)),
                new SamplingParameters(7, 4, 2.5),
                List.of());
        assertEquals(new FakeModel("fake").plan(task), model.plan(task));
        worker("b", new FakeProducer(), "fake");
        await("the second worker", () -> model.concurrency() == 2);
        assertEquals("workers a, b", model.descriptor().source());
        worker.close();
        await("one worker less", () -> model.concurrency() == 1);
        await("the model of the first alone", () -> !registered.containsKey("h1 other"));
        assertEquals(
                List.of("b"), host.workers().stream().map(each -> each.name()).toList());
    }

    @Test
    void whatAWorkerCannotMakeFailsWithItsReason() throws Exception {
        host("h1");
        worker("a", new FakeProducer(), "fake");
        RemoteModel model = model("h1", "fake");
        GenerationException failure = new Clip(model, "job1", "fail").failure();
        assertEquals(Reason.MEMORY, failure.reason());
        assertEquals("memory ran out (worker a)", failure.getMessage());
        assertEquals(Reason.INTERNAL, new Clip(model, "job2", "crash").failure().reason());
        GenerationException unread = new Clip(model, "job3", "nonsense").failure();
        assertEquals(Reason.UNSUPPORTED, unread.reason());
        assertTrue(unread.getMessage().contains("no order: nonsense"), unread.getMessage());
        new Clip(model, "job4", "clip 10").bytes();
    }

    @Test
    void anotherWorkerFinishesWhatOneBeganWhoseConnectionIsLost() throws Exception {
        host("h1");
        FakeProducer first = new FakeProducer();
        Worker dying = worker("a", first, "fake");
        Clip clip = new Clip(model("h1", "fake"), "job1", "wait");
        await("the first", () -> !first.begun.isEmpty());
        FakeProducer second = new FakeProducer();
        second.release();
        worker("b", second, "fake");
        dying.close();
        assertArrayEquals(FakeProducer.clip(1000), clip.bytes());
        assertEquals(List.of("wait"), List.copyOf(second.begun));
    }

    @Test
    void aJobThatThreeWorkersHaveLostFails() throws Exception {
        Host host = host("h1");
        Worker planning = worker("w", new FakeProducer(), "fake");
        RemoteModel model = model("h1", "fake");
        planning.close();
        Clip clip = new Clip(model, "job1", "wait");
        for (int i = 0; i < 3; i++) {
            FakeProducer producer = new FakeProducer();
            Worker worker = worker("w" + i, producer, "fake");
            await("worker " + i, () -> !producer.begun.isEmpty());
            worker.close();
        }
        GenerationException failure = clip.failure();
        assertEquals(Reason.INTERNAL, failure.reason());
        assertEquals(
                "generation job1 was begun 3 times and none of the workers has finished it; the last was w2",
                failure.getMessage());
        FakeProducer later = new FakeProducer();
        worker("w3", later, "fake");
        await("the next worker", () -> !host.workers().isEmpty());
        Clip next = new Clip(model("h1", "fake"), "job2", "clip 10");
        next.bytes();
        assertEquals(List.of("clip 10"), List.copyOf(later.begun), "the order of the failed job is taken back");
    }

    @Test
    void aCancelledJobStopsItsWorkerAndOneThatWaitsIsTakenBack() throws Exception {
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        RemoteModel model = model("h1", "fake");
        Clip running = new Clip(model, "job1", "wait");
        await("the first", () -> !producer.begun.isEmpty());
        Clip waiting = new Clip(model, "job2", "clip 10");
        Thread.sleep(200);
        waiting.cancel.set(true);
        running.cancel.set(true);
        for (Clip clip : List.of(running, waiting)) {
            ExecutionException end = assertThrows(ExecutionException.class, clip.produced::get);
            assertTrue(end.getCause() instanceof GenerationCancelledException, String.valueOf(end.getCause()));
        }
        await("the worker", () -> producer.cancelled.contains("wait"));
        new Clip(model, "job3", "clip 20").bytes();
        assertEquals(List.of("wait", "clip 20"), List.copyOf(producer.begun));
    }

    @Test
    void aDrainedWorkerFinishesItsJobAndTakesNoOther() throws Exception {
        Host host = host("h1");
        FakeProducer producer = new FakeProducer();
        Worker worker = worker("a", producer, "fake");
        RemoteModel model = model("h1", "fake");
        Clip clip = new Clip(model, "job1", "wait");
        await("the job", () -> !producer.begun.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> host.drain("b"));
        host.drain("a");
        await("draining", () -> host.workers().get(0).state() == State.DRAINING);
        assertEquals(0, model.concurrency());
        producer.release();
        clip.bytes();
        worker.awaitEnd();
        await("its end", () -> host.workers().isEmpty());
    }

    @Test
    void aWorkerWithoutTimeGivesItsOrderBackAndThatIsNoTry() throws Exception {
        host("h1");
        Worker planning = worker("w", new FakeProducer(), "fake");
        RemoteModel model = model("h1", "fake");
        planning.close();
        Clip clip = new Clip(model, "job1", "wait");
        for (int i = 0; i < 4; i++) {
            FakeProducer producer = new FakeProducer();
            Worker worker = worker("w" + i, producer, "fake");
            await("worker " + i, () -> !producer.begun.isEmpty());
            worker.drain(Duration.ofMillis(50));
            worker.close();
        }
        FakeProducer last = new FakeProducer();
        last.release();
        worker("last", last, "fake");
        assertArrayEquals(FakeProducer.clip(1000), clip.bytes());
    }

    @Test
    void aWorkerFetchesASourceOnceAndChecksIt() throws Exception {
        host("h1");
        byte[] picture = FakeProducer.clip(2 * Wire.MAX_PART_BYTES);
        String digest = MemorySources.sha256(picture);
        sources.files.put(digest, picture);
        MemorySources own = new MemorySources();
        worker("a", new FakeProducer(), own, "fake");
        RemoteModel model = model("h1", "fake");
        new Clip(model, "job1", "source " + digest).bytes();
        assertArrayEquals(picture, own.files.get(digest));
        sources.files.remove(digest);
        new Clip(model, "job2", "source " + digest).bytes();

        String unknown = MemorySources.sha256(new byte[1]);
        GenerationException missing = new Clip(model, "job3", "source " + unknown).failure();
        assertTrue(missing.getMessage().contains("the host has no source " + unknown), missing.getMessage());
        sources.files.put(unknown, new byte[] {1, 2});
        GenerationException wrong = new Clip(model, "job4", "source " + unknown).failure();
        assertTrue(wrong.getMessage().contains("it arrived with the SHA-256"), wrong.getMessage());
    }

    @Test
    void twoHostsGetTheirOwnClips() throws Exception {
        host("h1");
        host("h2");
        worker("a", new FakeProducer(), "fake");
        worker("b", new FakeProducer(), "fake");
        List<Clip> clips = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clips.add(new Clip(model("h" + (1 + i % 2), "fake"), "job" + i, "clip " + (100 + i)));
        }
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(FakeProducer.clip(100 + i), clips.get(i).bytes());
        }
    }

    @Test
    void aBrokerThatStopsAndStartsAgainLosesNothing() throws Exception {
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        RemoteModel model = model("h1", "fake");
        Clip running = new Clip(model, "job1", "wait");
        await("the first", () -> !producer.begun.isEmpty());
        Clip waiting = new Clip(model, "job2", "clip 10");
        Thread.sleep(300);
        broker.close();
        Clip meanwhile = new Clip(model, "job3", "clip 20");
        Thread.sleep(300);
        producer.release();
        broker = startBroker();
        assertArrayEquals(FakeProducer.clip(1000), running.bytes());
        assertArrayEquals(FakeProducer.clip(10), waiting.bytes());
        assertArrayEquals(FakeProducer.clip(20), meanwhile.bytes());
    }

    @Test
    void aBrokerThatIsDownAtTheStartIsTriedUntilItIsThere() throws Exception {
        broker.close();
        Host host = host("h1");
        worker("a", new FakeProducer(), "fake");
        await("a problem", () -> host.problem().isPresent());
        assertFalse(host.isConnected());
        broker = startBroker();
        new Clip(model("h1", "fake"), "job1", "clip 10").bytes();
        assertEquals(Optional.empty(), host.problem());
    }

    @Test
    void aHostThatWasKilledGetsWhatWasMadeMeanwhile() throws Exception {
        Host first = host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        Clip lost = new Clip(model("h1", "fake"), "job1", "wait");
        await("the job", () -> !producer.begun.isEmpty());
        first.close();
        assertThrows(ExecutionException.class, lost.produced::get);
        producer.release();
        Thread.sleep(500);
        registered.clear();
        host("h1");
        RemoteModel model = model("h1", "fake");
        await("the clip", () -> Files.isDirectory(folder.resolve("results-h1/job1")));
        assertArrayEquals(FakeProducer.clip(1000), new Clip(model, "job1", "wait").bytes());
        assertEquals(List.of("wait"), List.copyOf(producer.begun), "it is not made again");
    }

    private interface Use {
        void of(Session session) throws JMSException;
    }

    private void as(Login login, Use use) throws JMSException, IOException {
        Connection connection = connector(login).connect();
        try {
            connection.start();
            use.of(connection.createSession(false, Session.AUTO_ACKNOWLEDGE));
        } finally {
            connection.close();
        }
    }

    private static void send(Session session, Destination destination, Message message) throws JMSException {
        session.createProducer(destination).send(message);
    }

    @Test
    void nobodyIsLetInWithAWrongPasswordOrToWhatIsNotHis() throws Exception {
        JMSException refused = assertThrows(
                JMSException.class,
                () -> connector(new Login("worker", "wrong")).connect());
        assertTrue(refused.toString().contains("password is invalid"), refused.toString());
        assertThrows(JMSException.class, () -> connector(new Login("", "")).connect());
        List<Destination> forbidden = List.of(
                Destinations.ORDERS,
                Destinations.CONTROL,
                Destinations.workerInbox("other"),
                Destinations.results("x"));
        for (Destination destination : forbidden.subList(0, 3)) {
            assertThrows(
                    JMSException.class,
                    () -> as(WORKER, session -> send(session, destination, session.createTextMessage("x"))));
        }
        assertThrows(
                JMSException.class, () -> as(WORKER, session -> session.createConsumer(Destinations.results("h1"))));
        assertThrows(
                JMSException.class,
                () -> as(OTHER_HOST, session -> send(session, Destinations.WORKERS, session.createTextMessage("x"))));
        assertThrows(
                JMSException.class,
                () -> as(OTHER_HOST, session -> session.createConsumer(session.createQueue("another"))));
    }

    @Test
    void messagesThatAreNoneAreRefusedAndTheOthersGoOn() throws Exception {
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        RemoteModel model = model("h1", "fake");
        Clip clip = new Clip(model, "job1", "wait");
        await("the job", () -> !producer.begun.isEmpty());
        Attempt.Of of = new Attempt.Of("job1", "attempt1", "worker1", "x");
        as(WORKER, session -> {
            Destination results = Destinations.results("h1");
            for (String text : List.of(
                    "",
                    "{",
                    "[]",
                    "{\"version\":2,\"type\":\"finished\"}",
                    "{\"version\":1,\"type\":\"paint\"}",
                    "{\"version\":1,\"type\":\"finished\",\"job\":\"../x\"}",
                    new Attempt.Finished(of, "{}", List.of(new Attempt.File("clip.mp4", 3, "0".repeat(64)))).text(),
                    "[".repeat(100_000))) {
                send(session, results, session.createTextMessage(text));
                send(session, Destinations.WORKERS, session.createTextMessage(text));
                send(session, Destinations.PROGRESS, session.createTextMessage(text));
                send(session, Destinations.hostInbox("h1"), session.createTextMessage(text));
            }
            send(session, results, session.createTextMessage("x".repeat(Wire.MAX_TEXT + 1)));
            send(session, results, session.createMapMessage());
            send(session, results, session.createObjectMessage("an object"));
            send(session, results, session.createBytesMessage());
            for (String file : List.of("../../clip.mp4", "passwd", "finished.json")) {
                send(session, results, new FilePart("job1", "attempt1", file, 0, true, new byte[1]).write(session));
            }
            send(session, results, new FilePart("job1", "attempt1", "clip.mp4", 7, true, new byte[1]).write(session));
            BytesMessage large = new FilePart("job1", "attempt1", "clip.mp4", 0, true, new byte[1]).write(session);
            large.writeBytes(new byte[Wire.MAX_PART_BYTES]);
            send(session, results, large);
        });
        assertThrows(
                JMSException.class,
                () -> as(
                        WORKER,
                        session -> send(
                                session,
                                Destinations.results("h1"),
                                session.createTextMessage("x".repeat(Wire.MAX_FRAME_BYTES)))));
        as(OTHER_HOST, session -> {
            send(session, Destinations.ORDERS, session.createTextMessage("an order of nobody"));
            send(session, Destinations.CONTROL, session.createTextMessage("{}"));
        });
        Thread.sleep(300);
        producer.release();
        assertArrayEquals(FakeProducer.clip(1000), clip.bytes());
        assertEquals(List.of("wait"), List.copyOf(producer.begun));
        assertFalse(Files.exists(folder.resolve("clip.mp4")));
    }

    @Test
    void anOrderOfANewerVersionFailsItsJob() throws Exception {
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        RemoteModel model = model("h1", "fake");
        Clip busy = new Clip(model, "job0", "wait");
        await("the job", () -> !producer.begun.isEmpty());
        Clip clip = new Clip(model, "job1", "clip 10");
        Thread.sleep(200);
        as(OTHER_HOST, session -> {
            Message newer = new OrderMessage("job1", "fake", "h1", "clip 10").write(session);
            newer.clearProperties();
            newer.setIntProperty("version", 2);
            newer.setStringProperty("job", "job1");
            newer.setStringProperty("host", "h1");
            newer.setStringProperty("model", "fake");
            try (var waiting = session.createConsumer(Destinations.ORDERS, "job = 'job1'")) {
                assertTrue(waiting.receive(5000) != null, "the order waits");
            }
            send(session, Destinations.ORDERS, newer);
        });
        producer.release();
        busy.bytes();
        GenerationException failure = clip.failure();
        assertEquals(Reason.UNSUPPORTED, failure.reason());
        assertEquals("an order of version 2, version 1 is read (worker a)", failure.getMessage());
    }

    @Test
    void aClipThatArrivesDamagedIsMadeAgain() throws Exception {
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        Clip clip = new Clip(model("h1", "fake"), "job1", "wait");
        await("the job", () -> !producer.begun.isEmpty());
        as(WORKER, session -> {
            Attempt.Of of = new Attempt.Of("job1", "attempt1", "worker1", "x");
            send(
                    session,
                    Destinations.results("h1"),
                    new FilePart("job1", "attempt1", "clip.mp4", 0, true, new byte[3]).write(session));
            send(
                    session,
                    Destinations.results("h1"),
                    session.createTextMessage(new Attempt.Finished(
                                    of, "{}", List.of(new Attempt.File("clip.mp4", 3, "0".repeat(64))))
                            .text()));
        });
        Thread.sleep(300);
        assertFalse(clip.produced.isDone());
        producer.release();
        assertArrayEquals(FakeProducer.clip(1000), clip.bytes());
    }

    @Test
    void aClipOfWhichAKilledHostHasTakenAPartIsMadeAgain() throws Exception {
        Path attempt = Files.createDirectories(folder.resolve("results-h1/job1/attempt1"));
        Files.write(attempt.resolve("poster.jpg"), new byte[0]);
        String digest = MemorySources.sha256(FakeProducer.clip(10));
        Files.writeString(
                attempt.resolve("finished.json"),
                new Attempt.Finished(
                                new Attempt.Of("job1", "attempt1", "worker1", "x"),
                                "{}",
                                List.of(
                                        new Attempt.File("clip.mp4", 10, digest),
                                        new Attempt.File("poster.jpg", 0, MemorySources.sha256(new byte[0]))))
                        .text());
        host("h1");
        FakeProducer producer = new FakeProducer();
        worker("a", producer, "fake");
        assertArrayEquals(FakeProducer.clip(20), new Clip(model("h1", "fake"), "job1", "clip 20").bytes());
        assertFalse(Files.exists(folder.resolve("results-h1/job1")));
    }

    @Test
    void aWorkerDeletesWhatAKilledOneHasLeft() throws Exception {
        Path left = Files.createDirectories(folder.resolve("a/attempt1"));
        Files.write(left.resolve("clip.mp4"), new byte[3]);
        worker("a", new FakeProducer(), "fake");
        await("an empty folder", () -> FakeProducer.names(folder.resolve("a")).isEmpty());
    }

    @Test
    void aBrokerWithoutRoomHoldsOrdersAndClipsUpAndLosesNone() throws Exception {
        broker.close();
        storeBytes = 40 << 20;
        broker = startBroker();
        host("h1");
        FakeProducer first = new FakeProducer();
        worker("a", first, "fake");
        RemoteModel model = model("h1", "fake");
        Clip made = new Clip(model, "job1", "wait");
        await("the job", () -> !first.begun.isEmpty());
        FakeProducer second = new FakeProducer();
        worker("b", second, "fake");
        await("the other worker", () -> model.concurrency() == 2);
        as(WORKER, session -> {
            Destination others = Destinations.results("others");
            assertThrows(ResourceAllocationException.class, () -> {
                while (true) {
                    BytesMessage part = session.createBytesMessage();
                    part.writeBytes(new byte[Wire.MAX_PART_BYTES]);
                    send(session, others, part);
                }
            });
        });
        first.release();
        Clip ordered = new Clip(model, "job2", "clip 10");
        Thread.sleep(1000);
        assertFalse(made.produced.isDone());
        assertFalse(ordered.produced.isDone());
        as(OTHER_HOST, session -> {
            try (var others = session.createConsumer(Destinations.results("others"))) {
                while (others.receive(500) != null) {}
            }
        });
        assertArrayEquals(FakeProducer.clip(1000), made.bytes());
        assertArrayEquals(FakeProducer.clip(10), ordered.bytes());
        List<String> begun = new ArrayList<>(first.begun);
        begun.addAll(second.begun);
        Collections.sort(begun);
        assertEquals(List.of("clip 10", "wait"), begun, "nobody makes a clip again that is made");
    }

    @Test
    void twoBrokersDoNotShareAFolder() {
        port = 0;
        IOException refused = assertThrows(IOException.class, this::startBroker);
        assertTrue(refused.toString().contains("lock"), refused.toString());
    }
}
