package org.patchreel.impl.watermark;

import java.util.Arrays;

/**
 * The error-correcting code of the payload: the convolutional code of rate 1/4 and constraint length 13 with the largest
 * free distance (K. Larsen, <a href="https://doi.org/10.1109/TIT.1973.1055014">Short convolutional codes with maximal free
 * distance for rates 1/2, 1/3, and 1/4</a>, 1973), ended by 12 zeros, decoded softly by Viterbi's algorithm. Every
 * generator has its first and its last tap, which makes each butterfly of the trellis symmetric: one branch metric and its
 * negative. Stateless.
 */
final class ConvolutionalCode {
    private static final int CONSTRAINT = 13;
    private static final int[] GENERATORS = {011145, 012477, 015537, 016727};

    /** Coded bits per bit. */
    static final int OUTPUTS = GENERATORS.length;

    private static final int MEMORY = CONSTRAINT - 1;
    private static final int STATES = 1 << MEMORY;
    private static final int HALF = STATES / 2;

    /** Coded bits of the transition with input 0 from state 2j, the first generator the lowest bit; index j. */
    private static final byte[] PATTERNS = new byte[HALF];

    static {
        for (int j = 0; j < HALF; j++) {
            PATTERNS[j] = (byte) outputs(2 * j);
        }
    }

    private ConvolutionalCode() {}

    private static int outputs(int register) {
        int bits = 0;
        for (int g = 0; g < OUTPUTS; g++) {
            bits |= (Integer.bitCount(register & GENERATORS[g]) & 1) << g;
        }
        return bits;
    }

    /** {@return the number of coded bits for a number of bits} */
    static int codedLength(int bits) {
        return (bits + MEMORY) * OUTPUTS;
    }

    /**
     * Encodes.
     *
     * @param bits the message
     * @return {@link #codedLength} signs, +1 for a zero
     */
    static byte[] encode(boolean[] bits) {
        byte[] coded = new byte[codedLength(bits.length)];
        int state = 0;
        for (int t = 0; t < bits.length + MEMORY; t++) {
            int register = state | (t < bits.length && bits[t] ? STATES : 0);
            int outputs = outputs(register);
            for (int g = 0; g < OUTPUTS; g++) {
                coded[t * OUTPUTS + g] = (byte) ((outputs >> g & 1) == 0 ? 1 : -1);
            }
            state = register >> 1;
        }
        return coded;
    }

    /**
     * Finds the message whose coded form correlates best.
     *
     * @param soft for each coded bit how much it looks like +1; its length tells that of the message
     * @return the message
     */
    static boolean[] decode(float[] soft) {
        int steps = soft.length / OUTPUTS;
        int bits = steps - MEMORY;
        float[] metrics = new float[STATES];
        float[] next = new float[STATES];
        Arrays.fill(metrics, -1e30f);
        metrics[0] = 0;
        byte[][] choices = new byte[steps][HALF]; // bit 0: state j comes from 2j+1; bit 1: state j+HALF does
        float[] branch = new float[1 << OUTPUTS];
        for (int t = 0; t < steps; t++) {
            branchMetrics(soft, t * OUTPUTS, branch);
            byte[] choice = choices[t];
            for (int j = 0; j < HALF; j++) {
                float metric = branch[PATTERNS[j]];
                float even = metrics[2 * j];
                float odd = metrics[2 * j + 1];
                float zeroEven = even + metric;
                float zeroOdd = odd - metric;
                float oneEven = even - metric;
                float oneOdd = odd + metric;
                next[j] = Math.max(zeroEven, zeroOdd);
                next[j + HALF] = Math.max(oneEven, oneOdd);
                choice[j] = (byte) ((zeroOdd > zeroEven ? 1 : 0) | (oneOdd > oneEven ? 2 : 0));
            }
            float[] swap = metrics;
            metrics = next;
            next = swap;
        }
        boolean[] message = new boolean[bits];
        int state = 0;
        for (int t = steps - 1; t >= 0; t--) {
            boolean one = state >= HALF;
            if (t < bits) {
                message[t] = one;
            }
            int j = one ? state - HALF : state;
            boolean odd = (choices[t][j] >> (one ? 1 : 0) & 1) != 0;
            state = 2 * j + (odd ? 1 : 0);
        }
        return message;
    }

    private static void branchMetrics(float[] soft, int at, float[] branch) {
        for (int pattern = 0; pattern < branch.length; pattern++) {
            float sum = 0;
            for (int g = 0; g < OUTPUTS; g++) {
                sum += (pattern >> g & 1) == 0 ? soft[at + g] : -soft[at + g];
            }
            branch[pattern] = sum;
        }
    }
}
