package org.patchreel.broker;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.patchreel.broker.host.Host;
import org.patchreel.broker.host.RemoteModels;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.EmbeddedBroker;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.TlsStores;
import org.patchreel.broker.worker.Worker;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

/**
 * Measures what the way to workers and back costs: {@code java -cp ... org.patchreel.broker.WorkersMeasurement FOLDER}, with a folder on
 * the disk to measure. Workers sleep in place of a GPU, and send clips of 200 kB. Nothing is asserted.
 */
final class WorkersMeasurement {

    private static final Login WORKER = new Login("worker", "a password of workers");
    private static final int CLIP_BYTES = 200_000;
    private static final int JOBS = 60;
    private static final int CENTISECONDS = 50;
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final Map<String, RemoteModel> registered = new ConcurrentHashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Path folder;
    private final int port;
    private final EmbeddedBroker broker;
    private int jobs;

    private WorkersMeasurement(Path folder) throws Exception {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        broker = EmbeddedBroker.start(new EmbeddedBroker.Settings(
                new BrokerAddress(false, "127.0.0.1", port),
                TlsStores.NONE,
                folder.resolve("broker"),
                WORKER,
                Optional.empty(),
                64 << 20,
                1 << 30));
    }

    public static void main(String[] arguments) throws Exception {
        new WorkersMeasurement(Files.createTempDirectory(Path.of(arguments[0]), "workers")).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Host host = new Host(
                new Host.Settings(
                        "h1", folder.resolve("results"), 3, Duration.ofSeconds(15), Duration.ofSeconds(10), RETRY),
                () -> broker.connector().connect(),
                new MemorySources(),
                InstantSource.system());
        RemoteModels models = new RemoteModels(
                host,
                model -> {
                    registered.put("fake", model);
                    return () -> registered.remove("fake");
                },
                Duration.ofSeconds(60),
                0,
                Duration.ofMillis(100));
        startWorker();
        await(1);
        measure("warm", 1, 100, 0);
        overhead();
        double one = measure("one worker", 1, JOBS, CENTISECONDS);
        startWorker();
        await(2);
        double two = measure("two workers", 2, JOBS, CENTISECONDS);
        System.out.printf(Locale.ROOT, "two workers make %.2f times as many jobs as one%n", one / two);
        workers.forEach(Worker::close);
        models.close();
        host.close();
        broker.close();
    }

    private void startWorker() {
        String name = "w" + workers.size();
        workers.add(new Worker(
                new Worker.Settings(
                        name,
                        folder.resolve(name),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(10),
                        RETRY),
                () -> Connector.to(List.of(new BrokerAddress(false, "127.0.0.1", port)), TlsStores.NONE, WORKER)
                        .connect(),
                new FakeProducer(),
                () -> List.<VideoModel>of(new FakeModel("fake")),
                new MemorySources()));
    }

    private void await(int count) throws InterruptedException {
        while (model().map(RemoteModel::concurrency).orElse(0) < count) {
            Thread.sleep(50);
        }
    }

    private Optional<RemoteModel> model() {
        return Optional.ofNullable(registered.get("fake"));
    }

    private void make(int centiseconds) throws Exception {
        String id;
        synchronized (this) {
            id = "job" + ++jobs;
        }
        Path directory = Files.createDirectory(folder.resolve(id));
        model().orElseThrow()
                .produce(id, "slow " + CLIP_BYTES + " " + centiseconds, directory, GenerationMonitor.UNWATCHED);
    }

    /** {@return the seconds that the jobs take, when each place gets the next one as soon as it is free} */
    private double measure(String what, int places, int count, int centiseconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(places);
        long begin = System.nanoTime();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(threads.submit(() -> {
                make(centiseconds);
                return true;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        threads.shutdown();
        System.out.printf(
                Locale.ROOT,
                "%-12s %d jobs that sleep %d ms: %.2f s, %.2f jobs/s%n",
                what,
                count,
                10 * centiseconds,
                seconds,
                count / seconds);
        return seconds;
    }

    /** From the order to the files in their folder, of a clip that takes no time to make. */
    private void overhead() throws Exception {
        double[] millis = new double[200];
        for (int i = 0; i < millis.length; i++) {
            long begin = System.nanoTime();
            make(0);
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "a job that takes no time: median %.1f ms, p95 %.1f ms, max %.1f ms%n",
                millis[millis.length / 2],
                millis[millis.length * 95 / 100],
                millis[millis.length - 1]);
    }
}
