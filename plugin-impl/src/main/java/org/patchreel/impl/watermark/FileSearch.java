package org.patchreel.impl.watermark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.impl.watermark.ClipResiduals.Region;
import org.patchreel.impl.watermark.ClipResiduals.Stretch;
import org.patchreel.impl.watermark.GeometrySearch.Family;
import org.patchreel.impl.watermark.MarkSearch.Found;

/**
 * Searches a file: first the whole of it, then parts of its time, then parts of its picture; in each the likely geometries
 * before the unlikely ones. Used by one thread.
 */
final class FileSearch {
    /**
     * ρ from which a mark that was read in a file is taken to be in a stretch of it: half of that of the best stretch, but
     * within these bounds. Without a mark it is reached with a chance of 10⁻³ and 3·10⁻⁷.
     */
    private static final double LEAST_PRESENT = 3.7;

    private static final double SURELY_PRESENT = 5.5;

    private static final List<Region> REGIONS = List.of(
            new Region(0, 0, 0.5, 1),
            new Region(0.5, 0, 1, 1),
            new Region(0, 0, 1, 0.5),
            new Region(0, 0.5, 1, 1),
            new Region(0, 0, 0.5, 0.5),
            new Region(0.5, 0, 1, 0.5),
            new Region(0, 0.5, 0.5, 1),
            new Region(0.5, 0.5, 1, 1),
            new Region(0.2, 0.2, 0.8, 0.8));

    /** Shorter sides of clips, in pixels, from which a part may have been cut without scaling it. */
    private static final int[] USUAL_SIDES = {
        360, 384, 400, 416, 432, 448, 464, 480, 512, 544, 576, 640, 704, 720, 768, 1024, 1080, 1088
    };

    /** From this scale on the level of half the size is the better one: its filters fit the enlarged tile. */
    private static final double HALVED_FROM = 1.6;

    private final ClipResiduals clip;
    final MarkSearch search;
    private final List<DetectedMark> marks = new ArrayList<>();

    /** A mark and the part of the picture where it was read. */
    private record Place(Found found, int level, Region region) {}

    FileSearch(ClipResiduals clip, MarkSearch search) {
        this.clip = clip;
        this.search = search;
    }

    /** {@return all marks, in the order of time} */
    List<DetectedMark> marks() {
        Place place = whole(Stretch.sum(clip.stretches));
        if (place != null) {
            explain(clip.stretches, place);
        } else {
            searchTimes();
            if (marks.isEmpty()) {
                searchRegions();
            }
        }
        marks.sort(Comparator.comparing(mark -> mark.range().start()));
        return List.copyOf(marks);
    }

    /** The geometries of ordinary copies. */
    private @Nullable Place usual(Stretch sum, Region region) {
        List<Spectrum> spectra = clip.spectra(sum, 0, region);
        Found found = search.at(spectra, Geometry.IDENTITY, "identity");
        if (found == null && clip.nativeScale < 1) {
            found = search.at(spectra, Geometry.of(clip.nativeScale, clip.nativeScale, 0), "native");
        }
        return found == null ? null : new Place(found, 0, region);
    }

    private @Nullable Place whole(Stretch sum) {
        Place place = usual(sum, Region.WHOLE);
        if (place != null) {
            return place;
        }
        List<Spectrum> spectra = clip.spectra(sum, 0, Region.WHOLE);
        List<Spectrum> halved = clip.spectra(sum, 1, Region.WHOLE);
        for (int side : USUAL_SIDES) {
            if (side > clip.nativeSide) {
                // pixels as they were in the whole picture, of which the working grid would have had 360 lines
                double scale = side * clip.nativeScale / clip.nativeSide;
                int level = scale < HALVED_FROM ? 0 : 1;
                double within = level == 0 ? scale : scale / 2;
                Found cut = search.at(level == 0 ? spectra : halved, Geometry.of(within, within, 0), "cut");
                if (cut != null) {
                    return new Place(cut, level, Region.WHOLE);
                }
            }
        }
        Found found = search.among(spectra, Family.SCALE, 10, "scale");
        if (found != null) {
            return new Place(found, 0, Region.WHOLE);
        }
        found = search.among(halved, Family.SCALE, 10, "scale, halved");
        if (found != null) {
            return new Place(found, 1, Region.WHOLE);
        }
        found = search.among(spectra, Family.ASPECT, 8, "aspect");
        if (found == null) {
            found = search.among(spectra, Family.ROTATION, 8, "rotation");
        }
        return found == null ? null : new Place(found, 0, Region.WHOLE);
    }

