package org.patchreel.impl.watermark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.impl.watermark.ClipResiduals.Crop;
import org.patchreel.impl.watermark.ClipResiduals.Part;
import org.patchreel.impl.watermark.ClipResiduals.Region;
import org.patchreel.impl.watermark.ClipResiduals.Stretch;
import org.patchreel.impl.watermark.GeometrySearch.Family;
import org.patchreel.impl.watermark.MarkSearch.Found;
import org.patchreel.impl.watermark.MarkSearch.Tried;

/**
 * Searches a file: first the whole of it, then parts of its time, then parts of its picture; in each the likely geometries
 * before the unlikely ones. Used by one thread.
 */
final class FileSearch {
    /**
     * ρ from which a mark that was read in a file is taken to be in a stretch of it: half of that of the best stretch, but
     * within these bounds. Without a mark it is reached with a chance of 10⁻³ and 3·10⁻⁷.
     */
    private static final double MIN_PRESENT = 3.7;

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

    /**
     * Shortest side of a picture, in pixels of the working grid, in which a mark is looked for. It is an eighth of the
     * mark's tile, in which no mark can be read; parts of a picture, as small as a third of it, have pixels nevertheless.
     */
    private static final int MIN_SIDE = Carriers.TILE / 8;

    /** Views from the side that are tried. */
    private static final int VIEWS = 12;

    private final ClipResiduals clip;
    private final MarkSearch search;
    private final KnownMarkSearch known;
    private final List<DetectedMark> marks = new ArrayList<>();

    /**
     * Prepares a search.
     *
     * @param clip the file
     * @param search reads marks
     * @param known asks for marks that cannot be read
     */
    FileSearch(ClipResiduals clip, MarkSearch search, KnownMarkSearch known) {
        this.clip = clip;
        this.search = search;
        this.known = known;
    }

    /** {@return all marks, in the order of time} */
    List<DetectedMark> marks() {
        FrameSize size = clip.crop(clip.stretches.get(0).all[0], 0, clip.picture).size;
        if (Math.min(size.width(), size.height()) < MIN_SIDE) {
            return List.of();
        }
        Found found = whole(Stretch.sum(clip.stretches));
        if (found != null) {
            explain(clip.stretches, found);
        } else {
            searchTimes();
            if (marks.isEmpty()) {
                searchRegions();
            }
            if (marks.isEmpty() && known.isAsked()) {
                found = known();
                if (found != null) {
                    explain(clip.stretches, found);
                }
            }
        }
        marks.sort(Comparator.comparing(mark -> mark.range().start()));
        return List.copyOf(marks);
    }

    /** The geometries of ordinary copies. */
    private List<Geometry> usual(Region region) {
        List<Geometry> usual = new ArrayList<>();
        usual.add(Geometry.IDENTITY);
        double scale = clip.nativeScale;
        if (scale < 1) {
            usual.add(Geometry.of(scale, scale, 0));
        }
        if (region.equals(clip.picture) && !region.equals(Region.WHOLE)) {
            // the bars were put around a whole picture; their edges are known to a pixel
            double lines = Math.min(region.height() * clip.sizes[0].height(), region.width() * clip.sizes[0].width());
            for (double side : new double[] {lines, lines - 1, lines + 1}) {
                usual.add(Geometry.of(side / WorkingGrid.SHORT_SIDE, side / WorkingGrid.SHORT_SIDE, 0));
            }
        }
        return usual;
    }

