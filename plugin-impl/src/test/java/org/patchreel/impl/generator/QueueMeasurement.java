package org.patchreel.impl.generator;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;

/**
 * Measures what a queue of 10,000 jobs costs: {@code java -cp ... org.patchreel.impl.generator.QueueMeasurement FOLDER}, with a
 * folder on the disk to measure. Prints milliseconds; nothing is asserted.
 */
final class QueueMeasurement {

    private static final int JOBS = 10_000;
    private static final int USERS = 20;
    private static final int LOOKS = 200;

    private QueueMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "queue");
        Installation here = new Installation(folder, new FakeModel(FakeModel.starter()));
        here.generator.pause(true);
        double[] submit = new double[JOBS];
        for (int i = 0; i < JOBS; i++) {
            GenerationRequest request = GenerationRequest.builder("a red ball rolls past a tree " + i)
                    .seed(i)
                    .build();
            long begin = System.nanoTime();
            here.generator.submit("J" + i, request, Requester.of("user" + i % USERS));
            submit[i] = millis(begin);
        }
        print("submit", submit);
        double[] list = new double[LOOKS];
        for (int i = 0; i < LOOKS; i++) {
            long begin = System.nanoTime();
            for (JobRecord job : here.register.list(JobFilter.latest(50))) {
                job.id();
            }
            list[i] = millis(begin);
        }
        print("first page of the list, 50 jobs", list);
        long begin = System.nanoTime();
        here.stop();
        System.out.printf(Locale.ROOT, "stop                              %8.2f%n", millis(begin));
        begin = System.nanoTime();
        long cpu = cpu();
        here.start();
        System.out.printf(
                Locale.ROOT,
                "start with all of them            %8.2f, of which %.2f on a processor%n",
                millis(begin),
                (cpu() - cpu) / 1e6);
        begin = System.nanoTime();
        here.generator.pause(false);
        while (here.store.assets.isEmpty()) {
            Thread.onSpinWait();
        }
        System.out.printf(Locale.ROOT, "from resume to the first clip     %8.2f%n", millis(begin));
        here.generator.pause(true);
        here.stop();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double millis(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void print(String what, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-33s median %7.2f  p99 %7.2f  max %7.2f%n",
                what,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1]);
    }
}
