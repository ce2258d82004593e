package org.patchreel.benchmarks.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures CPU time and resident memory of signing and validating a large clip beside {@code openssl dgst -sha256} on the
 * same file. They take turns, so that a machine that is slower for a while slows them all. The page of results goes to the
 * standard output, progress to the standard error.
 */
public final class SigningBenchmark {
    private static final List<String> HEAP = List.of("-Xmx64m", "-XX:+UseSerialGC");

    /** A process for the large clip alone, with the compilers as {@code ./patchreel} sets them and as Java does. */
    private static final List<Platform> PLATFORMS = List.of(
            new Platform(
                    "a new process with the flags of `./patchreel`",
                    0,
                    List.of(
                            "-XX:Tier4InvocationThreshold=50000",
                            "-XX:Tier4CompileThreshold=100000",
                            "-XX:Tier4BackEdgeThreshold=1000000")),
            new Platform("a new process without flags for the compilers", 0, List.of()),
            new Platform("a process that has signed or validated 50 small clips", 50, List.of()));

    private static final int CLOCK_TICKS_PER_SECOND = 100;

    /** Fields of {@code /proc/PID/stat}, from 0: CPU time of the children in user and in system mode. */
    private static final int CHILDREN_USER = 15;

    private static final int CHILDREN_SYSTEM = 16;

    private SigningBenchmark() {}

    /** How Java runs. If small clips go ahead, what they and the start take is not counted. */
    private record Platform(String name, int smallClips, List<String> flags) {}

    private record Measured(double seconds, int peakMib) {}

    /**
     * Runs it.
     *
     * @param args a folder for the files, size of the clip in MiB, number of repetitions
     * @throws IOException if a file cannot be written or a process cannot be started
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "signing-");
        int size = Integer.parseInt(args[1]);
        int repetitions = Integer.parseInt(args[2]);
        try {
            Path clip = folder.resolve("clip.mp4");
            Path small = folder.resolve("small.mp4");
            LargeClip.write(clip, size);
            LargeClip.write(small, 1);
            // makes the certificate, too
            Path first = Files.createLink(folder.resolve("first.mp4"), small);
            task(PLATFORMS.get(0), "sign", List.of(first), folder);
            List<Double> hashing = new ArrayList<>();
            List<List<Measured>> signing = new ArrayList<>();
            List<List<Measured>> validating = new ArrayList<>();
            PLATFORMS.forEach(platform -> {
                signing.add(new ArrayList<>());
                validating.add(new ArrayList<>());
            });
            for (int i = 0; i < repetitions; i++) {
                for (int j = 0; j < PLATFORMS.size(); j++) {
                    List<Path> signed = new ArrayList<>();
                    for (int k = 0; k < PLATFORMS.get(j).smallClips(); k++) {
                        signed.add(Files.createLink(folder.resolve("small-" + k + ".mp4"), small));
                    }
                    // signing replaces the name, not the file
                    signed.add(Files.createLink(folder.resolve("signed.mp4"), clip));
                    hashing.add(hash(clip));
                    signing.get(j).add(task(PLATFORMS.get(j), "sign", signed, folder));
                    hash(signed.get(signed.size() - 1)); // brings it into the page cache
                    validating.get(j).add(task(PLATFORMS.get(j), "validate", signed, folder));
                    for (Path file : signed) {
                        Files.delete(file);
                    }
                }
                System.err.println("repetition " + (i + 1) + " of " + repetitions);
            }
            print(size, repetitions, hashing, signing, validating);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static double hash(Path clip) throws IOException, InterruptedException {
        List<String> output = run(List.of("openssl", "dgst", "-sha256", clip.toString()));
        return seconds(output.get(output.size() - 1));
    }

    private static Measured task(Platform platform, String task, List<Path> clips, Path folder)
            throws IOException, InterruptedException {
        // the signatures of the libraries' own JAR files are not checked, as OSGi frameworks do not
        Map<Boolean, String> libraries = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .collect(Collectors.partitioningBy(
                        file -> file.contains("bouncycastle"), Collectors.joining(File.pathSeparator)));
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(HEAP);
        command.addAll(platform.flags());
        command.add("-Xbootclasspath/a:" + libraries.get(true));
        command.addAll(List.of("-cp", String.valueOf(libraries.get(false)), SigningTask.class.getName()));
        command.addAll(List.of(task, folder.toString()));
        clips.forEach(clip -> command.add(clip.toString()));
        List<String> output = run(command);
        int last = output.size() - 1;
        double seconds =
                platform.smallClips() == 0 ? seconds(output.get(last)) : Double.parseDouble(output.get(last - 2));
        return new Measured(seconds, Integer.parseInt(output.get(last - 1)) / 1024);
    }

    /** Runs a command in a shell that prints its own statistics as the last line, which contain the command's CPU time. */
    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        List<String> whole =
                new ArrayList<>(List.of("sh", "-c", "\"$@\" && read -r line </proc/$$/stat && echo \"$line\"", "sh"));
        whole.addAll(command);
        Process process = new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
        return output;
    }

    private static double seconds(String statistics) {
        String[] fields = statistics.split(" ", -1);
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]))
                / (double) CLOCK_TICKS_PER_SECOND;
    }

    private static void print(
            int size,
            int repetitions,
            List<Double> hashing,
            List<List<Measured>> signing,
            List<List<Measured>> validating)
            throws IOException {
        System.out.printf(
                Locale.ROOT,
                "# Signing and validating a clip of %d MiB%n%n%s; %s; Java %s.%n%n",
                size,
                LocalDate.now(ZoneOffset.UTC),
                processor(),
                Runtime.version());
        System.out.printf(
                "CPU time in user and system mode, of the whole process unless said otherwise; all files are in the page"
                        + " cache. Medians of %d repetitions, lowest and highest in brackets.%n%n",
                repetitions);
        System.out.printf(
                "|  | CPU time, s | beside openssl | peak resident memory, MiB |%n| --- | ---: | ---: | ---: |%n");
        System.out.printf("| `openssl dgst -sha256` | %s | 1.00 |  |%n", range(hashing));
        for (int i = 0; i < PLATFORMS.size(); i++) {
            row("signing, " + PLATFORMS.get(i).name(), hashing, signing.get(i));
            row("validating, " + PLATFORMS.get(i).name(), hashing, validating.get(i));
        }
        System.out.printf(
                "%nEach Java has `%s`, that with the flags of `./patchreel` also `%s`. In a process that has done small"
                        + " clips before, as in a host that is running, neither these nor the start of Java count.%n",
                String.join(" ", HEAP), String.join(" ", PLATFORMS.get(0).flags()));
    }

    private static void row(String name, List<Double> hashing, List<Measured> measured) {
        List<Double> seconds = measured.stream().map(Measured::seconds).toList();
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | **%.2f** | %d |%n",
                name,
                range(seconds),
                median(seconds) / median(hashing),
                measured.stream().mapToInt(Measured::peakMib).max().orElseThrow());
    }

    private static String range(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", median(values), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }
}
