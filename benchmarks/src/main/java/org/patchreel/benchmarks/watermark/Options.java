package org.patchreel.benchmarks.watermark;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants.
 *
 * @param clips folder of the clips
 * @param attacks the attack program
 * @param out folder for what is measured
 * @param only which clips, a glob for their names without {@code .mp4}
 * @param jobs how many clips at a time
 * @param trials how many keys, for false positives
 * @param keep whether the attacked files stay
 */
record Options(Path clips, Path attacks, Path out, String only, int jobs, long trials, boolean keep) {

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if an option is unknown, lacks its value or is missing
     */
    static Options parse(List<String> args) {
        Path clips = null;
        Path attacks = Path.of(System.getProperty("patchreel.attacks", "attacks"));
        Path out = null;
        String only = "*";
        int jobs = Runtime.getRuntime().availableProcessors();
        long trials = 1_000_000;
        boolean keep = false;
        for (int i = 0; i < args.size(); i++) {
            String option = args.get(i);
            if (option.equals("--keep")) {
                keep = true;
                continue;
            }
            if (i + 1 == args.size()) {
                throw new IllegalArgumentException(option + " lacks its value");
            }
            String value = args.get(++i);
            switch (option) {
                case "--clips" -> clips = Path.of(value);
                case "--attacks" -> attacks = Path.of(value);
                case "--out" -> out = Path.of(value);
                case "--only" -> only = value;
                case "--jobs" -> jobs = (int) positive(option, value);
                case "--trials" -> trials = positive(option, value);
                default -> throw new IllegalArgumentException("no option " + option);
            }
        }
        return new Options(required("--clips", clips), attacks, required("--out", out), only, jobs, trials, keep);
    }

    private static Path required(String option, @Nullable Path value) {
        return Optional.ofNullable(value).orElseThrow(() -> new IllegalArgumentException(option + " is missing"));
    }

    private static long positive(String option, String value) {
        try {
            long number = Long.parseLong(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(option + " must be a positive number: " + value);
    }

    /**
     * Lists the clips.
     *
     * @return the MP4 files that are chosen, the largest first, so that no large one is left alone at the end
     * @throws IllegalArgumentException if there is none
     * @throws IOException if the folder cannot be read
     */
    List<Path> chosenClips() throws IOException {
        PathMatcher chosen = FileSystems.getDefault().getPathMatcher("glob:" + only);
        try (Stream<Path> files = Files.list(clips)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".mp4"))
                    .filter(file -> chosen.matches(Path.of(clipName(file))))
                    .filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().length())
                            .reversed())
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(clips + " holds no clip " + only + ".mp4");
            }
            return found;
        }
    }

    /** {@return a file's name without its ending} */
    static String clipName(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
