package org.patchreel.drill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jobs of one host: submits them and follows them to their ends, whatever dies meanwhile. A job is known again by its number,
 * which is in its prompt: a host that is killed may have registered a job whose ID nobody was told.
 */
final class HostJobs implements Runnable {

    private static final Pattern NUMBER = Pattern.compile("job (\\d+) ");
    private static final Set<String> ENDED = Set.of("completed", "failed", "refused", "cancelled");
    private static final int LOOK_MILLIS = 300;

    private final Node host;
    private final int count;
    private final IntSupplier allowed;
    private volatile Map<Integer, JsonNode> jobs = Map.of();
    private volatile boolean stopped;

    /**
     * Prepares them.
     *
     * @param host takes them
     * @param count how many there will be
     * @param allowed how many may be submitted by now
     */
    HostJobs(Node host, int count, IntSupplier allowed) {
        this.host = host;
        this.count = count;
        this.allowed = allowed;
    }

    @Override
    public void run() {
        try {
            while (!stopped && !haveEnded()) {
                try {
                    look();
                    submit();
                } catch (IOException e) {
                    // the host was killed, and starts again
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws IOException {
        Map<Integer, JsonNode> known = new TreeMap<>();
        for (JsonNode job : host.answer("jobs --json --limit 1000")) {
            Matcher number = NUMBER.matcher(job.get("prompt").textValue());
            if (!number.find() || known.put(Integer.valueOf(number.group(1)), job) != null) {
                throw new IllegalStateException(
                        host.name() + " has a job that nobody or somebody twice asked for: " + job);
            }
        }
        if (!known.keySet().containsAll(jobs.keySet())) {
            throw new IllegalStateException(
                    host.name() + " has forgotten jobs: " + jobs.keySet() + ", now " + known.keySet());
        }
        jobs = known;
    }

    private void submit() throws IOException {
        for (int number = 1; number <= Math.min(count, allowed.getAsInt()); number++) {
            if (!jobs.containsKey(number)) {
                host.ask("generate \"job " + number + " is a red ball that rolls\" --model " + Homes.MODEL
                        + " --size 96x96 --seconds 0.25 --steps 1 --seed " + number + " --queue --json");
            }
        }
    }

    /** Ends the loop. */
    void stop() {
        stopped = true;
    }

    Node host() {
        return host;
    }

    /** {@return the jobs as the register had them last, by their numbers} */
    Map<Integer, JsonNode> jobs() {
        return jobs;
    }

    /** {@return how many have ended} */
    long ended() {
        return jobs.values().stream().filter(HostJobs::hasEnded).count();
    }

    /** {@return whether all have ended} */
    boolean haveEnded() {
        return ended() == count;
    }

    static boolean hasEnded(JsonNode job) {
        return ENDED.contains(job.get("state").textValue());
    }
}
