package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Finds how a marked picture was scaled, stretched and turned, from the power of its spectrum alone: at the right geometry
 * the carriers' lattice lies on lines that stand above the background. This needs no key and no shift. Used by one thread.
 */
final class GeometrySearch {
    private static final int SUBSET_SIZE = 520;
    private static final double SUBSET_RADIUS = 24;

    /**
     * Carriers nearer to an axis than this are not looked at: edges of houses, windows and borders make lines there, which
     * repeat and so look like a lattice.
     */
    private static final int FROM_AXES = 3;

    private static final Lines ALL;
    private static final Lines SUBSET;

    static {
        List<Integer> all = IntStream.range(0, Carriers.COUNT)
                .filter(bin -> Math.abs(Carriers.KX[bin]) >= FROM_AXES && Carriers.KY[bin] >= FROM_AXES)
                .boxed()
                .toList();
        List<Integer> inner =
                all.stream().filter(bin -> Carriers.radius(bin) < SUBSET_RADIUS).toList();
        ALL = Lines.of(all);
        SUBSET = Lines.of(IntStream.range(0, SUBSET_SIZE)
                .mapToObj(i -> inner.get((int) ((long) i * inner.size() / SUBSET_SIZE)))
                .toList());
    }

    /** Carriers that are looked at. */
    private static final class Lines {
        private final float[] x;
        private final float[] y;
        private final float[] weights;

        private Lines(float[] x, float[] y, float[] weights) {
            this.x = x;
            this.y = y;
            this.weights = weights;
        }

        static Lines of(List<Integer> bins) {
            float[] x = new float[bins.size()];
            float[] y = new float[bins.size()];
            float[] weights = new float[bins.size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = Carriers.KX[bins.get(i)];
                y[i] = Carriers.KY[bins.get(i)];
                weights[i] = Carriers.AMPLITUDE[bins.get(i)];
            }
            return new Lines(x, y, weights);
        }

        float score(Spectrum spectrum, Geometry geometry) {
            return spectrum.score(geometry.lattice(), x, y, weights);
        }
    }

    /**
     * A geometry worth trying.
     *
     * @param geometry of the lattice, which is the same for its mirror images and quarter turns
     * @param score how far its lines stand out
     */
    record Candidate(Geometry geometry, float score) {}

    /** How far geometries near a scale are from it, and from each other. */
    private static final double NEARBY_STRETCH = 0.12;

    private static final double NEARBY_SHEAR = 0.06;
    private static final double NEARBY_STEP = 0.012;
    private static final float MIN_NEARBY = 1.5f;

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingDouble(Candidate::score).reversed();

    /** Maxima of the scan that are climbed from. */
    private static final int CLIMBED = 150;

    /** Share by which geometries differ that are no neighbours. */
    private static final double APART = 0.006;

    private GeometrySearch() {}

    /** The ways in which pictures are usually changed. */
    enum Family {
        /** The same factor in both directions. */
        SCALE,
        /** Different factors. */
        ASPECT,
        /** One factor and a turn of up to 12 degrees. */
        ROTATION
    }

    private static Grid grid(Family family) {
        return switch (family) {
            case SCALE -> new Grid(0.25, 3.2, 0.003, 0, 0, 1, (s, none) -> Geometry.of(s, s, 0));
            case ASPECT ->
                new Grid(
                        0.35,
                        2.8,
                        0.006,
                        -0.62,
                        0.62,
                        0.007,
                        (s, r) -> Geometry.of(s * Math.exp(r / 2), s * Math.exp(-r / 2), 0));
            case ROTATION ->
                new Grid(0.45, 2.3, 0.005, -12, 12, 0.25, (s, degrees) -> Geometry.of(s, s, Math.toRadians(degrees)));
        };
    }

    /**
     * Finds the geometries of a family whose lattices stand out most: scans a grid with some of the carriers, climbs with all
     * from the highest of its local maxima, of which pictures with a regular structure have many, and keeps the best.
     *
     * @return geometries that are not neighbours of each other, the best first
     */
    static List<Candidate> best(Spectrum spectrum, Family family, int count) {
        List<Candidate> climbed = new ArrayList<>();
        for (Candidate maximum : grid(family).maxima(spectrum, CLIMBED)) {
            climbed.add(refineWithin(spectrum, maximum.geometry, family));
        }
        climbed.sort(BEST_FIRST);
        List<Candidate> best = new ArrayList<>();
        for (Candidate candidate : climbed) {
            if (best.size() < count
                    && best.stream().noneMatch(other -> other.geometry.isNear(candidate.geometry, APART))) {
                best.add(candidate);
            }
        }
        return best;
    }

    /**
     * Finds geometries near a scale, of any kind, in a spectrum of little resolution.
     *
     * @return the best first
     */
    static List<Candidate> nearby(Spectrum spectrum, double scale, int count) {
        int stretches = (int) (NEARBY_STRETCH / NEARBY_STEP);
        int shears = (int) (NEARBY_SHEAR / NEARBY_STEP);
        List<Candidate> found = new ArrayList<>();
        for (int xx = -stretches; xx <= stretches; xx++) {
            for (int yy = -stretches; yy <= stretches; yy++) {
                for (int xy = -shears; xy <= shears; xy++) {
                    for (int yx = -shears; yx <= shears; yx++) {
                        Geometry geometry = new Geometry(
                                scale * (1 + NEARBY_STEP * xx),
                                scale * NEARBY_STEP * xy,
                                scale * NEARBY_STEP * yx,
                                scale * (1 + NEARBY_STEP * yy));
                        float score = SUBSET.score(spectrum, geometry);
                        if (score > MIN_NEARBY) {
                            found.add(new Candidate(geometry, score));
                        }
                    }
                }
            }
        }
        found.sort(BEST_FIRST);
        List<Candidate> best = new ArrayList<>();
        for (Candidate candidate : found) {
            if (best.size() == count) {
                break;
            }
            if (best.stream().noneMatch(other -> other.geometry.isNear(candidate.geometry, 1.5 * NEARBY_STEP))) {
                best.add(candidate);
            }
        }
        return best;
    }

