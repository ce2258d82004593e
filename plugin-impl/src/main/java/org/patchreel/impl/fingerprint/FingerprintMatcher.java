package org.patchreel.impl.fingerprint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.TimeRange;

/**
 * Compares the pictures of a file with the fingerprint of a clip and says which seconds of the file show which seconds of
 * the clip. Safe for use from any thread.
 *
 * <p>Whole pictures are compared first, upright and turned. With {@link Effort#PARTS} parts of the clip's pictures are
 * then compared with the file's (a cropped copy), and parts of the file's pictures with the clip's (letterbox, picture in
 * picture, side by side), and last halves of the file's with parts of the clip's (cropped and put side by side). The part
 * is found on a grid and then moved until the signatures fit best.
 */
public final class FingerprintMatcher {

    /** How much is tried. */
    public enum Effort {
        /** Whole pictures alone: a few milliseconds. */
        WHOLE,
        /** Parts of pictures, too: up to some seconds. */
        PARTS
    }

    /**
     * Signatures of the same picture are at most this far apart on average, of 760; unrelated ones about 340. The package's
     * benchmark measured no unrelated pair of clips below 150 after the whole search.
     */
    static final int THRESHOLD = 110;

    /** On the grid of parts signatures may be further apart before the part is moved to where it fits. */
    private static final int GRID_THRESHOLD = 240;

    /** Distance of unrelated pictures on average: similarity 0. */
    private static final double UNRELATED = 340;

    /** Neighbouring frames this far apart are of different scenes. */
    private static final int CUT = 150;

    private static final int MOST_RANGES = 64;
    private static final int MOST_GRID_PICTURES = 16;
    private static final int MOST_GRID_FRAMES = 400;
    private static final int REFINED_PARTS = 4;
    private static final List<Window> GRID = Window.grid();
    private static final List<Orientation> SIDES = List.of(Orientation.UPRIGHT, Orientation.MIRRORED);

    /**
     * Where a clip is in a file.
     *
     * @param ranges in the order of time in the file
     * @param similarity 1 for equal signatures, 0 for those as far apart as signatures of unrelated pictures are
     */
    public record Match(List<MatchedRange> ranges, double similarity) {}

    /** How file and clip are looked at: which part of the file's pictures, turned, shows which part of the clip's. */
    record View(Orientation orientation, Window file, Window clip) {}

    /**
     * Compares.
     *
     * @param file pictures of a file
     * @param clip a fingerprint
     * @param effort how much to try
     * @return where the clip is in the file; empty if it is not
     */
    public Optional<Match> match(FilePictures file, Fingerprint clip, Effort effort) {
        if (file.isEmpty() || clip.samples().isEmpty()) {
            return Optional.empty();
        }
        Optional<View> view = wholeView(file, clip);
        if (view.isEmpty() && effort == Effort.PARTS) {
            view = partView(file, clip);
        }
        return view.flatMap(found -> ranges(file, clip, found));
    }

    private Optional<View> wholeView(FilePictures file, Fingerprint clip) {
        View best = null;
        double score = 0;
        for (Orientation orientation : Orientation.values()) {
            View view = new View(orientation, Window.WHOLE, Window.WHOLE);
            double found = timeLine(file, clip, view, THRESHOLD)
                    .best()
                    .map(TimeLine.Line::score)
                    .orElse(0.0);
            if (found > score) {
                score = found;
                best = view;
            }
        }
        return Optional.ofNullable(best);
    }

    private Optional<View> partView(FilePictures file, Fingerprint clip) {
        Probe probe = new Probe(file, clip);
        for (Orientation orientation : SIDES) {
            for (boolean partOfClip : new boolean[] {true, false}) {
                Optional<View> view = probe.search(orientation, Window.WHOLE, partOfClip);
                if (view.isPresent()) {
                    return view;
                }
            }
        }
        for (Orientation orientation : SIDES) {
            for (Window half : Window.HALVES) {
                Optional<View> view = probe.search(orientation, half, true);
                if (view.isPresent()) {
                    return view;
                }
            }
        }
        return Optional.empty();
    }

    private static FrameSignature[] signatures(List<LumaGrid> pictures, Orientation orientation, Window window) {
        FrameSignature[] signatures = new FrameSignature[pictures.size()];
        for (int i = 0; i < signatures.length; i++) {
            signatures[i] =
                    FrameSignature.of(pictures.get(i).turned(orientation).sums(), window);
        }
        return signatures;
    }

