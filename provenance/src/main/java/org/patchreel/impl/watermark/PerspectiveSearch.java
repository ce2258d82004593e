package org.patchreel.impl.watermark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds from what side a marked picture is seen. In a small block of the picture its geometry is nearly the same
 * everywhere: the geometries that stand out in one block are continued over the picture with all changes of scale, and
 * those that stand out in all blocks together are kept. Used by one thread.
 */
final class PerspectiveSearch {
    private static final int ACROSS = 3;
    private static final int DOWN = 2;

    /** Geometries of each block that are continued over the picture. */
    private static final int OF_A_BLOCK = 24;

    /** Views that are climbed from. */
    private static final int CLIMBED = 16;

    /** How much the scale changes over the picture at most, and by what step. */
    private static final double MAX_CHANGE = 0.2;

    private static final double CHANGE_STEP = 0.04;

    private final List<Block> blocks = new ArrayList<>();
    private final int width;

    /** A part of the picture. */
    private record Block(double x, double y, Spectrum spectrum) {}

    /**
     * A view worth trying.
     *
     * @param perspective the view
     * @param score how far its lines stand out in all blocks
     */
    record View(Perspective perspective, double score) {}

    /**
     * Prepares a search.
     *
     * @param residual of the picture
     * @param width pixels
     * @param height pixels
     */
    PerspectiveSearch(float[] residual, int width, int height) {
        this.width = width;
        for (int row = 0; row < DOWN; row++) {
            for (int column = 0; column < ACROSS; column++) {
                int left = column * width / ACROSS;
                int right = (column + 1) * width / ACROSS;
                int top = row * height / DOWN;
                int bottom = (row + 1) * height / DOWN;
                float[] part = new float[(right - left) * (bottom - top)];
                for (int y = top; y < bottom; y++) {
                    System.arraycopy(residual, y * width + left, part, (y - top) * (right - left), right - left);
                }
                blocks.add(new Block(
                        (left + right) / 2.0, (top + bottom) / 2.0, new Spectrum(part, right - left, bottom - top)));
            }
        }
    }

    /**
     * Finds the views that stand out most.
     *
     * @param scale of the picture, about
     * @param count how many
     * @return views, the best first
     */
    List<View> best(double scale, int count) {
        List<View> views = new ArrayList<>();
        for (Block block : blocks) {
            for (GeometrySearch.Candidate candidate : GeometrySearch.nearby(block.spectrum, scale, OF_A_BLOCK)) {
                View best = null;
                for (double wx = -MAX_CHANGE; wx <= MAX_CHANGE; wx += CHANGE_STEP) {
                    for (double wy = -MAX_CHANGE; wy <= MAX_CHANGE; wy += CHANGE_STEP) {
                        if (Math.hypot(wx, wy) > MAX_CHANGE) {
                            continue;
                        }
                        Perspective perspective =
                                new Perspective(block.x, block.y, candidate.geometry(), wx / width, wy / width);
                        double score = score(perspective, false);
                        if (best == null || score > best.score) {
                            best = new View(perspective, score);
                        }
                    }
                }
                if (best != null) {
                    views.add(best);
                }
            }
        }
        views.sort(Comparator.comparingDouble(View::score).reversed());
        List<View> climbed = new ArrayList<>();
        for (View view : views.subList(0, Math.min(CLIMBED, views.size()))) {
            climbed.add(climb(view.perspective));
        }
        climbed.sort(Comparator.comparingDouble(View::score).reversed());
        return climbed.subList(0, Math.min(count, climbed.size()));
    }

    private double score(Perspective perspective, boolean all) {
        double sum = 0;
        for (Block block : blocks) {
            Geometry geometry = perspective.at(block.x, block.y);
            sum += all
                    ? GeometrySearch.score(block.spectrum, geometry)
                    : GeometrySearch.coarseScore(block.spectrum, geometry);
        }
        return sum / Math.sqrt(blocks.size());
    }

    private View climb(Perspective start) {
        Perspective best = start;
        double score = score(start, true);
        for (double step : new double[] {0.006, 0.003, 0.0015}) {
            boolean moved = true;
            for (int round = 0; moved && round < 8; round++) {
                moved = false;
                for (Perspective neighbour : neighbours(best, step)) {
                    double candidate = score(neighbour, true);
                    if (candidate > score + 1e-5) {
                        score = candidate;
                        best = neighbour;
                        moved = true;
                    }
                }
            }
        }
        return new View(best, score);
    }

    private List<Perspective> neighbours(Perspective p, double step) {
        List<Perspective> neighbours = new ArrayList<>();
        for (Geometry geometry : GeometrySearch.neighbours(p.atCentre(), step)) {
            neighbours.add(new Perspective(p.centreX(), p.centreY(), geometry, p.wx(), p.wy()));
        }
        double change = 2 * step / width;
        for (int sign = -1; sign <= 1; sign += 2) {
            neighbours.add(new Perspective(p.centreX(), p.centreY(), p.atCentre(), p.wx() + sign * change, p.wy()));
            neighbours.add(new Perspective(p.centreX(), p.centreY(), p.atCentre(), p.wx(), p.wy() + sign * change));
        }
        return neighbours;
    }
}