    private @Nullable Found usual(Part part) {
        for (Geometry geometry : usual(part.region())) {
            Found found = search.at(part, geometry, geometry.equals(Geometry.IDENTITY) ? "identity" : "native");
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Found inPlace(Part part) {
        if (!known.isAsked()) {
            return null;
        }
        for (Geometry geometry : usual(part.region())) {
            Found found = known.inPlace(part, geometry, DetectedMark.KNOWN);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Found whole(Stretch sum) {
        Part part = clip.part(sum, 0, clip.picture);
        Found found = usual(part);
        if (found == null) {
            found = inPlace(part);
        }
        if (found != null) {
            return found;
        }
        Part halved = clip.part(sum, 1, clip.picture);
        for (int side : USUAL_SIDES) {
            if (side > clip.nativeSide) {
                // pixels as they were in the whole picture, of which the working grid would have had 360 lines
                double scale = side * clip.nativeScale / clip.nativeSide;
                boolean large = scale >= HALVED_FROM;
                double within = large ? scale / 2 : scale;
                found = search.at(large ? halved : part, Geometry.of(within, within, 0), "cut");
                if (found != null) {
                    return found;
                }
            }
        }
        found = search.among(part, Family.SCALE, 10, "scale");
        if (found == null) {
            found = search.among(halved, Family.SCALE, 10, "scale, halved");
        }
        if (found == null) {
            found = search.among(part, Family.ASPECT, 8, "aspect");
        }
        if (found == null) {
            found = search.among(part, Family.ROTATION, 8, "rotation");
        }
        return found == null ? fromTheSide(sum) : found;
    }

    private @Nullable Found fromTheSide(Stretch sum) {
        Crop crop = clip.crop(clip.allAndIntra(sum), 0, clip.picture);
        PerspectiveSearch views = new PerspectiveSearch(crop.residual, crop.size.width(), crop.size.height());
        for (PerspectiveSearch.View view : views.best(clip.nativeScale, VIEWS)) {
            Perspective perspective = view.perspective();
            Part part = clip.part(sum, 0, clip.picture, perspective);
            Found found = search.at(part, perspective.atCentre(), "perspective");
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Asks for the known marks, at the geometries of ordinary copies and where the search came nearest to reading one. */
    private @Nullable Found known() {
        Part whole = clip.part(Stretch.sum(clip.stretches), 0, clip.picture);
        for (Geometry geometry : usual(clip.picture)) {
            Found found = known.at(whole, geometry, DetectedMark.KNOWN);
            if (found != null) {
                return found;
            }
        }
        for (Tried tried : search.tried()) {
            Found found = known.at(tried.part(), tried.geometry(), DetectedMark.KNOWN);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Looks where in the time a mark is, notes it, and searches the rest. */
    private void explain(List<Stretch> stretches, Found found) {
        double[] correlations = stretches.stream()
                .mapToDouble(stretch -> search.correlation(partLike(found, stretch), found))
                .toArray();
        double best = Arrays.stream(correlations).max().orElse(0);
        double threshold = Math.max(MIN_PRESENT, Math.min(SURELY_PRESENT, best / 2));
        boolean[] present = new boolean[correlations.length];
        int count = 0;
        for (int i = 0; i < present.length; i++) {
            present[i] = correlations[i] >= threshold;
            count += present[i] ? 1 : 0;
        }
        if (count == 0) {
            note(found, stretches); // too weak to be seen in any stretch alone
            return;
        }
        // a stretch that is too weak to decide, between two with the mark, counts as marked
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
                note(found, run);
            } else if (count < present.length) {
                searchRest(run, found);
            }
            i = end;
        }
    }

    private Part partLike(Found found, Stretch stretch) {
        Part part = found.part();
        return clip.part(stretch, part.level(), part.region(), part.perspective());
    }

    private void searchRest(List<Stretch> run, Found found) {
        Stretch sum = Stretch.sum(run);
        Found other = usual(clip.part(sum, 0, clip.picture));
        if (other == null && !found.stage().equals("identity")) {
            other = search.at(partLike(found, sum), found.lattice(), found.stage());
        }
        if (other != null) {
            note(other, run);
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
            Found found = usual(clip.part(Stretch.sum(run), 0, clip.picture));
            if (found != null) {
                explain(clip.stretches, found);
                return;
            }
        }
    }

    private void searchRegions() {
        Stretch sum = Stretch.sum(clip.stretches);
        for (Region region : REGIONS) {
            Part part = clip.part(sum, 0, region);
            Found found = usual(part);
            if (found == null) {
                found = search.among(part, Family.SCALE, 4, "region");
            }
            if (found != null && !isKnown(found.id())) {
                explain(clip.stretches, found);
            }
        }
    }

    private boolean isKnown(MarkId id) {
        return marks.stream().anyMatch(mark -> mark.id().equals(id));
    }
}
