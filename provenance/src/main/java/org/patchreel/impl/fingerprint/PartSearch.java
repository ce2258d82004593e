package org.patchreel.impl.fingerprint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.patchreel.impl.fingerprint.FingerprintMatcher.View;

/**
 * Looks for the part of a clip's pictures that a file shows, or the part of the file's pictures that shows the clip: tries
 * a grid of parts on a few pictures, and moves the best ones until the signatures fit best. Not safe for use by several
 * threads.
 */
final class PartSearch {

    /** On the grid signatures may be further apart before the part is moved to where it fits. */
    private static final int GRID_THRESHOLD = 240;

    private static final int MAX_CLIP_PICTURES = 8;
    private static final int MAX_FILE_PICTURES = 8;

    /** Pictures of the file that a part of the clip is compared with. */
    private static final int MAX_COMPARED = 300;

    private static final int REFINED = 4;
    private static final double FIRST_STEP = 0.04;
    private static final double LAST_STEP = 0.004;
    private static final List<Window> GRID = Window.grid();

    private final List<LumaGrid> filePictures;
    private final FrameSignature[] clipSignatures;
    private final List<double[]> clipSums;
    private final List<FrameSignature[]> clipGrid;

    PartSearch(FilePictures file, Fingerprint clip) {
        filePictures = thinned(file.pictures(), MAX_COMPARED);
        List<Fingerprint.Sample> telling = clip.samples().stream()
                .filter(sample -> sample.signature().confidence() >= Fingerprint.MIN_CONFIDENCE)
                .toList();
        clipSignatures = telling.stream().map(Fingerprint.Sample::signature).toArray(FrameSignature[]::new);
        clipSums =
                thinned(
                                telling.stream()
                                        .flatMap(sample -> sample.picture().stream())
                                        .toList(),
                                MAX_CLIP_PICTURES)
                        .stream()
                        .map(LumaGrid::sums)
                        .toList();
        clipGrid = GRID.stream().map(part -> signatures(clipSums, part)).toList();
    }

    private static <T> List<T> thinned(List<T> all, int most) {
        List<T> some = new ArrayList<>();
        int stride = (all.size() + most - 1) / most;
        for (int i = 0; i < all.size(); i += stride) {
            some.add(all.get(i));
        }
        return some;
    }

    private static FrameSignature[] signatures(List<double[]> sums, Window part) {
        return sums.stream().map(each -> FrameSignature.of(each, part)).toArray(FrameSignature[]::new);
    }

    /** Finds the part of the clip's pictures that a window of the file's, turned, shows. */
    Optional<View> partOfClip(Orientation orientation, Window fileWindow) {
        FrameSignature[] file = FingerprintMatcher.signatures(filePictures, orientation, fileWindow);
        return search(clipGrid, part -> signatures(clipSums, part), file)
                .map(part -> new View(orientation, fileWindow, part));
    }

    /** Finds the part of the file's pictures, turned, that shows the whole of the clip's. */
    Optional<View> partOfFile(Orientation orientation) {
        List<double[]> sums = thinned(filePictures, MAX_FILE_PICTURES).stream()
                .map(picture -> picture.turned(orientation).sums())
                .toList();
        List<FrameSignature[]> grid =
                GRID.stream().map(part -> signatures(sums, part)).toList();
        return search(grid, part -> signatures(sums, part), clipSignatures)
                .map(part -> new View(orientation, part, Window.WHOLE));
    }

    /** A part and the sum of the margins by which it fits. */
    private record Fit(Window part, double score) {}

    private static Optional<Window> search(
            List<FrameSignature[]> grid, Function<Window, FrameSignature[]> parts, FrameSignature[] others) {
        List<Fit> fits = new ArrayList<>();
        for (int i = 0; i < GRID.size(); i++) {
            double score = fit(grid.get(i), others, GRID_THRESHOLD);
            if (score > 0) {
                fits.add(new Fit(GRID.get(i), score));
            }
        }
        fits.sort(Comparator.comparingDouble(Fit::score).reversed());
        for (Fit fit : fits.subList(0, Math.min(REFINED, fits.size()))) {
            Window part = moved(fit, parts, others);
            if (fit(parts.apply(part), others, FingerprintMatcher.PART_THRESHOLD) > 0) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    private static Window moved(Fit start, Function<Window, FrameSignature[]> parts, FrameSignature[] others) {
        Fit best = start;
        for (double step = FIRST_STEP; step > LAST_STEP; ) {
            Fit better = best;
            for (Window neighbour : best.part().neighbours(step)) {
                double score = fit(parts.apply(neighbour), others, GRID_THRESHOLD);
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

    /** By how much the nearest signatures are below the threshold, in all. */
    private static double fit(FrameSignature[] parts, FrameSignature[] others, double threshold) {
        double score = 0;
        for (FrameSignature part : parts) {
            if (part.confidence() >= Fingerprint.MIN_CONFIDENCE) {
                int nearest = FrameSignature.MAX_DISTANCE;
                for (FrameSignature other : others) {
                    nearest = Math.min(nearest, part.distance(other));
                }
                score += Math.max(0, threshold - nearest);
            }
        }
        return score;
    }
}
