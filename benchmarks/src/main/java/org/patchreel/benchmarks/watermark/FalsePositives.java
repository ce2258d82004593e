package org.patchreel.benchmarks.watermark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.patchreel.impl.watermark.KeyTrial;
import org.patchreel.impl.watermark.WatermarkEmbedder;

/**
 * Tries keys that marked nothing on clips without a mark and on clips with the mark of another key, and counts how often a
 * mark is seen. Writes {@code false-positives.md}, {@code .json} and the distributions of t and ρ, drawn against theory.
 */
final class FalsePositives {
    /** Shifts and polarities that a synchronisation compares: the theory's number of trials in one. */
    private static final double SHIFTS = 65536 * 2.0;
    /** Words that a decoder compares. */
    private static final double WORDS = Math.pow(2, 104);

    private final Options options;

    FalsePositives(Options options) {
        this.options = options;
    }

    /** What one spectrum gave. */
    private record Trials(String spectrum, Histogram sync, Histogram correlation, long authenticated) {}

    /**
     * Runs the trials.
     *
     * @return the exit status: 0 if no mark was seen, 1 if one was
     * @throws IOException if a clip cannot be read or the results cannot be written
     * @throws InterruptedException if this thread is interrupted
     */
    int run() throws IOException, InterruptedException {
        Files.createDirectories(options.out());
        List<Path> spectra = new ArrayList<>();
        for (Path clip : options.chosenClips()) {
            spectra.add(clip);
            Path marked = options.out().resolve(Options.clipName(clip) + "-marked.mp4");
            String name = Options.clipName(clip);
            MarkedClip.make(new WatermarkEmbedder(EvaluationKeys.key()), EvaluationKeys.id(name), clip, marked);
            spectra.add(marked);
            System.out.println(name + ": marked with another key");
        }
        long each = (options.trials() + spectra.size() - 1) / spectra.size();
        List<Trials> all = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(options.jobs());
        try {
            List<Future<Trials>> running = IntStream.range(0, spectra.size())
                    .mapToObj(i -> workers.submit(() -> tried(spectra.get(i), i * each, each)))
                    .toList();
            for (Future<Trials> one : running) {
                all.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a trial failed: " + e.getCause(), e);
        } finally {
            workers.shutdownNow();
        }
        for (Path file : spectra) {
            if (file.startsWith(options.out())) {
                Files.delete(file);
            }
        }
        return write(all);
    }

    private static Trials tried(Path file, long first, long count) throws IOException {
        KeyTrial trial = KeyTrial.open(file);
        Histogram sync = new Histogram();
        Histogram correlation = new Histogram();
        long authenticated = 0;
        for (long i = 0; i < count; i++) {
            KeyTrial.Outcome outcome = trial.run(EvaluationKeys.foreign(first + i));
            sync.add(outcome.syncStatistic());
            correlation.add(outcome.correlation());
            authenticated += outcome.authenticated() ? 1 : 0;
        }
        String name = Options.clipName(file);
        System.out.printf(
                Locale.ROOT,
                "%s: %d keys, %d seen, t at most %.2f, ρ at most %.2f%n",
                name,
                count,
                authenticated,
                sync.largest(),
                correlation.largest());
        return new Trials(name, sync, correlation, authenticated);
    }

    private int write(List<Trials> all) throws IOException {
        Histogram sync = new Histogram();
        Histogram correlation = new Histogram();
        long authenticated = 0;
        List<Map<String, Object>> spectra = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (Trials trials : all) {
            sync.add(trials.sync());
            correlation.add(trials.correlation());
            authenticated += trials.authenticated();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("spectrum", trials.spectrum());
            one.put("keys", trials.sync().count());
            one.put("seen", trials.authenticated());
            one.put("largestSyncStatistic", trials.sync().largest());
            one.put("largestCorrelation", trials.correlation().largest());
            spectra.add(one);
            rows.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %.2f |%n",
                    trials.spectrum(),
                    trials.sync().count(),
                    trials.authenticated(),
                    trials.sync().largest(),
                    trials.correlation().largest()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", Machine.description());
        json.put("trials", sync.count());
        json.put("seen", authenticated);
        json.put("spectra", spectra);
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(options.out().resolve("false-positives.json").toFile(), json);
        draw("sync-statistic.png", "t of keys that marked nothing", sync, t -> SHIFTS * Math.exp(-t * t / 2) / 2);
        draw("correlation.png", "ρ of keys that marked nothing", correlation, r -> WORDS * Math.exp(-r * r / 2));
        Files.writeString(
                options.out().resolve("false-positives.md"),
                String.format(
                        Locale.ROOT,
                        """
                        # How often a mark is seen where none is

                        %s

                        %d trials, each with another key, on the spectra of %d files: a mark was seen %d times. The \
                        largest t was %.2f, the largest ρ %.2f.

                        ![t](sync-statistic.png)
                        ![ρ](correlation.png)

                        | file | keys | seen | largest t | largest ρ |
                        | --- | --- | --- | --- | --- |
                        %s""",
                        Machine.description(),
                        sync.count(),
                        all.size(),
                        authenticated,
                        sync.largest(),
                        correlation.largest(),
                        rows));
        System.out.printf(Locale.ROOT, "%d trials, %d seen%n", sync.count(), authenticated);
        return authenticated == 0 ? 0 : 1;
    }

    private void draw(String file, String title, Histogram histogram, DoubleUnaryOperator bound) throws IOException {
        BufferedImage chart = new TailChart(title, histogram, bound).draw();
        ImageIO.write(chart, "png", options.out().resolve(file).toFile());
    }
}
