package org.patchreel.policy.frames;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.patchreel.spi.VideoFrame;

/**
 * Measures what the checks of frames find and what they find wrongly, and writes a part of the page frames.md to the standard output:
 * {@code benchmarks/frames} runs it. The argument is a folder with a folder of PNG files for each clip; drawn pictures are written
 * beside them, for the classifier.
 */
final class FrameRedTeam {

    private static final int DRAWN = 1000;
    private static final int PROTECTED = 100;
    private static final int[] DISTANCES = {4, 6, 8, 10, 12, 14, 16, 18};

    private static final double CORRELATION = Double.parseDouble(System.getProperty("correlation", "0.9"));

    private final Path folder;
    private final Map<String, List<VideoFrame>> clips = new LinkedHashMap<>();

    private FrameRedTeam(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        FrameRedTeam team = new FrameRedTeam(Path.of(arguments[0]));
        team.readClips();
        team.likeness();
        team.broken();
        team.cost();
    }

    private void readClips() throws IOException {
        for (Path clip : sorted(folder.resolve("clips"))) {
            List<VideoFrame> frames = new ArrayList<>();
            for (Path file : sorted(clip)) {
                frames.add(DrawnScene.frame(Objects.requireNonNull(ImageIO.read(file.toFile()), file.toString())));
            }
            clips.put(String.valueOf(clip.getFileName()), frames);
        }
    }

