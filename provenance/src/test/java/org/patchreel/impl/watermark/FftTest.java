package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FftTest {
    /** Tolerance: rounding of single precision over at most 11 passes, for values of about 1 and sums of about √n. */
    private static final double TOLERANCE = 1e-3;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 12, 15, 30, 60, 128, 360, 750})
    void agreesWithTheDefinition(int n) {
        int batch = 3;
        Random random = new Random(n);
        float[] re = new float[n * batch];
        float[] im = new float[n * batch];
        for (int i = 0; i < re.length; i++) {
            re[i] = (float) random.nextGaussian();
            im[i] = (float) random.nextGaussian();
        }
        float[] forwardRe = re.clone();
        float[] forwardIm = im.clone();
        new Fft(n).forward(forwardRe, forwardIm, batch);
        for (int lane = 0; lane < batch; lane++) {
            for (int k = 0; k < n; k++) {
                double sumRe = 0;
                double sumIm = 0;
                for (int j = 0; j < n; j++) {
                    double angle = -2 * Math.PI * ((long) j * k % n) / n;
                    double c = Math.cos(angle);
                    double s = Math.sin(angle);
                    sumRe += re[j * batch + lane] * c - im[j * batch + lane] * s;
                    sumIm += re[j * batch + lane] * s + im[j * batch + lane] * c;
                }
                assertEquals(sumRe, forwardRe[k * batch + lane], TOLERANCE);
                assertEquals(sumIm, forwardIm[k * batch + lane], TOLERANCE);
            }
        }
        new Fft(n).inverse(forwardRe, forwardIm, batch);
        for (int i = 0; i < re.length; i++) {
            assertEquals(re[i], forwardRe[i] / n, TOLERANCE);
            assertEquals(im[i], forwardIm[i] / n, TOLERANCE);
        }
    }

    @Test
    void findsLengthsItCanDo() {
        assertEquals(1280, Fft.goodLength(1279));
        assertEquals(2, Fft.goodLength(1));
        assertEquals(1440, Fft.goodLength(1400 + 37));
    }
}
