package org.patchreel.benchmarks.watermark;

import java.util.Arrays;
import java.util.List;

/** The program behind {@code benchmarks/watermark}. */
public final class WatermarkBenchmark {
    private WatermarkBenchmark() {}

    /**
     * Runs the evaluation, or with a first argument {@code false-positives} or {@code speed} that measurement.
     *
     * @param args options, see {@code benchmarks/watermark}
     * @throws Exception if what was measured cannot be written
     */
    public static void main(String[] args) throws Exception {
        String mode = args.length > 0 && !args[0].startsWith("--") ? args[0] : "";
        List<String> rest = Arrays.asList(args).subList(mode.isEmpty() ? 0 : 1, args.length);
        int status;
        try {
            status = switch (mode) {
                case "" -> new Evaluation(Options.parse(rest)).run();
                case "false-positives" -> new FalsePositives(Options.parse(rest)).run();
                case "speed" -> new Speed(Options.parse(rest)).run();
                default -> throw new IllegalArgumentException("no measurement " + mode + ": false-positives or speed");
            };
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks/watermark: " + e.getMessage());
            status = 2;
        }
        System.exit(status);
    }
}