    /** Signatures of the clip as a view shows it: all that are stored, or those of the pictures if it is a part. */
    private static List<Fingerprint.Sample> samples(Fingerprint clip, Window part) {
        if (part.equals(Window.WHOLE)) {
            return clip.samples();
        }
        List<Fingerprint.Sample> samples = new ArrayList<>();
        for (Fingerprint.Sample sample : clip.samples()) {
            sample.picture()
                    .ifPresent(picture -> samples.add(new Fingerprint.Sample(
                            sample.time(), FrameSignature.of(picture.sums(), part), sample.picture())));
        }
        return samples;
    }

    private static TimeLine timeLine(FilePictures file, Fingerprint clip, View view, double threshold) {
        return timeLine(
                file.times(),
                signatures(file.pictures(), view.orientation(), view.file()),
                samples(clip, view.clip()),
                threshold);
    }

    private static TimeLine timeLine(
            int[] times, FrameSignature[] file, List<Fingerprint.Sample> clip, double threshold) {
        return new TimeLine(
                times,
                file,
                clip.stream().mapToInt(Fingerprint.Sample::time).toArray(),
                clip.stream().map(Fingerprint.Sample::signature).toArray(FrameSignature[]::new),
                threshold);
    }

    private static Optional<Match> ranges(FilePictures file, Fingerprint clip, View view) {
        FrameSignature[] signatures = signatures(file.pictures(), view.orientation(), view.file());
        List<Fingerprint.Sample> samples = samples(clip, view.clip());
        TimeLine timeLine = timeLine(file.times(), signatures, samples, THRESHOLD);
        Edges edges = new Edges(file, List.of(signatures), clip.durationMillis(), samples);
        List<MatchedRange> ranges = new ArrayList<>();
        double distances = 0;
        int compared = 0;
        while (ranges.size() < MOST_RANGES) {
            Optional<TimeLine.Line> line = timeLine.best();
            if (line.isEmpty()) {
                break;
            }
            MatchedRange range = edges.range(line.get());
            timeLine.exclude(
                    line.get(),
                    millis(range.file().start()),
                    millis(range.file().end()));
            ranges.add(range);
            distances += line.get().distance() * line.get().samples();
            compared += line.get().samples();
        }
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        ranges.sort(Comparator.comparing(range -> range.file().start()));
        double similarity = Math.max(0, 1 - distances / compared / UNRELATED);
        return Optional.of(new Match(List.copyOf(ranges), similarity));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Widens a stretch of samples to the frames between which it lies, as far as that is certain. */
    private record Edges(
            FilePictures file, List<FrameSignature> signatures, int clipEnd, List<Fingerprint.Sample> samples) {

        MatchedRange range(TimeLine.Line line) {
            int[] times = file.times();
            double start = start(line, times);
            double end = end(line, times);
            return new MatchedRange(
                    range(start, end), range(clipTime(line, start), Math.min(clipEnd, clipTime(line, end))));
        }

        private static double clipTime(TimeLine.Line line, double fileTime) {
            return Math.max(0, (fileTime - line.offset()) * line.speed());
        }

        private double start(TimeLine.Line line, int[] times) {
            double first = line.fileTime(samples.get(line.first()).time());
            double before = line.first() == 0
                    ? line.offset()
                    : line.fileTime(samples.get(line.first() - 1).time());
            boolean nothingBefore = line.first() == 0 || before < times[0];
            double limit = Math.max(before, times[0]);
            for (int i = times.length - 1; i > 0; i--) {
                if (times[i] <= first + 20 && times[i - 1] >= limit - 20 && cut(i)) {
                    return times[i];
                }
            }
            return nothingBefore ? limit : Math.max(first, times[0]);
        }

        private double end(TimeLine.Line line, int[] times) {
            double last = line.fileTime(samples.get(line.last()).time());
            boolean isLast = line.last() == samples.size() - 1;
            double after = line.fileTime(
                    isLast ? clipEnd : samples.get(line.last() + 1).time());
            boolean nothingAfter = isLast || after > file.end();
            double limit = Math.min(after, file.end());
            for (int i = 1; i < times.length; i++) {
                if (times[i] > last + 20 && times[i] <= limit + 20 && cut(i)) {
                    return times[i];
                }
            }
            return nothingAfter ? limit : Math.min(last, file.end());
        }

        private boolean cut(int i) {
            return signatures.get(i).distance(signatures.get(i - 1)) > CUT;
        }

        private static TimeRange range(double start, double end) {
            return new TimeRange(
                    Duration.ofMillis(Math.round(start)), Duration.ofMillis(Math.round(Math.max(start, end))));
        }
    }

    /** The search for a part, on fewer pictures. */
    private static final class Probe {
        private final int[] fileTimes;
        private final List<LumaGrid> filePictures = new ArrayList<>();
        private final Fingerprint clip;
        private final List<Fingerprint.Sample> clipPictures;

        Probe(FilePictures file, Fingerprint clip) {
            int[] times = file.times();
            int stride = (times.length + MOST_GRID_FRAMES - 1) / MOST_GRID_FRAMES;
            int count = (times.length + stride - 1) / stride;
            fileTimes = new int[count];
            for (int i = 0; i < count; i++) {
                fileTimes[i] = times[i * stride];
                filePictures.add(file.pictures().get(i * stride));
            }
            this.clip = clip;
            clipPictures = thinned(clip.samples().stream()
                    .filter(sample -> sample.picture().isPresent())
                    .filter(sample -> sample.signature().confidence() >= Fingerprint.LEAST_CONFIDENCE)
                    .toList());
        }

        private static <T> List<T> thinned(List<T> all) {
            List<T> some = new ArrayList<>();
            int stride = (all.size() + MOST_GRID_PICTURES - 1) / MOST_GRID_PICTURES;
            for (int i = 0; i < all.size(); i += stride) {
                some.add(all.get(i));
            }
            return some;
        }

        /** A part and the sum of the margins by which it fits. */
        private record Fit(Window part, double score) {}

        Optional<View> search(Orientation orientation, Window fileWindow, boolean partOfClip) {
            List<Fit> fits = new ArrayList<>();
            Side side = partOfClip
                    ? new PartOfClip(signatures(filePictures, orientation, fileWindow))
                    : new PartOfFile(orientation);
            for (Window window : GRID) {
                double score = side.fit(window, GRID_THRESHOLD);
                if (score > 0) {
                    fits.add(new Fit(window, score));
                }
            }
            fits.sort(Comparator.comparingDouble(Fit::score).reversed());
            for (Fit fit : fits.subList(0, Math.min(REFINED_PARTS, fits.size()))) {
                Window part = moved(fit, side);
                if (side.fit(part, THRESHOLD) > 0) {
                    return Optional.of(
                            partOfClip
                                    ? new View(orientation, fileWindow, part)
                                    : new View(orientation, part, Window.WHOLE));
                }
            }
            return Optional.empty();
        }

        private static Window moved(Fit start, Side side) {
            Fit best = start;
            for (double step = 0.04; step > 0.004; ) {
                Fit better = best;
                for (Window neighbour : best.part().neighbours(step)) {
                    double score = side.fit(neighbour, GRID_THRESHOLD);
                    if (score > better.score()) {
                        better = new Fit(neighbour, score);
                    }
                }
                if (better.score() == best.score()) {
                    step /= 2;
                }
                best = better;
            }
            return best.part();
        }

        /** Which of the two is looked at in parts. */
        private interface Side {
            double fit(Window part, double threshold);
        }

        private final class PartOfClip implements Side {
            private final FrameSignature[] file;
            private final List<double[]> sums = clipPictures.stream()
                    .map(sample -> sample.picture().orElseThrow().sums())
                    .toList();

            PartOfClip(FrameSignature[] file) {
                this.file = file;
            }

            @Override
            public double fit(Window part, double threshold) {
                double score = 0;
                for (int j = 0; j < sums.size(); j++) {
                    FrameSignature signature = FrameSignature.of(sums.get(j), part);
                    score += margin(signature, file, threshold);
                }
                return score;
            }
        }

        private final class PartOfFile implements Side {
            private final List<double[]> sums;
            private final FrameSignature[] signatures = clip.samples().stream()
                    .map(Fingerprint.Sample::signature)
                    .filter(signature -> signature.confidence() >= Fingerprint.LEAST_CONFIDENCE)
                    .toArray(FrameSignature[]::new);

            PartOfFile(Orientation orientation) {
                sums = thinned(filePictures).stream()
                        .map(picture -> picture.turned(orientation).sums())
                        .toList();
            }

            @Override
            public double fit(Window part, double threshold) {
                double score = 0;
                for (double[] picture : sums) {
                    score += margin(FrameSignature.of(picture, part), signatures, threshold);
                }
                return score;
            }
        }

        /** By how much the nearest signature is below the threshold. */
        private static double margin(FrameSignature signature, FrameSignature[] others, double threshold) {
            if (signature.confidence() < Fingerprint.LEAST_CONFIDENCE) {
                return 0;
            }
            int nearest = FrameSignature.MAX_DISTANCE;
            for (FrameSignature other : others) {
                nearest = Math.min(nearest, signature.distance(other));
            }
            return Math.max(0, threshold - nearest);
        }
    }
}
