package org.patchreel.impl.watermark;

/**
 * Discrete Fourier transforms of one length, many at a time: the autosorting algorithm of Stockham with radices 2 to 5.
 *
 * <p>Element k of transform b lies at {@code k * batch + b}, so that the inner loops run over neighbours, which the
 * compiler turns into vector code. Holds the memory that it works in: used by one thread.
 */
final class Fft {
    private final int length;
    private final int[] radices;
    private final float[] cosines;
    private final float[] sines;
    private float[] workRe = new float[0];
    private float[] workIm = new float[0];

    /**
     * Prepares the transform.
     *
     * @param length a product of 2, 3 and 5
     */
    Fft(int length) {
        this.length = length;
        radices = factors(length);
        cosines = new float[length];
        sines = new float[length];
        for (int k = 0; k < length; k++) {
            cosines[k] = (float) Math.cos(2 * Math.PI * k / length);
            sines[k] = (float) -Math.sin(2 * Math.PI * k / length);
        }
    }

    /**
     * Finds a length that is fast to transform.
     *
     * @param least length, from 1 on
     * @return the least even product of 2, 3 and 5 that is not below it
     */
    static int goodLength(int least) {
        if (least < 1) {
            throw new IllegalArgumentException("a transform has a length of 1 or more: " + least);
        }
        int n = least + (least & 1);
        while (true) {
            int rest = n;
            for (int p : new int[] {2, 3, 5}) {
                while (rest % p == 0) {
                    rest /= p;
                }
            }
            if (rest == 1) {
                return n;
            }
            n += 2;
        }
    }

    private static int[] factors(int length) {
        int[] found = new int[Integer.SIZE];
        int count = 0;
        int rest = length;
        for (int p : new int[] {5, 4, 3, 2}) {
            while (rest % p == 0) {
                found[count++] = p;
                rest /= p;
            }
        }
        if (rest != 1) {
            throw new IllegalArgumentException("not a product of 2, 3 and 5: " + length);
        }
        return java.util.Arrays.copyOf(found, count);
    }

    int length() {
        return length;
    }

    /** Transforms in place, unscaled, with {@code exp(-2πi jk/n)}. */
    void forward(float[] re, float[] im, int batch) {
        int size = length * batch;
        if (workRe.length < size) {
            workRe = new float[size];
            workIm = new float[size];
        }
        float[] fromRe = re;
        float[] fromIm = im;
        float[] toRe = workRe;
        float[] toIm = workIm;
        int n = length;
        int run = batch;
        for (int radix : radices) {
            int m = n / radix;
            int twiddle = length / n;
            for (int p = 0; p < m; p++) {
                int in = run * p;
                int out = run * radix * p;
                int hop = run * m;
                switch (radix) {
                    case 2 -> radix2(fromRe, fromIm, toRe, toIm, in, hop, out, run, twiddle * p);
                    case 3 -> radix3(fromRe, fromIm, toRe, toIm, in, hop, out, run, twiddle * p);
                    case 4 -> radix4(fromRe, fromIm, toRe, toIm, in, hop, out, run, twiddle * p);
                    default -> radix5(fromRe, fromIm, toRe, toIm, in, hop, out, run, twiddle * p);
                }
            }
            float[] swapRe = fromRe;
            float[] swapIm = fromIm;
            fromRe = toRe;
            fromIm = toIm;
            toRe = swapRe;
            toIm = swapIm;
            n = m;
            run *= radix;
        }
        if (fromRe != re) {
            System.arraycopy(fromRe, 0, re, 0, size);
            System.arraycopy(fromIm, 0, im, 0, size);
        }
    }

    /** Transforms in place, unscaled, with {@code exp(+2πi jk/n)}. */
    void inverse(float[] re, float[] im, int batch) {
        forward(im, re, batch);
    }

    private void radix2(
            float[] ar, float[] ai, float[] br, float[] bi, int in, int hop, int out, int run, int twiddle) {
        float wr = cosines[twiddle];
        float wi = sines[twiddle];
        for (int q = 0; q < run; q++) {
            float xr = ar[in + q];
            float xi = ai[in + q];
            float yr = ar[in + hop + q];
            float yi = ai[in + hop + q];
            br[out + q] = xr + yr;
            bi[out + q] = xi + yi;
            float dr = xr - yr;
            float di = xi - yi;
            br[out + run + q] = dr * wr - di * wi;
            bi[out + run + q] = dr * wi + di * wr;
        }
    }

    private void radix3(
            float[] ar, float[] ai, float[] br, float[] bi, int in, int hop, int out, int run, int twiddle) {
        float w1r = cosines[twiddle];
        float w1i = sines[twiddle];
        float w2r = cosines[2 * twiddle];
        float w2i = sines[2 * twiddle];
        float s = (float) (Math.sqrt(3) / 2);
        for (int q = 0; q < run; q++) {
            float x0r = ar[in + q];
            float x0i = ai[in + q];
            float x1r = ar[in + hop + q];
            float x1i = ai[in + hop + q];
            float x2r = ar[in + 2 * hop + q];
            float x2i = ai[in + 2 * hop + q];
            float sr = x1r + x2r;
            float si = x1i + x2i;
            float dr = s * (x1i - x2i);
            float di = -s * (x1r - x2r);
            float mr = x0r - 0.5f * sr;
            float mi = x0i - 0.5f * si;
            br[out + q] = x0r + sr;
            bi[out + q] = x0i + si;
            float y1r = mr + dr;
            float y1i = mi + di;
            float y2r = mr - dr;
            float y2i = mi - di;
            br[out + run + q] = y1r * w1r - y1i * w1i;
            bi[out + run + q] = y1r * w1i + y1i * w1r;
            br[out + 2 * run + q] = y2r * w2r - y2i * w2i;
            bi[out + 2 * run + q] = y2r * w2i + y2i * w2r;
        }
    }

