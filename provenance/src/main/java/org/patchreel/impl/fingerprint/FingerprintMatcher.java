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
 * <p>Whole pictures are compared first, upright and turned. With {@link Effort#PARTS}, and unless these are close, parts
 * of the clip's pictures are then compared with the file's (a cropped copy), and parts of the file's pictures with the
 * clip's (letterbox, picture in picture, side by side), and last halves of the file's with parts of the clip's (cropped and
 * put side by side). The part
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
     * Signatures of the same whole picture are at most this far apart on average, of 760; unrelated ones about 340. The
     * nearest frames of 16 unrelated clips were 236 apart, those of four clips of one prompt with other seeds 196.
     */
    static final int THRESHOLD = 110;

    /**
     * The same where a part was looked for: the search finds the best of very many, and parts with little in them are
     * alike. Of 56 pairs of unrelated clips the nearest were 140 apart, copies cropped to half the sides 10 to 65.
     */
    static final int PART_THRESHOLD = 80;

    /** Distance of unrelated pictures on average: similarity 0. */
    private static final double UNRELATED = 340;

    /**
     * Similarity of whole pictures above which no part is looked for. Edges of a twentieth that were cut off leave 0.8; the
     * whole is then found, but too roughly to tell how fast it runs and where it begins.
     */
    private static final double CLOSE = 0.85;

    /** Share of the time of a rough match that a closer one must explain. */
    private static final double MOST = 0.9;

    /** Frames of two clips are compared that are at most this far apart, in milliseconds: half the time between those that are kept. */
    private static final int MAX_SHIFT = 250;

    /** Neighbouring frames this far apart are of different scenes. */
    private static final int CUT = 150;

    private static final int MAX_RANGES = 64;
    private static final List<Orientation> SIDES = List.of(Orientation.UPRIGHT, Orientation.MIRRORED);

    /**
     * Where a clip is in a file.
     *
     * @param ranges in the order of time in the file
     * @param similarity 1 for equal signatures, 0 for those as far apart as signatures of unrelated pictures are
     */
    public record Match(List<MatchedRange> ranges, double similarity) {

        /** {@return whether no other view can be much better: that of a copy with narrow edges cut off is not close} */
        public boolean isClose() {
            return similarity >= CLOSE;
        }

        /** {@return whether another match is as close, or explains clearly more of the file} */
        public boolean isNoBetterThan(Match other) {
            return similarity <= other.similarity || millis() < MOST * other.millis();
        }

        private double millis() {
            return ranges.stream()
                    .map(MatchedRange::file)
                    .mapToLong(range -> range.end().minus(range.start()).toMillis())
                    .sum();
        }
    }

    /** How file and clip are looked at: which part of the file's pictures, turned, shows which part of the clip's. */
    record View(Orientation orientation, Window file, Window clip) {
        boolean isWhole() {
            return file.equals(Window.WHOLE) && clip.equals(Window.WHOLE);
        }
    }

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
        Optional<Match> whole = wholeView(file, clip).flatMap(view -> ranges(file, clip, view));
        if (effort == Effort.WHOLE || whole.filter(Match::isClose).isPresent()) {
            return whole;
        }
        Optional<Match> part = partView(file, clip).flatMap(view -> ranges(file, clip, view));
        return part.filter(found -> whole.filter(found::isNoBetterThan).isEmpty())
                .or(() -> whole);
    }

    /**
     * Says whether two clips show the same pictures from beginning to end, at the same time, whole and upright: whether one is the other,
     * marked or encoded again.
     *
     * @param one fingerprint of a clip or still
     * @param other likewise
     * @return whether they do; false if there is nothing to see in them
     */
    public static boolean isSame(Fingerprint one, Fingerprint other) {
        long compared = 0;
        long distances = 0;
        long telling = 0;
        for (Fingerprint.Sample sample : one.samples()) {
            if (sample.signature().confidence() < Fingerprint.MIN_CONFIDENCE) {
                continue;
            }
            telling++;
            Optional<Fingerprint.Sample> beside = other.samples().stream()
                    .filter(each -> Math.abs(each.time() - sample.time()) <= MAX_SHIFT)
                    .min(Comparator.comparingInt(each -> Math.abs(each.time() - sample.time())));
            if (beside.isPresent()) {
                compared++;
                distances += beside.get().signature().distance(sample.signature());
            }
        }
        return compared > 0
                && compared >= MOST * telling
                && Math.abs(one.durationMillis() - other.durationMillis())
                        <= MAX_SHIFT + (1 - MOST) * one.durationMillis()
                && distances <= THRESHOLD * compared;
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

    private static Optional<View> partView(FilePictures file, Fingerprint clip) {
        PartSearch search = new PartSearch(file, clip);
        for (Orientation orientation : SIDES) {
            Optional<View> view = search.partOfClip(orientation, Window.WHOLE).or(() -> search.partOfFile(orientation));
            if (view.isPresent()) {
                return view;
            }
        }
        for (Orientation orientation : SIDES) {
            for (Window half : Window.HALVES) {
                Optional<View> view = search.partOfClip(orientation, half);
                if (view.isPresent()) {
                    return view;
                }
            }
        }
        return Optional.empty();
    }

    static FrameSignature[] signatures(List<LumaGrid> pictures, Orientation orientation, Window window) {
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
        int threshold = view.isWhole() ? THRESHOLD : PART_THRESHOLD;
        TimeLine timeLine = timeLine(file.times(), signatures, samples, threshold);
        Edges edges = new Edges(file, List.of(signatures), clip.durationMillis(), samples);
        List<MatchedRange> ranges = new ArrayList<>();
        double distances = 0;
        int compared = 0;
        while (ranges.size() < MAX_RANGES) {
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
}
