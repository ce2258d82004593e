package org.patchreel.benchmarks.watermark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.patchreel.benchmarks.watermark.AttackProgram.Attacked;
import org.patchreel.benchmarks.watermark.ClipResult.Variant;
import org.patchreel.impl.watermark.DetectedMark;
import org.patchreel.impl.watermark.DetectionResult;
import org.patchreel.impl.watermark.MarkId;
import org.patchreel.impl.watermark.WatermarkDetector;
import org.patchreel.impl.watermark.WatermarkEmbedder;

/**
 * Marks every clip of a folder, lets a program attack them, reads the marks, and writes {@code results.json}, {@code
 * results.md} and a picture per clip. What is complete of a clip is kept and not measured again: a run that was ended goes
 * on where it was.
 */
final class Evaluation {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Options options;
    private final AttackProgram attacks;
    private final WatermarkEmbedder embedder = new WatermarkEmbedder(EvaluationKeys.key());
    private final WatermarkDetector detector = new WatermarkDetector(List.of(EvaluationKeys.key()));

    Evaluation(Options options) {
        this.options = options;
        this.attacks = new AttackProgram(options.attacks());
    }

    /**
     * Runs the evaluation.
     *
     * @return the exit status: 0 if every clip was evaluated, 1 if one was not
     * @throws IOException if the results cannot be written
     * @throws InterruptedException if this thread is interrupted
     */
    int run() throws IOException, InterruptedException {
        List<Path> clips = options.chosenClips();
        Files.createDirectories(options.out());
        List<ClipResult> results = new ArrayList<>();
        int failed = 0;
        ExecutorService workers = Executors.newFixedThreadPool(options.jobs());
        try (RememberedClips remembered = new RememberedClips(options.out().resolve("fingerprints.db"))) {
            List<Future<ClipResult>> running = clips.stream()
                    .map(clip -> workers.submit(() -> evaluate(clip, remembered)))
                    .toList();
            for (int i = 0; i < running.size(); i++) {
                try {
                    results.add(running.get(i).get());
                } catch (ExecutionException e) {
                    System.err.println(clips.get(i) + ": left out: " + e.getCause());
                    failed++;
                    continue;
                }
                results.sort(Comparator.comparing(ClipResult::name));
                write(results);
            }
        } finally {
            workers.shutdownNow();
        }
        System.out.println(
                new EvaluationTables(results).markdown().lines().findFirst().orElse(""));
        return failed == 0 && !results.isEmpty() ? 0 : 1;
    }

    private ClipResult evaluate(Path clip, RememberedClips remembered) throws IOException, InterruptedException {
        String name = Options.clipName(clip);
        Path folder = options.out().resolve(name);
        Path complete = folder.resolve("result.json");
        if (Files.exists(complete)) {
            say(name, "is complete");
            return JSON.readValue(complete.toFile(), ClipResult.class);
        }
        Files.createDirectories(folder);
        MarkId id = EvaluationKeys.id(name);
        Path marked = folder.resolve("marked.mp4");
        MarkedClip made = MarkedClip.make(embedder, id, clip, marked);
        remembered.remember(name, id, made.fingerprint());
        ImageIO.write(
                made.picture(), "png", options.out().resolve(name + ".png").toFile());
        say(
                name,
                String.format(
                        "marked, α %.2f, PSNR-Y %.1f dB, SSIM %.4f",
                        made.marking().alpha(),
                        made.marking().psnrY(),
                        made.marking().ssim()));

        Path attacked = folder.resolve("attacked");
        delete(attacked);
        Files.createDirectories(attacked);
        AttackProgram.Outcome outcome = attacks.run(marked, attacked);
        say(
                name,
                outcome.files().size() + " attacks" + (outcome.problems().isEmpty() ? "" : ", " + outcome.problems()));
        List<Variant> variants = new ArrayList<>();
        variants.add(detect(ClipResult.UNATTACKED, marked, id, remembered));
        for (Attacked file : outcome.files()) {
            Variant variant = detect(file.name(), file.file(), id, remembered);
            if (!variant.recovered()) {
                say(
                        name,
                        String.format(
                                "%s %s, t %.2f, ρ %.2f, %.1f s %s",
                                file.name(),
                                variant.recoveredWithStore() ? "seen with the store" : "lost",
                                variant.syncStatistic(),
                                variant.correlation(),
                                variant.seconds(),
                                variant.error()));
            }
            variants.add(variant);
        }
        ClipResult result = new ClipResult(
                name,
                made.format().width(),
                made.format().height(),
                made.format().frameCount(),
                made.format().frameRate().nominal(),
                id.toString(),
                made.marking(),
                outcome.problems(),
                variants);
        replace(complete, JSON.writeValueAsString(result));
        if (!options.keep()) {
            delete(attacked);
        }
        Tally tally = Tally.of(List.of(result), attack -> true);
        say(name, "recovered " + tally.recovered() + " of " + tally.variants());
        return result;
    }

    private Variant detect(String attack, Path file, MarkId id, RememberedClips remembered) {
        long start = System.nanoTime();
        try {
            DetectionResult result = detector.examine(file);
            List<DetectedMark> marks = new ArrayList<>(result.marks());
            Optional<DetectedMark> read = withId(marks, id);
            if (read.isEmpty()) {
                List<MarkId> shown = remembered.shownBy(file);
                if (!shown.isEmpty()) {
                    marks.addAll(detector.examine(file, shown).marks());
                }
            }
            long wrong = marks.stream()
                    .map(DetectedMark::id)
                    .distinct()
                    .filter(found -> !found.equals(id))
                    .count();
            return new Variant(
                    attack,
                    read.isPresent(),
                    withId(marks, id).isPresent(),
                    (int) wrong,
                    read.map(DetectedMark::syncStatistic).orElse(result.syncStatistic()),
                    read.map(DetectedMark::correlation).orElse(result.correlation()),
                    read.map(DetectedMark::stage).orElse(""),
                    result.attempts(),
                    result.seconds(),
                    "");
        } catch (IOException | RuntimeException e) {
            // a file that the detector does not survive is a mark that is lost, and told
            return new Variant(attack, false, false, 0, 0, 0, "", 0, (System.nanoTime() - start) / 1e9, e.toString());
        }
    }

    private static Optional<DetectedMark> withId(List<DetectedMark> marks, MarkId id) {
        return marks.stream().filter(mark -> mark.id().equals(id)).findFirst();
    }

    private void write(List<ClipResult> results) throws IOException {
        replace(
                options.out().resolve("results.json"),
                JSON.writeValueAsString(Map.of("machine", Machine.description(), "clips", results)));
        replace(
                options.out().resolve("results.md"),
                "# What the watermark survives\n\n" + Machine.description() + "\n\n"
                        + new EvaluationTables(results).markdown() + "\n");
    }

    private static void replace(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, text.getBytes(StandardCharsets.UTF_8));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void say(String clip, String what) {
        System.out.println(clip + ": " + what);
    }
}
