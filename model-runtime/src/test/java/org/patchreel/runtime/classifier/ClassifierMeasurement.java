package org.patchreel.runtime.classifier;

import com.sun.management.OperatingSystemMXBean;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.patchreel.spi.VideoFrame;

/**
 * Measures what the classifier makes of the PNG files of folders, and what it takes; prints a part of the page frames.md: {@code
 * benchmarks/frames} runs it.
 */
final class ClassifierMeasurement {

    private static final int TIMED = 40;

    private ClassifierMeasurement() {}

    public static void main(String[] folders) throws IOException {
        NsfwClassifier classifier = new NsfwClassifier();
        System.out.println(
                "## Explicit pictures\n\nThe highest scores of pictures that show nothing explicit; in brackets the median.\n");
        System.out.println("| pictures | N | " + String.join(" | ", classifier.labels()) + " |");
        System.out.println("|---|---:|" + "---:|".repeat(classifier.labels().size()));
        for (String folder : folders) {
            Map<String, List<Double>> scores = new TreeMap<>();
            List<Path> files = pictures(Path.of(folder));
            for (Path file : files) {
                classifier
                        .scores(frame(file))
                        .forEach((label, score) -> scores.computeIfAbsent(label, key -> new ArrayList<>())
                                .add(score));
            }
            StringBuilder line = new StringBuilder("| " + Path.of(folder).getFileName() + " | " + files.size() + " |");
            for (String label : classifier.labels()) {
                List<Double> all = Objects.requireNonNull(scores.get(label), label);
                Collections.sort(all);
                line.append(
                        String.format(Locale.ROOT, " %.3f (%.3f) |", all.get(all.size() - 1), all.get(all.size() / 2)));
            }
            System.out.println(line);
        }
        cost(classifier, frame(pictures(Path.of(folders[0])).get(0)));
        classifier.close();
    }

    private static List<Path> pictures(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".png"))
                    .sorted()
                    .toList();
        }
    }

    private static VideoFrame frame(Path file) throws IOException {
        BufferedImage image = Objects.requireNonNull(ImageIO.read(file.toFile()), file.toString());
        ByteBuffer rgb = ByteBuffer.allocate(3 * image.getWidth() * image.getHeight());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int value = image.getRGB(x, y);
                rgb.put((byte) (value >> 16)).put((byte) (value >> 8)).put((byte) value);
            }
        }
        return new VideoFrame(image.getWidth(), image.getHeight(), rgb.flip());
    }

    /** Processor time of the process, on all processors together. */
    private static void cost(NsfwClassifier classifier, VideoFrame picture) throws IOException {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double least = Double.MAX_VALUE;
        for (int i = 0; i < TIMED; i++) {
            long before = process.getProcessCpuTime();
            classifier.scores(picture);
            least = Math.min(least, (process.getProcessCpuTime() - before) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "%nA picture of %dx%d takes %.0f ms of a processor.%n",
                picture.width(),
                picture.height(),
                least);
    }
}
