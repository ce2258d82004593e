package org.patchreel.impl.watermark;

/** Tables of exp(2πi k·shift / T) for all the k of the carriers along one axis. */
final class Phasor {
    private Phasor() {}

    /** {@return real and imaginary part by turns, from k = −{@link Carriers#OUTER} on} */
    static float[] table(double shift) {
        int half = Carriers.OUTER;
        float[] table = new float[2 * (2 * half + 1)];
        double angle = 2 * Math.PI * shift / Carriers.TILE;
        double stepRe = Math.cos(angle);
        double stepIm = Math.sin(angle);
        double re = 1;
        double im = 0;
        for (int k = 0; k <= half; k++) {
            table[2 * (half + k)] = (float) re;
            table[2 * (half + k) + 1] = (float) im;
            table[2 * (half - k)] = (float) re;
            table[2 * (half - k) + 1] = (float) -im;
            double next = re * stepRe - im * stepIm;
            im = re * stepIm + im * stepRe;
            re = next;
        }
        return table;
    }
}
