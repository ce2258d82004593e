package org.patchreel.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One broker, two hosts, three workers and short jobs, while processes are killed, suspended and cut off by lot. The processes are those
 * of an installation, the faults those of a bad day; afterwards each job must have ended as it should, and nothing else may be left.
 */
final class Drill implements AutoCloseable {

    private static final int HOSTS = 2;
    private static final int WORKERS = 3;

    /** The least that can be configured, in MiB. */
    private static final int STORE = 64;

    private static final int MIN_GAP_MILLIS = 800;
    private static final int GAP_MILLIS = 3000;
    private static final int MAX_PAUSE_MILLIS = 5000;
    private static final int AHEAD = 3;
    private static final long CALM_SECONDS = 300;

    /**
     * What is drilled.
     *
     * @param seed of the lots
     * @param kills how many processes are killed
     * @param jobs of both hosts together
     * @param fills whether the store of the broker is filled once
     */
    record Plan(long seed, int kills, int jobs, boolean fills) {}

    private final Plan plan;
    private final Homes homes;
    private final Random lots;
    private final int port;
    private final CutProxy network;
    private final List<Node> nodes = new ArrayList<>();
    private final List<HostJobs> jobs = new ArrayList<>();
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();
    private final AtomicInteger kills = new AtomicInteger();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(Drill::daemon);
    private final ExecutorService threads = Executors.newCachedThreadPool(Drill::daemon);