    static float coarseScore(Spectrum spectrum, Geometry geometry) {
        return SUBSET.score(spectrum, geometry);
    }

    static float score(Spectrum spectrum, Geometry geometry) {
        return ALL.score(spectrum, geometry);
    }

    /** Climbs to the geometry near by whose lattice stands out most, of any kind. */
    static Candidate refine(Spectrum spectrum, Geometry start) {
        return climb(spectrum, start, GeometrySearch::neighbours, 0.004, 0.0015, 0.0006);
    }

    /** Climbs to the geometry near by whose lattice stands out most, of the same family: fewer wrong ways to go. */
    static Candidate refineWithin(Spectrum spectrum, Geometry start, Family family) {
        BiFunction<Geometry, Double, List<Geometry>> neighbours = switch (family) {
            case SCALE ->
                (g, step) -> List.of(
                        Geometry.of(1 - step, 1 - step, 0).after(g),
                        Geometry.of(1 + step, 1 + step, 0).after(g));
            case ASPECT ->
                (g, step) -> List.of(
                        Geometry.of(1 - step, 1, 0).after(g),
                        Geometry.of(1 + step, 1, 0).after(g),
                        Geometry.of(1, 1 - step, 0).after(g),
                        Geometry.of(1, 1 + step, 0).after(g));
            case ROTATION ->
                (g, step) -> List.of(
                        Geometry.of(1 - step, 1 - step, 0).after(g),
                        Geometry.of(1 + step, 1 + step, 0).after(g),
                        Geometry.of(1, 1, -step).after(g),
                        Geometry.of(1, 1, step).after(g));
        };
        return climb(spectrum, start, neighbours, 0.002, 0.001, 0.0005);
    }

    private static Candidate climb(
            Spectrum spectrum,
            Geometry start,
            BiFunction<Geometry, Double, List<Geometry>> neighbours,
            double... steps) {
        Geometry best = start;
        float score = score(spectrum, start);
        for (double step : steps) {
            boolean moved = true;
            for (int round = 0; moved && round < 8; round++) {
                moved = false;
                for (Geometry neighbour : neighbours.apply(best, step)) {
                    float candidate = score(spectrum, neighbour);
                    if (candidate > score + 1e-5f) {
                        score = candidate;
                        best = neighbour;
                        moved = true;
                    }
                }
            }
        }
        return new Candidate(best, score);
    }

    /** {@return the geometries around one: each coefficient changed, all scaled, all turned} */
    static List<Geometry> neighbours(Geometry g, double step) {
        double size = Math.sqrt(Math.abs(g.determinant()));
        List<Geometry> neighbours = new ArrayList<>();
        for (double d : new double[] {-2 * step * size, -step * size, step * size, 2 * step * size}) {
            neighbours.add(new Geometry(g.xx() + d, g.xy(), g.yx(), g.yy()));
            neighbours.add(new Geometry(g.xx(), g.xy(), g.yx(), g.yy() + d));
            neighbours.add(new Geometry(g.xx(), g.xy() + d, g.yx(), g.yy()));
            neighbours.add(new Geometry(g.xx(), g.xy(), g.yx() + d, g.yy()));
        }
        for (double d : new double[] {-step, step}) {
            neighbours.add(Geometry.of(1 + d, 1 + d, 0).after(g));
            neighbours.add(Geometry.of(1, 1, d).after(g));
        }
        return neighbours;
    }

    /** A grid over a family: scales by another variable, a single column if there is none. */
    private record Grid(
            double from,
            double to,
            double step,
            double first,
            double last,
            double across,
            BiFunction<Double, Double, Geometry> at) {

        /** {@return the points that stand out more than their neighbours on the grid, the highest first} */
        List<Candidate> maxima(Spectrum spectrum, int count) {
            int rows = (int) (Math.log(to / from) / step) + 1;
            int columns = (int) ((last - first) / across + 1e-6) + 1;
            float[] scores = new float[(rows + 2) * (columns + 2)];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    scores[(row + 1) * (columns + 2) + column + 1] = SUBSET.score(spectrum, geometry(row, column));
                }
            }
            List<Candidate> maxima = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int at = (row + 1) * (columns + 2) + column + 1;
                    if (scores[at] > 0 && isMaximum(scores, at, columns + 2)) {
                        maxima.add(new Candidate(geometry(row, column), scores[at]));
                    }
                }
            }
            maxima.sort(BEST_FIRST);
            return maxima.subList(0, Math.min(count, maxima.size()));
        }

        private static boolean isMaximum(float[] scores, int at, int width) {
            for (int dy = -width; dy <= width; dy += width) {
                for (int dx = -1; dx <= 1; dx++) {
                    if (scores[at + dy + dx] > scores[at]) {
                        return false;
                    }
                }
            }
            return true;
        }

        private Geometry geometry(int row, int column) {
            return at.apply(from * Math.exp(row * step), first + column * across);
        }
    }
}