    private void radix4(
            float[] ar, float[] ai, float[] br, float[] bi, int in, int hop, int out, int run, int twiddle) {
        float w1r = cosines[twiddle];
        float w1i = sines[twiddle];
        float w2r = cosines[2 * twiddle];
        float w2i = sines[2 * twiddle];
        float w3r = cosines[3 * twiddle];
        float w3i = sines[3 * twiddle];
        for (int q = 0; q < run; q++) {
            float x0r = ar[in + q];
            float x0i = ai[in + q];
            float x1r = ar[in + hop + q];
            float x1i = ai[in + hop + q];
            float x2r = ar[in + 2 * hop + q];
            float x2i = ai[in + 2 * hop + q];
            float x3r = ar[in + 3 * hop + q];
            float x3i = ai[in + 3 * hop + q];
            float s02r = x0r + x2r;
            float s02i = x0i + x2i;
            float d02r = x0r - x2r;
            float d02i = x0i - x2i;
            float s13r = x1r + x3r;
            float s13i = x1i + x3i;
            float d13r = x1i - x3i; // times -i
            float d13i = x3r - x1r;
            br[out + q] = s02r + s13r;
            bi[out + q] = s02i + s13i;
            float y1r = d02r + d13r;
            float y1i = d02i + d13i;
            float y2r = s02r - s13r;
            float y2i = s02i - s13i;
            float y3r = d02r - d13r;
            float y3i = d02i - d13i;
            br[out + run + q] = y1r * w1r - y1i * w1i;
            bi[out + run + q] = y1r * w1i + y1i * w1r;
            br[out + 2 * run + q] = y2r * w2r - y2i * w2i;
            bi[out + 2 * run + q] = y2r * w2i + y2i * w2r;
            br[out + 3 * run + q] = y3r * w3r - y3i * w3i;
            bi[out + 3 * run + q] = y3r * w3i + y3i * w3r;
        }
    }

    private void radix5(
            float[] ar, float[] ai, float[] br, float[] bi, int in, int hop, int out, int run, int twiddle) {
        float c1 = (float) Math.cos(2 * Math.PI / 5);
        float c2 = (float) Math.cos(4 * Math.PI / 5);
        float s1 = (float) Math.sin(2 * Math.PI / 5);
        float s2 = (float) Math.sin(4 * Math.PI / 5);
        float w1r = cosines[twiddle];
        float w1i = sines[twiddle];
        float w2r = cosines[2 * twiddle];
        float w2i = sines[2 * twiddle];
        float w3r = cosines[3 * twiddle];
        float w3i = sines[3 * twiddle];
        float w4r = cosines[4 * twiddle];
        float w4i = sines[4 * twiddle];
        for (int q = 0; q < run; q++) {
            float x0r = ar[in + q];
            float x0i = ai[in + q];
            float x1r = ar[in + hop + q];
            float x1i = ai[in + hop + q];
            float x2r = ar[in + 2 * hop + q];
            float x2i = ai[in + 2 * hop + q];
            float x3r = ar[in + 3 * hop + q];
            float x3i = ai[in + 3 * hop + q];
            float x4r = ar[in + 4 * hop + q];
            float x4i = ai[in + 4 * hop + q];
            float s14r = x1r + x4r;
            float s14i = x1i + x4i;
            float d14r = x1r - x4r;
            float d14i = x1i - x4i;
            float s23r = x2r + x3r;
            float s23i = x2i + x3i;
            float d23r = x2r - x3r;
            float d23i = x2i - x3i;
            br[out + q] = x0r + s14r + s23r;
            bi[out + q] = x0i + s14i + s23i;
            float a1r = x0r + c1 * s14r + c2 * s23r;
            float a1i = x0i + c1 * s14i + c2 * s23i;
            float a2r = x0r + c2 * s14r + c1 * s23r;
            float a2i = x0i + c2 * s14i + c1 * s23i;
            float b1r = s1 * d14i + s2 * d23i;
            float b1i = -s1 * d14r - s2 * d23r;
            float b2r = s2 * d14i - s1 * d23i;
            float b2i = -s2 * d14r + s1 * d23r;
            float y1r = a1r + b1r;
            float y1i = a1i + b1i;
            float y4r = a1r - b1r;
            float y4i = a1i - b1i;
            float y2r = a2r + b2r;
            float y2i = a2i + b2i;
            float y3r = a2r - b2r;
            float y3i = a2i - b2i;
            br[out + run + q] = y1r * w1r - y1i * w1i;
            bi[out + run + q] = y1r * w1i + y1i * w1r;
            br[out + 2 * run + q] = y2r * w2r - y2i * w2i;
            bi[out + 2 * run + q] = y2r * w2i + y2i * w2r;
            br[out + 3 * run + q] = y3r * w3r - y3i * w3i;
            bi[out + 3 * run + q] = y3r * w3i + y3i * w3r;
            br[out + 4 * run + q] = y4r * w4r - y4i * w4i;
            bi[out + 4 * run + q] = y4r * w4i + y4i * w4r;
        }
    }
}
