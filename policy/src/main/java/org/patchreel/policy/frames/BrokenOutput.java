package org.patchreel.policy.frames;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.VideoFrame;

/**
 * Says of the frames of a clip whether a model has failed to show anything: black or of one colour throughout, noise, or a clip in
 * which nothing moves. Thresholds: {@code benchmarks/results/policy.md}. Used by one thread.
 */
final class BrokenOutput {

    /** Luma of black, with what a codec adds. */
    private static final int BLACK = 24;

    /** How far a channel of a pixel may be from its median in a picture of one colour. */
    private static final int ONE_COLOUR = 8;

    /** Of the pixels; the rest may be a label. */
    private static final double NEARLY_ALL = 0.97;

    /** Neighbours of noise differ as pixels do that have nothing to do with each other, 1; those of pictures by far less. */
    private static final double NOISE = 0.5;

    /** Variance of the luma below which no structure can be told from a codec's. */
    private static final double MIN_VARIANCE = 25;

    /** Cells of a grid, each the mean of its pixels: where something moves, one changes. */
    private static final int COLUMNS = 32;

    private static final int ROWS = 18;

    /** Luma by which a cell changes at least where something moves; codec and watermark change it by less. */
    private static final float MOTION = 2;

    /** In fewer nothing is expected to move. */
    private static final int MIN_FRAMES = 3;

    private int frames;
    private int black;
    private int plain;
    private int noisy;
    private float motion;
    private @Nullable GreyPicture first;

    /** Looks at the next frame. */
    void add(VideoFrame frame, GreyPicture grey) {
        frames++;
        if (blackShare(grey) >= NEARLY_ALL) {
            black++;
        } else if (plainShare(frame) >= NEARLY_ALL) {
            plain++;
        } else if (noise(grey) >= NOISE) {
            noisy++;
        }
        GreyPicture cells = cells(grey);
        if (first == null) {
            first = cells;
        } else {
            motion = Math.max(motion, cells.distance(first));
        }
    }

    /** {@return what is wrong, after the last frame} */
    Optional<Kind> finding() {
        if (frames == 0) {
            return Optional.empty();
        }
        if (black == frames) {
            return Optional.of(Kind.BLACK);
        }
        if (black + plain == frames) {
            return Optional.of(Kind.ONE_COLOUR);
        }
        if (2 * noisy > frames) {
            return Optional.of(Kind.NOISE);
        }
        return frames >= MIN_FRAMES && motion < MOTION ? Optional.of(Kind.FROZEN) : Optional.empty();
    }

    /** What may be wrong with a clip. */
    enum Kind {
        BLACK("black", "the clip is black"),
        ONE_COLOUR("plain", "the clip shows one colour"),
        NOISE("noise", "the clip shows noise"),
        FROZEN("frozen", "nothing moves in the clip");

        private final String label;
        private final String explanation;

        Kind(String label, String explanation) {
            this.label = label;
            this.explanation = explanation;
        }

        /** {@return a word for rules} */
        String label() {
            return label;
        }

        /** {@return a line for people} */
        String explanation() {
            return explanation;
        }
    }

    /** {@return the means of the cells, whose largest change tells of motion} */
    static GreyPicture cells(GreyPicture grey) {
        return grey.scaled(COLUMNS, ROWS);
    }

    /** {@return the share of pixels that are black} */
    static double blackShare(GreyPicture grey) {
        int dark = 0;
        for (float value : grey.values()) {
            if (value < BLACK) {
                dark++;
            }
        }
        return (double) dark / grey.values().length;
    }

    /** {@return the share of pixels whose colour is nearly the most usual one} */
    static double plainShare(VideoFrame frame) {
        int[] median = new int[3];
        for (int channel = 0; channel < 3; channel++) {
            median[channel] = median(frame.rgb(), channel);
        }
        ByteBuffer rgb = frame.rgb();
        int pixels = frame.width() * frame.height();
        int near = 0;
        for (int i = 0; i < pixels; i++) {
            boolean is = true;
            for (int channel = 0; channel < 3; channel++) {
                is &= Math.abs((rgb.get() & 0xff) - median[channel]) <= ONE_COLOUR;
            }
            if (is) {
                near++;
            }
        }
        return (double) near / pixels;
    }

    private static int median(ByteBuffer rgb, int channel) {
        int[] counts = new int[256];
        for (int i = channel; i < rgb.limit(); i += 3) {
            counts[rgb.get(i) & 0xff]++;
        }
        int value = 0;
        for (int below = counts[0]; 2 * below < rgb.limit() / 3; below += counts[value]) {
            value++;
        }
        return value;
    }

    /** {@return how much neighbours differ, 1 if as much as any two pixels; 0 for a picture that is nearly plain} */
    static double noise(GreyPicture grey) {
        double variance = grey.variance();
        if (variance < MIN_VARIANCE || grey.width() < 2 || grey.height() < 2) {
            return 0;
        }
        double across = 0;
        double down = 0;
        for (int y = 0; y + 1 < grey.height(); y++) {
            for (int x = 0; x + 1 < grey.width(); x++) {
                double value = grey.at(x, y);
                across += square(value - grey.at(x + 1, y));
                down += square(value - grey.at(x, y + 1));
            }
        }
        double pairs = (grey.width() - 1.0) * (grey.height() - 1.0);
        return Math.min(across, down) / pairs / (2 * variance);
    }

    private static double square(double value) {
        return value * value;
    }
}
