package org.patchreel.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks for what must not be after a drill. What is found are sentences. Safe for use from any thread. */
final class Inspection {

    /** A job that nothing but kills may have failed: all its tries were used up. */
    private static final Pattern TRIED = Pattern.compile(
            "the process ended \\d+ times while this clip was made.*|generation \\w+ was begun \\d+ times and none of"
                    + " the workers has finished it.*");

    private static final Set<String> FILES =
            Set.of("clip.mp4", "contact-sheet.jpg", "description.vtt", "metadata.json", "poster.jpg");

    /** What lies in a home while nothing is at work. */
    private static final Pattern KEPT =
            Pattern.compile("conf/[^/]+\\.cfg|secrets/(development[^/]*\\.(p12|pem|lock)|watermark-0001\\.secret)"
                    + "|(jobs|manifests)\\.db(-wal|-shm|\\.lock)?|broker/(host-id|in-use|kahadb/.*)|worker/in-use"
                    + "|orders/[^/]+/window-\\d+\\.latents|audit/(lock|head|\\d{12}-\\d{4}-\\d\\d-\\d\\d\\.jsonl)");

    private static final Pattern FOLDERS =
            Pattern.compile("|audit|conf|secrets|work|worker|orders(/[^/]+)?|broker(/results|/kahadb(/.*)?)?");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final long PATIENCE_SECONDS = 15;

    private final Homes homes;
    private final List<String> findings = new CopyOnWriteArrayList<>();

    Inspection(Homes homes) {
        this.homes = homes;
    }

    /** {@return what was found so far} */
    List<String> findings() {
        return List.copyOf(findings);
    }

    void add(String finding) {
        findings.add(finding);
    }

    /** Looks at the jobs of a host that runs: each has ended well, with one asset, or with a reason. */
    void jobs(HostJobs jobs, int count) throws IOException {
        String host = jobs.host().name();
        if (jobs.jobs().size() != count) {
            add(host + " has " + jobs.jobs().size() + " jobs of " + count);
        }
        Set<String> completed = new TreeSet<>();
        for (JsonNode job : jobs.jobs().values()) {
            String state = job.get("state").textValue();
            if (state.equals("completed")) {
                completed.add(job.get("id").textValue());
            } else if (!state.equals("failed")) {
                add(host + ": a job is " + state + ": " + job);
            } else if (!TRIED.matcher(job.get("message").textValue()).matches()) {
                add(host + ": a job failed that was not tried as often as it may be: " + job);
            }
        }
        Set<String> stored = new TreeSet<>();
        jobs.host()
                .answer("assets --json")
                .forEach(asset -> stored.add(asset.get("id").textValue()));
        if (!stored.equals(completed)) {
            add(host + " has completed " + completed + " and stored " + stored);
        }
        try (Stream<Path> entries = Files.list(homes.assets(host))) {
            Set<String> names =
                    entries.map(each -> each.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
            if (!names.equals(stored)) {
                add(host + "'s store has the entries " + names);
            }
        }
        for (String id : stored) {
            asset(jobs.host(), homes.assets(host).resolve(id));
        }
        audit(jobs.host(), stored);
    }

    /** The audit log is whole whatever was killed while it was written, and tells of each asset. */
    private void audit(Node host, Set<String> stored) throws IOException {
        JsonNode verified = host.answer("audit verify --json");
        if (!verified.path("whole").asBoolean()) {
            add(host.name() + "'s audit log is not whole: " + verified);
        }
        Set<String> made = new TreeSet<>();
        try (Stream<Path> files = Files.list(homes.of(host.name()).resolve("audit"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode record = JSON.readTree(line);
                    if (record.path("type").asText().equals("made")) {
                        made.add(record.path("subject").asText());
                    }
                }
            }
        }
        if (!made.containsAll(stored)) {
            add(host.name() + "'s audit log tells of " + made + ", and " + stored + " are stored");
        }
    }

    /** An asset is whole, signed by its host, marked, and known. */
    private void asset(Node host, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = files.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
            if (!names.equals(FILES)) {
                add(folder + " has the files " + names);
            }
        }
        JsonNode verified = host.answer("verify " + folder.resolve("clip.mp4") + " --json");
        String id = folder.getFileName().toString();
        boolean good = verified.at("/verdict").asText().equals("signed")
                && verified.at("/origin").asText().equals("this-installation")
                && verified.at("/manifest/state").asText().equals("Valid")
                && verified.at("/watermark/state").asText().equals("ours")
                && verified.at("/watermark/marks").size() == 1
                && verified.at("/recovered/assetId").asText().equals(id);
        if (!good) {
            add(folder + " is not what was made: " + verified);
        }
    }

    /** Looks at the homes and the broker's queues when all processes have ended in order. */
    void left(List<Node> nodes) throws Exception {
        for (Node node : nodes) {
            Path home = homes.of(node.name());
            try (Stream<Path> all = Files.walk(home)) {
                all.filter(path -> !Files.isSymbolicLink(path))
                        .map(home::relativize)
                        .filter(path -> !(Files.isDirectory(home.resolve(path)) ? FOLDERS : KEPT)
                                .matcher(path.toString())
                                .matches())
                        .forEach(path -> add(node.name() + " has left " + path));
            }
            if (node.role() == Role.WORKER) {
                orders(node);
            }
            if (node.role() == Role.BROKER) {
                Map<String, Long> messages = BrokerStore.left(home.resolve("broker"));
                if (!messages.isEmpty()) {
                    add("the broker has messages: " + messages);
                }
            }
        }
    }

    /** A worker that is killed could go on with its order, if no other worker had got it. */
    private void orders(Node worker) throws IOException {
        Path orders = homes.of(worker.name()).resolve("orders");
        if (Files.isDirectory(orders)) {
            try (Stream<Path> kept = Files.list(orders)) {
                List<Path> all = kept.toList();
                if (all.size() > 1) {
                    add(worker.name() + " keeps what it sampled of more than its last order: " + all);
                }
            }
        }
    }

    /** Looks for processes that should have ended; those that lost their parent get a moment to notice. */
    void processes() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        List<String> alive = alive();
        while (!alive.isEmpty() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(200);
            alive = alive();
        }
        alive.forEach(process -> add("a process lives: " + process));
    }

    /** {@return the processes with this drill's folder in their environment: children inherit it} */
    private List<String> alive() {
        String mark = "PATCHREEL_HOME=" + homes.folder();
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains(mark))
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"), ISO_8859_1);
        } catch (IOException e) {
            return ""; // it is somebody else's, or has ended
        }
    }
}
