package org.patchreel.impl.fingerprint;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stretch of a file that runs along a clip: the offset and the speed at which the signatures of both agree for
 * the longest time. Speeds other than 1 are clips played faster or slower; another frame rate needs none.
 *
 * <p>One instance compares one list of signatures of a file with one of a clip. Not safe for use by several threads.
 */
final class TimeLine {

    /** Seconds of the clip in a second of the file that are tried; between them it is refined. */
    private static final double[] SPEEDS = {1, 0.96, 1.04, 0.92, 1.09, 0.85, 1.17, 0.75, 1.25, 1.5, 0.6, 0.5, 2};

    /** Speed 1 wins unless another one fits clearly better, which few samples cannot tell. */
    private static final double OTHER_SPEED = 0.93;

    private static final double OTHER_SPEED_OF_FEW = 0.8;
    private static final int FEW = 6;

    /** Cost of a millisecond between a sample's time and that of the nearest picture, to prefer those that coincide. */
    private static final double MISSED = 0.05;

    private final int[] fileTimes;
    private final int[] clipTimes;
    private final short[][] distances;
    private final boolean[] tells;
    private final double threshold;
    private final int reach;
    private final int spacing;
    private final int least;

    /**
     * A line along which file and clip agree.
     *
     * @param speed seconds of the clip in a second of the file
     * @param offset time in the file of the clip's start, in milliseconds, may be negative
     * @param first index of the first sample of the clip that agrees
     * @param last index of the last one
     * @param firstFrame index of the picture of the file at the first sample
     * @param lastFrame index of the one at the last sample
     * @param distance mean of the signatures' distances along the line
     * @param samples how many were compared
     * @param score by how much the distances stay below the threshold, times the time of the file for which they do
     */
    record Line(
            double speed,
            double offset,
            int first,
            int last,
            int firstFrame,
            int lastFrame,
            double distance,
            int samples,
            double score) {

        double fileTime(double clipTime) {
            return offset + clipTime / speed;
        }
    }

    /**
     * Compares all with all.
     *
     * @param fileTimes milliseconds
     * @param file signatures at those times
     * @param clipTimes milliseconds
     * @param clip signatures at those times
     * @param threshold the mean distance of what is taken to agree
     */
    TimeLine(int[] fileTimes, FrameSignature[] file, int[] clipTimes, FrameSignature[] clip, double threshold) {
        this.fileTimes = fileTimes;
        this.clipTimes = clipTimes;
        this.threshold = threshold;
        this.distances = new short[clip.length][file.length];
        this.tells = new boolean[clip.length];
        for (int j = 0; j < clip.length; j++) {
            tells[j] = clip[j].confidence() >= Fingerprint.MIN_CONFIDENCE;
            for (int i = 0; i < file.length; i++) {
                distances[j][i] = (short) clip[j].distance(file[i]);
            }
        }
        this.reach = Math.max(60, 2 * period(fileTimes));
        this.spacing = Math.max(1, period(clipTimes));
        int span = fileTimes[fileTimes.length - 1] - fileTimes[0];
        this.least = span < 2 * spacing || clip.length == 1 ? 1 : 2;
    }

    private static int period(int[] times) {
        return times.length < 2 ? 0 : (times[times.length - 1] - times[0]) / (times.length - 1);
    }

    /** Takes the stretch of the file along a line out of what {@link #best} looks at, and what lies between two times. */
    void exclude(Line line, double from, double to) {
        for (int i = 0; i < fileTimes.length; i++) {
            boolean between = i >= line.firstFrame() && i <= line.lastFrame();
            if (between || (fileTimes[i] >= from && fileTimes[i] < to)) {
                for (short[] row : distances) {
                    row[i] = FrameSignature.MAX_DISTANCE;
                }
            }
        }
    }

    /** {@return the line with the highest score, if there is one above nothing} */
    Optional<Line> best() {
        Line best = null;
        int step = Math.max(20, period(fileTimes));
        for (double speed : SPEEDS) {
            double from = fileTimes[0] - clipTimes[clipTimes.length - 1] / speed;
            double to = fileTimes[fileTimes.length - 1];
            // whole steps from the file's start, so that frames fall on frames
            for (double offset = fileTimes[0] - step * Math.ceil((fileTimes[0] - from) / step);
                    offset <= to;
                    offset += step) {
                Line line = along(speed, offset);
                if (line != null && (best == null || value(line) > value(best))) {
                    best = line;
                }
            }
            if (fileTimes.length == 1) {
                break;
            }
        }
        return Optional.ofNullable(best == null ? null : refined(best, step));
    }

    private static double value(Line line) {
        if (line.speed() == 1) {
            return line.score();
        }
        return line.score() * (line.samples() < FEW ? OTHER_SPEED_OF_FEW : OTHER_SPEED);
    }

    private Line refined(Line start, int step) {
        Line best = start;
        double width = 0.02;
        for (int round = 0; round < 4 && best.last() > best.first(); round++, width /= 2) {
            double middle = (clipTimes[best.first()] + clipTimes[best.last()]) / 2.0;
            Line centre = best;
            for (int s = -2; s <= 2; s++) {
                double speed = start.samples() < FEW ? start.speed() : centre.speed() * (1 + s * width);
                for (int o = -2; o <= 2; o++) {
                    double offset = centre.fileTime(middle) + o * step / 2.0 - middle / speed;
                    Line line = along(speed, offset);
                    if (line != null && value(line) > value(best)) {
                        best = line;
                    }
                }
            }
        }
        return best;
    }

    /** The best stretch along a line, by the largest sum of consecutive margins. */
    private @Nullable Line along(double speed, double offset) {
        double score = 0;
        double sum = 0;
        int count = 0;
        int first = 0;
        int firstFrame = 0;
        double bestScore = 0;
        Line best = null;
        int i = 0;
        for (int j = 0; j < clipTimes.length; j++) {
            double time = offset + clipTimes[j] / speed;
            while (i + 1 < fileTimes.length && Math.abs(fileTimes[i + 1] - time) <= Math.abs(fileTimes[i] - time)) {
                i++;
            }
            if (Math.abs(fileTimes[i] - time) > reach || !tells[j]) {
                continue;
            }
            int distance = distances[j][i];
            if (score <= 0) {
                score = 0;
                sum = 0;
                count = 0;
                first = j;
                firstFrame = i;
            }
            double share = share(j, time, speed);
            score += share * (threshold - distance) - MISSED * Math.abs(fileTimes[i] - time);
            sum += distance;
            count++;
            if (score > bestScore && count >= least) {
                bestScore = score;
                best = new Line(speed, offset, first, j, firstFrame, i, sum / count, count, score);
            }
        }
        return best;
    }

    /** How much of the file's time a sample stands for, in samples of a clip at its own speed. */
    private double share(int sample, double time, double speed) {
        if (fileTimes.length == 1) {
            return 1;
        }
        double half = spacing / speed / 2;
        double from = Math.max(fileTimes[0], sample == 0 ? time : time - half);
        double to = Math.min(fileTimes[fileTimes.length - 1], time + half);
        return Math.max(0.05, (to - from) / spacing);
    }
}
