package org.patchreel.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a drill.
 *
 * @param seed of its lots
 * @param faults that were made, by their names; those that begin with {@code kill} are kills
 * @param jobs that were submitted
 * @param stored how many of them have an asset
 * @param failed how many have failed, by their reasons
 * @param tries how many jobs were begun how often
 * @param seconds it took
 * @param findings what must not be
 */
record DrillReport(
        long seed,
        Map<String, Integer> faults,
        int jobs,
        int stored,
        Map<String, Integer> failed,
        Map<Integer, Integer> tries,
        double seconds,
        List<String> findings) {

    static final String KILL = "kill ";

    /** {@return how many processes were killed} */
    int kills() {
        return faults.entrySet().stream()
                .filter(each -> each.getKey().startsWith(KILL))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** {@return how many jobs have failed} */
    int failures() {
        return failed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** {@return the heading of a table} */
    static String heading() {
        return "| seed | kills: workers, hosts, broker | suspended | cuts | stalls | store filled | jobs | stored | failed |"
                + " begun 1, 2, 3 times by the host | s | findings |\n"
                + "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |";
    }

    /** {@return a row of it} */
    String row(String first) {
        return String.format(
                Locale.ROOT,
                "| %s | %d: %d, %d, %d | %d | %d | %d | %d | %d | %d | %d | %d, %d, %d | %.0f | %d |",
                first,
                kills(),
                of(KILL + "worker"),
                of(KILL + "host"),
                of(KILL + "broker"),
                of("suspend"),
                of("cut"),
                of("stall"),
                of("fill"),
                jobs,
                stored,
                failures(),
                tries.getOrDefault(1, 0),
                tries.getOrDefault(2, 0),
                tries.getOrDefault(3, 0),
                seconds,
                findings.size());
    }

    private int of(String fault) {
        return faults.getOrDefault(fault, 0);
    }

    /** {@return this one and another one together} */
    DrillReport plus(DrillReport other) {
        List<String> all = new ArrayList<>(findings);
        all.addAll(other.findings);
        return new DrillReport(
                seed,
                sum(faults, other.faults),
                jobs + other.jobs,
                stored + other.stored,
                sum(failed, other.failed),
                sum(tries, other.tries),
                seconds + other.seconds,
                all);
    }

    private static <K extends Comparable<K>> Map<K, Integer> sum(Map<K, Integer> one, Map<K, Integer> other) {
        Map<K, Integer> sum = new TreeMap<>(one);
        other.forEach((key, count) -> sum.merge(key, count, Integer::sum));
        return sum;
    }
}