    /**
     * Prepares a drill.
     *
     * @param plan what is drilled
     * @param homes where, in a folder that is empty
     */
    Drill(Plan plan, Homes homes) throws IOException {
        this.plan = plan;
        this.homes = homes;
        this.lots = new Random(plan.seed());
        try (ServerSocket socket = new ServerSocket(0)) {
            this.port = socket.getLocalPort();
        }
        this.network = new CutProxy(port);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "drill");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs the drill.
     *
     * @return what became of it
     * @throws Exception if it cannot go on
     */
    DrillReport run() throws Exception {
        unpack();
        long begin = System.nanoTime();
        start();
        List<Future<?>> following = new ArrayList<>();
        for (HostJobs each : jobs) {
            following.add(threads.submit(each));
        }
        while (ended() == 0) {
            TimeUnit.MILLISECONDS.sleep(100);
            requireRunning(following);
        }
        strike(following);
        Inspection inspection = new Inspection(homes);
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(CALM_SECONDS);
        while (ended() < plan.jobs() && System.nanoTime() - latest < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
            requireRunning(following);
        }
        jobs.forEach(HostJobs::stop);
        for (Future<?> each : following) {
            each.get();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (ended() < plan.jobs()) {
            inspection.add((plan.jobs() - ended()) + " jobs have not ended " + CALM_SECONDS + " s after the last kill");
        }
        inspect(inspection);
        return report(seconds, inspection);
    }

    private static void requireRunning(List<Future<?>> following) throws Exception {
        for (Future<?> each : following) {
            if (each.isDone()) {
                each.get();
            }
        }
    }

    /** Has the libraries unpacked and checked once for all: the processes begin at the same time. */
    private void unpack() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        homes.root().resolve("patchreel").toString(),
                        "generate",
                        "a red ball",
                        "--seconds",
                        "0.25",
                        "--steps",
                        "1")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(homes.folder().resolve("unpack.err").toFile());
        builder.environment().put("PATCHREEL_HOME", homes.unpacked().toString());
        builder.environment().put("PATCHREEL_ASSETS", homes.assets("unpack").toString());
        if (builder.start().waitFor() != 0) {
            throw new IOException(Files.readString(homes.folder().resolve("unpack.err"), UTF_8));
        }
    }

    private void start() throws IOException {
        homes.broker("broker", port, STORE);
        nodes.add(Node.start(Role.BROKER, "broker", homes, List.of()));
        for (int i = 1; i <= HOSTS; i++) {
            String name = "host" + i;
            homes.host(name, network.port());
            Node host = Node.start(Role.HOST, name, homes, List.of());
            nodes.add(host);
            jobs.add(new HostJobs(host, plan.jobs() / HOSTS, this::allowed));
        }
        for (int i = 1; i <= WORKERS; i++) {
            String name = "worker" + i;
            nodes.add(Node.start(Role.WORKER, name, homes, homes.worker(name, network.port())));
        }
    }

    /** {@return how many jobs a host may have by now: the last ones come with the last kills} */
    private int allowed() {
        return AHEAD + plan.jobs() / HOSTS * kills.get() / Math.max(1, plan.kills());
    }

    private int ended() {
        return (int) jobs.stream().mapToLong(HostJobs::ended).sum();
    }

    private void strike(List<Future<?>> following) throws Exception {
        boolean filled = !plan.fills();
        while (kills.get() < plan.kills()) {
            TimeUnit.MILLISECONDS.sleep(MIN_GAP_MILLIS + lots.nextInt(GAP_MILLIS));
            requireRunning(following);
            if (!filled && 2 * kills.get() >= plan.kills()) {
                filled = true;
                fill(MAX_PAUSE_MILLIS);
            }
            fault(lots.nextInt(100), lots.nextInt(1000), 500 + lots.nextInt(MAX_PAUSE_MILLIS));
        }
    }

    /**
     * Makes a fault.
     *
     * @param kind percent
     * @param which says whom it hits
     * @param pause in milliseconds, if it passes
     */
    private void fault(int kind, int which, int pause) throws IOException, InterruptedException {
        if (kind < 45) {
            kill(Role.WORKER, which);
        } else if (kind < 70) {
            kill(Role.HOST, which);
        } else if (kind < 80) {
            kill(Role.BROKER, which);
        } else if (kind < 88) {
            Node node = nodes.get(which % nodes.size());
            node.suspend();
            later(node::goOn, pause);
            count("suspend");
        } else if (kind < 95) {
            network.cut(lots);
            count("cut");
        } else {
            network.stall(pause);
            count("stall");
        }
    }

    private void kill(Role role, int which) throws IOException {
        List<Node> all = nodes.stream().filter(node -> node.role() == role).toList();
        all.get(which % all.size()).restart();
        count(DrillReport.KILL + role.label());
        kills.incrementAndGet();
    }

    private void count(String fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void later(Step step, int millis) {
        Future<?> unused = later.schedule(
                () -> {
                    step.run();
                    return true;
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Fills the broker's store for a while. */
    private void fill(int millis) throws IOException, InterruptedException {
        BrokerStore store = new BrokerStore(port);
        reach(store::fill);
        TimeUnit.MILLISECONDS.sleep(millis);
        reach(store::empty);
        count("fill");
    }

    private interface Use {
        int of() throws JMSException, IOException;
    }

    /** The broker may just be starting. */
    private static void reach(Use use) throws IOException, InterruptedException {
        while (true) {
            try {
                use.of();
                return;
            } catch (JMSException e) {
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private void inspect(Inspection inspection) throws Exception {
        List<Future<?>> looks = new ArrayList<>();
        for (HostJobs each : jobs) {
            looks.add(threads.submit(() -> {
                inspection.jobs(each, plan.jobs() / HOSTS);
                return true;
            }));
        }
        for (Future<?> look : looks) {
            look.get();
        }
        // workers first: they finish, and tell the hosts
        for (int i = nodes.size() - 1; i >= 0; i--) {
            int status = nodes.get(i).end();
            if (status != 0) {
                inspection.add(nodes.get(i).name() + " has ended with status " + status);
            }
        }
        inspection.processes();
        inspection.left(nodes);
    }

    private DrillReport report(double seconds, Inspection inspection) {
        int stored = 0;
        Map<String, Integer> failed = new TreeMap<>();
        Map<Integer, Integer> tries = new TreeMap<>();
        for (HostJobs each : jobs) {
            for (JsonNode job : each.jobs().values()) {
                tries.merge(job.get("tries").intValue(), 1, Integer::sum);
                if (job.get("state").textValue().equals("completed")) {
                    stored++;
                } else {
                    failed.merge(
                            job.path("reason").asText() + ": "
                                    + job.path("message").asText(),
                            1,
                            Integer::sum);
                }
            }
        }
        return new DrillReport(
                plan.seed(), new TreeMap<>(faults), plan.jobs(), stored, failed, tries, seconds, inspection.findings());
    }

    /** Kills what is left, and ends the network. */
    @Override
    public void close() throws IOException {
        jobs.forEach(HostJobs::stop);
        later.shutdownNow();
        threads.shutdownNow();
        for (Node node : nodes) {
            node.kill();
        }
        network.close();
    }
}
