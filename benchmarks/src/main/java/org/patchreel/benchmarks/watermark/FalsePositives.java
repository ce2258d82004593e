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
    /** Shifts by half pixels of the tile, both polarities: what a synchronisation compares. */
    private static final double SHIFTS = 4 * 128 * 128 * 2.0;

    /** Words that a decoder compares: ID and authentication code have 104 bits. */
    private static final double WORDS = Math.pow(2, 104);

    /** Mean square of a carrier's frequency along one axis, between radius 5 and 34 of the tile's spectrum, in radians². */
    private static final double SPECTRAL_MOMENT = Math.pow(2 * Math.PI / 128, 2) * (5 * 5 + 34 * 34) / 4;

    private final Options options;

    FalsePositives(Options options) {
        this.options = options;
    }

    /** What one spectrum gave. */
    private record Trials(
            String spectrum, Histogram sync, Histogram correlation, Histogram known, long authenticated) {}

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
        Histogram known = new Histogram();
        long authenticated = 0;
        for (long i = 0; i < count; i++) {
            KeyTrial.Outcome outcome = trial.run(EvaluationKeys.foreign(first + i));
            sync.add(outcome.syncStatistic());
            correlation.add(outcome.correlation());
            known.add(outcome.knownStatistic());
            authenticated += outcome.authenticated() ? 1 : 0;
        }
        String name = Options.clipName(file);
        System.out.printf(
                Locale.ROOT,
                "%s: %d keys, %d seen, t at most %.2f, ρ at most %.2f, t of a known mark at most %.2f%n",
                name,
                count,
                authenticated,
                sync.largest(),
                correlation.largest(),
                known.largest());
        return new Trials(name, sync, correlation, known, authenticated);
    }

    private int write(List<Trials> all) throws IOException {
        Histogram sync = new Histogram();
        Histogram correlation = new Histogram();
        Histogram known = new Histogram();
        long authenticated = 0;
        List<Map<String, Object>> spectra = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (Trials trials : all) {
            sync.add(trials.sync());
            correlation.add(trials.correlation());
            known.add(trials.known());
            authenticated += trials.authenticated();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("spectrum", trials.spectrum());
            one.put("keys", trials.sync().count());
            one.put("seen", trials.authenticated());
            one.put("largestSyncStatistic", trials.sync().largest());
            one.put("largestCorrelation", trials.correlation().largest());
            one.put("largestKnownStatistic", trials.known().largest());
            spectra.add(one);
            rows.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %.2f | %.2f |%n",
                    trials.spectrum(),
                    trials.sync().count(),
                    trials.authenticated(),
                    trials.sync().largest(),
                    trials.correlation().largest(),
                    trials.known().largest()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", Machine.description());
        json.put("trials", sync.count());
        json.put("seen", authenticated);
        json.put("spectra", spectra);
        json.put("binWidth", Histogram.BIN);
        json.put("syncStatistic", sync.bins());
        json.put("correlation", correlation.bins());
        json.put("knownStatistic", known.bins());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(options.out().resolve("false-positives.json").toFile(), json);
        draw(
                "watermark-sync-statistic.png",
                "t of keys that marked nothing",
                sync,
                t -> SHIFTS * Math.exp(-t * t / 2),
                FalsePositives::expectedShare);
        draw(
                "watermark-correlation.png",
                "ρ of keys that marked nothing",
                correlation,
                r -> WORDS * Math.exp(-r * r / 2),
                r -> 0);
        draw(
                "watermark-known-statistic.png",
                "t of marks that were asked for",
                known,
                t -> SHIFTS * Math.exp(-t * t / 2),
                FalsePositives::expectedShare);
        Files.writeString(
                options.out().resolve("false-positives.md"),
                String.format(
                        Locale.ROOT,
                        """
                        # How often a mark is seen where none is

                        %s

                        %d trials, each with another key, on the spectra of %d files: a mark was seen %d times. The \
                        largest t was %.2f, the largest ρ %.2f, the largest t of a mark that was asked for %.2f \
                        (seen from %.1f on).
                        The bounds are \
                        2·65536·exp(−t²/2) and 2¹⁰⁴·exp(−ρ²/2): the numbers of shifts and of words that are compared, \
                        times the bound for one; what is expected of t is the peak of a Gaussian field with the \
                        carriers' spectrum. Expected are %.2g marks seen, the trials times 2⁻⁴⁰.

                        ![t](watermark-sync-statistic.png)
                        ![ρ](watermark-correlation.png)
                        ![t of marks that were asked for](watermark-known-statistic.png)

                        | file | keys | seen | largest t | largest ρ | largest t asked for |
                        | --- | --- | --- | --- | --- | --- |
                        %s""",
                        Machine.description(),
                        sync.count(),
                        all.size(),
                        authenticated,
                        sync.largest(),
                        correlation.largest(),
                        known.largest(),
                        KeyTrial.MIN_KNOWN_STATISTIC,
                        sync.count() * Math.pow(2, -40),
                        rows));
        System.out.printf(Locale.ROOT, "%d trials, %d seen%n", sync.count(), authenticated);
        return authenticated == 0 && known.largest() < KeyTrial.MIN_KNOWN_STATISTIC ? 0 : 1;
    }

    /**
     * The share of the keys of which the highest peak of a Gaussian field with the carriers' spectrum reaches t: the
     * expected Euler characteristic of the excursion set, both polarities. See Adler and Taylor, <a
     * href="https://doi.org/10.1007/978-0-387-48116-6">Random Fields and Geometry</a>, 2007.
     */
    private static double expectedShare(double t) {
        double peaks = 2 * 128 * 128 * SPECTRAL_MOMENT * Math.pow(2 * Math.PI, -1.5) * t * Math.exp(-t * t / 2);
        return t < 2 ? 1 : 1 - Math.exp(-peaks);
    }

    private void draw(
            String file, String title, Histogram histogram, DoubleUnaryOperator bound, DoubleUnaryOperator expected)
            throws IOException {
        BufferedImage chart = new TailChart(title, histogram, bound, expected).draw();
        ImageIO.write(chart, "png", options.out().resolve(file).toFile());
    }
}
