package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Finds how a marked picture was scaled, stretched and turned, from the power of its spectrum alone: at the right geometry
 * the carriers' lattice lies on lines that stand above the background. This needs no key and no shift. Used by one thread.
 */
final class GeometrySearch {
    private static final int SUBSET = 520;
    private static final double SUBSET_RADIUS = 24;

    private static final float[] ALL_X = new float[Carriers.COUNT];
    private static final float[] ALL_Y = new float[Carriers.COUNT];
    private static final float[] SUBSET_X;
    private static final float[] SUBSET_Y;
    private static final float[] SUBSET_WEIGHTS;

    static {
        List<Integer> inner = new ArrayList<>();
        for (int i = 0; i < Carriers.COUNT; i++) {
            ALL_X[i] = Carriers.KX[i];
            ALL_Y[i] = Carriers.KY[i];
            if (Carriers.radius(i) < SUBSET_RADIUS) {
                inner.add(i);
            }
        }
        SUBSET_X = new float[SUBSET];
        SUBSET_Y = new float[SUBSET];
        SUBSET_WEIGHTS = new float[SUBSET];
        for (int i = 0; i < SUBSET; i++) {
            int bin = inner.get((int) ((long) i * inner.size() / SUBSET));
            SUBSET_X[i] = Carriers.KX[bin];
            SUBSET_Y[i] = Carriers.KY[bin];
            SUBSET_WEIGHTS[i] = Carriers.AMPLITUDE[bin];
        }
    }

    /**
     * A geometry worth trying.
     *
     * @param geometry of the lattice, which is the same for its mirror images and quarter turns
     * @param score how far its lines stand out
     */
    record Candidate(Geometry geometry, float score) {}

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

    /** {@return the best geometries of a family that are not neighbours of each other} */
    static List<Candidate> best(Spectrum spectrum, Family family, int count) {
        Best best = new Best(count, family == Family.SCALE ? 0.006 : 0.01);
        switch (family) {
            case SCALE -> {
                for (double s = Math.log(0.25); s < Math.log(3.2); s += 0.003) {
                    best.offer(spectrum, Geometry.of(Math.exp(s), Math.exp(s), 0));
                }
            }
            case ASPECT -> {
                for (double s = Math.log(0.35); s < Math.log(2.8); s += 0.006) {
                    for (double r = -0.62; r < 0.62; r += 0.007) {
                        best.offer(spectrum, Geometry.of(Math.exp(s + r / 2), Math.exp(s - r / 2), 0));
                    }
                }
            }
            case ROTATION -> {
                for (double s = Math.log(0.45); s < Math.log(2.3); s += 0.005) {
                    for (double degrees = -12; degrees <= 12; degrees += 0.25) {
                        best.offer(spectrum, Geometry.of(Math.exp(s), Math.exp(s), Math.toRadians(degrees)));
                    }
                }
            }
        }
        return best.candidates;
    }

    static float score(Spectrum spectrum, Geometry geometry) {
        return spectrum.score(geometry.lattice(), ALL_X, ALL_Y, Carriers.AMPLITUDE);
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

    /** The best few that are not neighbours of each other. */
    private static final class Best {
        private final List<Candidate> candidates = new ArrayList<>();
        private final int count;
        private final double apart;

        Best(int count, double apart) {
            this.count = count;
            this.apart = apart;
        }

        void offer(Spectrum spectrum, Geometry geometry) {
            float score = spectrum.score(geometry.lattice(), SUBSET_X, SUBSET_Y, SUBSET_WEIGHTS);
            if (candidates.size() == count && score <= candidates.get(count - 1).score) {
                return;
            }
            for (int i = 0; i < candidates.size(); i++) {
                Candidate other = candidates.get(i);
                if (other.geometry.isNear(geometry, apart)) {
                    if (other.score >= score) {
                        return;
                    }
                    candidates.remove(i--);
                }
            }
            candidates.add(new Candidate(geometry, score));
            candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
            if (candidates.size() > count) {
                candidates.remove(count);
            }
        }
    }
}
