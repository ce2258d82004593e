package org.patchreel.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.broker.host.Host;
import org.patchreel.broker.host.RemoteModels;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.EmbeddedBroker;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.TlsStores;
import org.patchreel.broker.worker.Worker;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

/** One broker, two hosts, three workers and sixty jobs, while workers, hosts and the broker die by lot. */
@Timeout(300)
class FaultDrillTest {

    private static final int JOBS = 60;
    private static final int HOSTS = 2;
    private static final int WORKERS = 3;
    private static final Login WORKER = new Login("worker", "a password of workers");
    private static final Login HOST = new Login("host", "a password of hosts");
    private static final Duration SOON = Duration.ofMillis(50);

    private final Random random = new Random(20301);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Map<String, byte[]> clips = new ConcurrentHashMap<>();
    private final Worker[] workers = new Worker[WORKERS];
    private final Side[] hosts = new Side[HOSTS];

    @TempDir
    private Path folder;

    private int port;
    private EmbeddedBroker broker;
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private int started;

    /** A host's process: what it registered, and which of its jobs it still waits for. */
    private final class Side {
        final Map<String, RemoteModel> registered = new ConcurrentHashMap<>();
        final Semaphore turns = new Semaphore(WORKERS);
        final Host host;
        final RemoteModels models;
        volatile boolean dead;

        Side(int number) throws IOException {
            host = new Host(
                    new Host.Settings(
                            "host" + number,
                            folder.resolve("results" + number),
                            100,
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(5),
                            SOON),
                    () -> connector(HOST).connect(),
                    new MemorySources(),
                    InstantSource.system());
            models = new RemoteModels(
                    host,
                    model -> {
                        registered.put("fake", model);
                        return () -> registered.remove("fake", model);
                    },
                    Duration.ofSeconds(60),
                    0,
                    SOON);
            for (int job = number; job < JOBS; job += HOSTS) {
                String id = "job" + job;
                if (!clips.containsKey(id)) {
                    callers.execute(() -> make(id));
                }
            }
        }

        private void make(String id) {
            try {
                while (!dead && !clips.containsKey(id)) {
                    RemoteModel model = registered.get("fake");
                    if (model == null) {
                        Thread.sleep(20);
                        continue;
                    }
                    turns.acquire();
                    try {
                        Path directory = Files.createTempDirectory(folder, "clip");
                        model.produce(id, order(id), directory, GenerationMonitor.UNWATCHED);
                        if (!dead) {
                            clips.put(id, Files.readAllBytes(directory.resolve("clip.mp4")));
                        }
                    } finally {
                        turns.release();
                    }
                }
            } catch (GenerationCancelledException | InterruptedException e) {
                // the process has died
            } catch (GenerationException | IOException e) {
                failures.add(e);
            }
        }

        void die() {
            dead = true;
            models.close();
            host.close();
        }
    }

    private static int size(String id) {
        return 1000 + Integer.parseInt(id.substring("job".length()));
    }

    private static String order(String id) {
        return "slow " + size(id) + " " + (5 + size(id) % 20);
    }

    private Connector connector(Login login) {
        return Connector.to(List.of(new BrokerAddress(false, "127.0.0.1", port)), TlsStores.NONE, login);
    }

    private EmbeddedBroker startBroker() throws IOException {
        return EmbeddedBroker.start(new EmbeddedBroker.Settings(
                new BrokerAddress(false, "127.0.0.1", port),
                TlsStores.NONE,
                folder.resolve("broker"),
                WORKER,
                Optional.of(HOST),
                32 << 20,
                1 << 30));
    }

    private Worker startWorker() {
        String name = "w" + started++;
        FakeProducer producer = new FakeProducer();
        return new Worker(
                new Worker.Settings(
                        name, folder.resolve(name), SOON, Duration.ofSeconds(1), Duration.ofSeconds(20), SOON),
                () -> connector(WORKER).connect(),
                producer,
                () -> List.<VideoModel>of(new FakeModel("fake")),
                new MemorySources());
    }

    @BeforeEach
    void startABroker() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        broker = startBroker();
    }

    @Test
    void everyJobEndsWithItsOwnClipWhateverDies() throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            workers[i] = startWorker();
        }
        for (int i = 0; i < HOSTS; i++) {
            hosts[i] = new Side(i);
        }
        List<String> faults = new ArrayList<>();
        while (clips.size() < JOBS) {
            assertEquals(List.of(), failures);
            Thread.sleep(100 + random.nextInt(150));
            if (faults.size() < 20) {
                faults.add(fault(random.nextInt(10)));
            }
        }
        assertTrue(faults.size() >= 10, "too few faults: " + faults);
        for (int i = 0; i < JOBS; i++) {
            assertArrayEquals(FakeProducer.clip(size("job" + i)), clips.get("job" + i), "job" + i);
        }
        for (Side host : hosts) {
            host.die();
        }
        for (Worker worker : workers) {
            worker.close();
        }
        broker.close();
        callers.shutdownNow();
    }

    private String fault(int kind) throws IOException, InterruptedException {
        if (kind < 6) {
            int i = random.nextInt(WORKERS);
            workers[i].close();
            workers[i] = startWorker();
            return "worker " + i;
        }
        if (kind < 9) {
            int i = random.nextInt(HOSTS);
            hosts[i].die();
            hosts[i] = new Side(i);
            return "host " + i;
        }
        broker.close();
        Thread.sleep(200);
        broker = startBroker();
        return "broker";
    }
}