    /** Looks where in the time a mark is, notes it, and searches the rest. */
    private void explain(List<Stretch> stretches, Place place) {
        double[] correlations = stretches.stream()
                .mapToDouble(
                        stretch -> search.correlation(clip.spectra(stretch, place.level, place.region), place.found))
                .toArray();
        double best = Arrays.stream(correlations).max().orElse(0);
        double threshold = Math.max(LEAST_PRESENT, Math.min(SURELY_PRESENT, best / 2));
        boolean[] present = new boolean[correlations.length];
        int count = 0;
        for (int i = 0; i < present.length; i++) {
            present[i] = correlations[i] >= threshold;
            count += present[i] ? 1 : 0;
        }
        if (count == 0) {
            note(place.found, stretches); // too weak to be seen in any stretch alone
            return;
        }
        // a stretch too weak to tell, between two that have the mark, has it too
        for (int i = 1; i + 1 < present.length; i++) {
            present[i] |= present[i - 1] && present[i + 1];
        }
        for (int i = 0; i < present.length; ) {
            int end = i + 1;
            while (end < present.length && present[end] == present[i]) {
                end++;
            }
            List<Stretch> run = stretches.subList(i, end);
            if (present[i]) {
                note(place.found, run);
            } else if (count < present.length) {
                searchRest(run, place);
            }
            i = end;
        }
    }

    private void searchRest(List<Stretch> run, Place place) {
        Stretch sum = Stretch.sum(run);
        Place other = usual(sum, Region.WHOLE);
        if (other == null && !place.found.stage().equals("identity")) {
            Found found =
                    search.at(clip.spectra(sum, place.level, place.region), place.found.lattice(), place.found.stage());
            other = found == null ? null : new Place(found, place.level, place.region);
        }
        if (other != null) {
            note(other.found, run);
        }
    }

    private void note(Found found, List<Stretch> run) {
        marks.add(new DetectedMark(
                found.id(),
                found.epoch(),
                new TimeRange(seconds(run.get(0).start), seconds(run.get(run.size() - 1).end)),
                found.shift().statistic(),
                found.correlation(),
                found.stage(),
                found.geometry()));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Marks that the rest of the file drowned: pieces of it, each alone. */
    private void searchTimes() {
        int total = clip.stretches.size();
        int length = Math.max(2, total / 4);
        if (total < 2 * length) {
            return;
        }
        for (int start = 0; start + length <= total; start += length) {
            List<Stretch> run = clip.stretches.subList(start, start + length);
            Place place = usual(Stretch.sum(run), Region.WHOLE);
            if (place != null) {
                explain(clip.stretches, place);
                return;
            }
        }
    }

    private void searchRegions() {
        Stretch sum = Stretch.sum(clip.stretches);
        for (Region region : REGIONS) {
            Place place = usual(sum, region);
            if (place == null) {
                Found found = search.among(clip.spectra(sum, 0, region), Family.SCALE, 4, "region");
                place = found == null ? null : new Place(found, 0, region);
            }
            if (place != null && !isKnown(place.found.id())) {
                explain(clip.stretches, place);
            }
        }
    }

    private boolean isKnown(MarkId id) {
        return marks.stream().anyMatch(mark -> mark.id().equals(id));
    }
}