    private static List<Path> sorted(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private void likeness() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("protected"));
        Path drawn = Files.createDirectories(folder.resolve("drawn"));
        List<BufferedImage> originals = new ArrayList<>();
        for (int i = 0; i < PROTECTED; i++) {
            BufferedImage image = new DrawnScene(i).image(0);
            originals.add(image);
            ImageIO.write(
                    image,
                    "png",
                    pictures.resolve(String.format(Locale.ROOT, "%03d.png", i)).toFile());
        }
        ProtectedPictures known = new ProtectedPictures(pictures);
        known.update();
        System.out.println("## Likeness\n\nShare of " + PROTECTED
                + " protected drawn pictures that are found when hashes may differ in at most so many of "
                + PictureHash.LENGTH + " bits, and false alarms.\n");
        System.out.println("| |" + columns() + "\n|---|" + "---:|".repeat(DISTANCES.length));
        for (Alteration alteration : Alteration.values()) {
            int[] found = new int[DISTANCES.length];
            for (int i = 0; i < PROTECTED; i++) {
                GreyPicture seen = GreyPicture.of(DrawnScene.frame(alteration.of(originals.get(i), new Random(i))));
                String name = String.format(Locale.ROOT, "%03d.png", i);
                for (int d = 0; d < DISTANCES.length; d++) {
                    found[d] += known.find(seen, new ProtectedPictures.Likeness(DISTANCES[d], CORRELATION))
                                    .filter(name::equals)
                                    .isPresent()
                            ? 1
                            : 0;
                }
            }
            System.out.println("| " + alteration.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " |"
                    + shares(found, PROTECTED));
        }
        int[] alarms = new int[DISTANCES.length];
        for (int i = 0; i < DRAWN; i++) {
            BufferedImage image = new DrawnScene(PROTECTED + i).image(0);
            if (i < 300) {
                ImageIO.write(
                        image,
                        "png",
                        drawn.resolve(String.format(Locale.ROOT, "%04d.png", i)).toFile());
            }
            count(known, GreyPicture.of(DrawnScene.frame(image)), alarms);
        }
        System.out.println("| false alarms in " + DRAWN + " other drawn pictures |" + numbers(alarms));
        int[] ofClips = new int[DISTANCES.length];
        int frames = 0;
        for (List<VideoFrame> clip : clips.values()) {
            for (VideoFrame frame : clip) {
                count(known, GreyPicture.of(frame), ofClips);
                frames++;
            }
        }
        System.out.println("| false alarms in " + frames + " frames of clips |" + numbers(ofClips) + "\n");
    }

    private static void count(ProtectedPictures known, GreyPicture seen, int[] alarms) {
        for (int d = 0; d < DISTANCES.length; d++) {
            alarms[d] += known.find(seen, new ProtectedPictures.Likeness(DISTANCES[d], CORRELATION))
                            .isPresent()
                    ? 1
                    : 0;
        }
    }

    private static String columns() {
        StringBuilder line = new StringBuilder();
        for (int distance : DISTANCES) {
            line.append(' ').append(distance).append(" |");
        }
        return line.toString();
    }

    private static String shares(int[] found, int all) {
        StringBuilder line = new StringBuilder();
        for (int each : found) {
            line.append(' ').append(100 * each / all).append(" % |");
        }
        return line.toString();
    }

    private static String numbers(int[] found) {
        StringBuilder line = new StringBuilder();
        for (int each : found) {
            line.append(' ').append(each).append(" |");
        }
        return line.toString();
    }

    private void broken() {
        System.out.println("## Broken output\n\n| | N | black share | share of one colour | noise | motion | found |\n"
                + "|---|---:|---:|---:|---:|---:|---|");
        List<List<VideoFrame>> moving = new ArrayList<>();
        List<List<VideoFrame>> still = new ArrayList<>();
        List<List<VideoFrame>> noise = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            DrawnScene scene = new DrawnScene(i);
            moving.add(List.of(scene.frame(0), scene.frame(12), scene.frame(24), scene.frame(36)));
            still.add(List.of(scene.frame(0), scene.frame(0), scene.frame(0)));
            noise.add(List.of(noise(3L * i), noise(3L * i + 1), noise(3L * i + 2)));
        }
        row(
                "clips",
                clips.entrySet().stream()
                        .filter(clip -> !isBroken(clip.getKey()))
                        .map(Map.Entry::getValue)
                        .toList());
        clips.forEach((name, frames) -> {
            if (isBroken(name)) {
                row("encoded: " + name, List.of(frames));
            }
        });
        row("drawn scenes in which a thing moves", moving);
        row("drawn scenes, still", still);
        row("noise", noise);
        System.out.println();
    }

    /** Clips that are broken on purpose have such names. */
    private static boolean isBroken(String name) {
        return Stream.of("black", "plain", "noise", "frozen").anyMatch(name::startsWith);
    }

    static VideoFrame noise(long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(DrawnScene.WIDTH, DrawnScene.HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return DrawnScene.frame(image);
    }

    private static void row(String what, List<List<VideoFrame>> shown) {
        Map<String, Integer> found = new LinkedHashMap<>();
        List<Double> motions = new ArrayList<>();
        for (List<VideoFrame> clip : shown) {
            BrokenOutput check = new BrokenOutput();
            double motion = 0;
            GreyPicture first = BrokenOutput.cells(GreyPicture.of(clip.get(0)));
            for (VideoFrame frame : clip) {
                GreyPicture grey = GreyPicture.of(frame);
                check.add(frame, grey);
                motion = Math.max(motion, BrokenOutput.cells(grey).distance(first));
            }
            motions.add(motion);
            check.finding().ifPresent(kind -> found.merge(kind.label(), 1, Integer::sum));
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %.1f to %.1f | %s |%n",
                what,
                shown.size(),
                range(shown, frame -> BrokenOutput.blackShare(GreyPicture.of(frame))),
                range(shown, BrokenOutput::plainShare),
                range(shown, frame -> BrokenOutput.noise(GreyPicture.of(frame))),
                Collections.min(motions),
                Collections.max(motions),
                found.isEmpty() ? "nothing" : found.toString());
    }

    private static String range(List<List<VideoFrame>> shown, ToDoubleFunction<VideoFrame> value) {
        double[] all =
                shown.stream().flatMap(List::stream).mapToDouble(value).sorted().toArray();
        return String.format(Locale.ROOT, "%.3f to %.3f", all[0], all[all.length - 1]);
    }

    /** Processor time of a frame, without the classifier. */
    private void cost() throws IOException {
        ProtectedPictures known = new ProtectedPictures(folder.resolve("protected"));
        known.update();
        VideoFrame frame = new DrawnScene(DRAWN + PROTECTED).frame(0);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double least = Double.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 10; i++) {
                GreyPicture grey = GreyPicture.of(frame);
                new BrokenOutput().add(frame, grey);
                known.find(grey, FrameCheck.LIKENESS);
            }
            least = Math.min(least, (threads.getCurrentThreadCpuTime() - before) / 1e7);
        }
        System.out.printf(
                Locale.ROOT,
                "A frame of %dx%d takes %.1f ms of a processor for both, with %d protected pictures.%n",
                DrawnScene.WIDTH,
                DrawnScene.HEIGHT,
                least,
                PROTECTED);
    }
}
