package org.patchreel.impl.watermark;

import java.io.IOException;
import java.util.List;

/**
 * Chooses the strength of each window of a clip: the least at which the mark is still read well after a hard encoding.
 * Between windows the strength changes slowly, unless the picture does at once. Used by one thread.
 */
final class StrengthControl {
    static final double MIN = 0.6;
    static final double MAX = 3;

    private static final double FIRST = 1.5;

    /** About what x264 comes to at a constant rate factor of 33 where there is much grain. */
    private static final int QUANTISER = 36;

    /** ρ after that encoding. A word can be read from about 15 on; the rest is for trimming, cropping and scaling. */
    private static final double TARGET = 24;

    private static final int MAX_PROBES = 3;

    /** Frames for which a choice holds beyond the window that it was made for. */
    private static final int CHOSEN_FOR = 48;

    private static final double STEP_PER_FRAME = 0.05;

    /** Mean difference of the luma between two frames that makes them a cut. */
    private static final double CUT = 20;

    private final StrengthProbe probe;
    private double wanted = FIRST;
    private double current = Double.NaN;
    private int chosenFor;
    private float[] lastLuma = new float[0];

    StrengthControl(StrengthProbe probe) {
        this.probe = probe;
    }

    /** Chooses the strength that the frames of a window should have; a choice holds for some windows if no cut comes. */
    void begin(List<FrameMarker.Prepared> window) throws IOException {
        if (chosenFor >= window.size() && !isCut(window)) {
            chosenFor -= window.size();
            return;
        }
        chosenFor = CHOSEN_FOR;
        double limit =
                window.stream().mapToDouble(frame -> frame.limit).average().orElseThrow();
        double most = Math.max(MIN, Math.min(MAX, limit));
        double strength = Math.max(MIN, Math.min(most, wanted));
        for (int i = 0; i < MAX_PROBES; i++) {
            double ratio = signalToNoise(probe.correlation(window, strength, QUANTISER)) / signalToNoise(TARGET);
            // the mark's power grows faster than its strength squared, because codecs drop what is weak
            double next = Math.max(MIN, Math.min(most, strength * Math.pow(ratio, -0.4)));
            boolean close = Math.abs(next - strength) < 0.05 * strength;
            strength = next;
            if (close || next == most) {
                break;
            }
        }
        wanted = strength;
        if (Double.isNaN(current) || isCut(lastLuma, window.get(0).luma)) {
            current = wanted;
        }
    }

    private static double signalToNoise(double correlation) {
        double square = Math.max(1, correlation * correlation);
        return square / Math.max(1, WatermarkKey.PAYLOAD - square);
    }

    /** {@return the strength of the next frame} */
    double next(FrameMarker.Prepared frame) {
        if (isCut(lastLuma, frame.luma)) {
            current = wanted;
        }
        current += Math.max(-STEP_PER_FRAME, Math.min(STEP_PER_FRAME, wanted - current));
        if (lastLuma.length != frame.luma.length) {
            lastLuma = new float[frame.luma.length];
        }
        System.arraycopy(frame.luma, 0, lastLuma, 0, lastLuma.length); // what was prepared is used again
        return current;
    }

    private boolean isCut(List<FrameMarker.Prepared> window) {
        float[] before = lastLuma;
        for (FrameMarker.Prepared frame : window) {
            if (isCut(before, frame.luma)) {
                return true;
            }
            before = frame.luma;
        }
        return false;
    }

    private static boolean isCut(float[] before, float[] luma) {
        if (before.length != luma.length) {
            return true;
        }
        double sum = 0;
        for (int i = 0; i < luma.length; i++) {
            sum += Math.abs(luma[i] - before[i]);
        }
        return sum / luma.length > CUT;
    }
}
