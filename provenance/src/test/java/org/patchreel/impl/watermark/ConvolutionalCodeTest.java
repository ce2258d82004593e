package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConvolutionalCodeTest {
    private static boolean[] message(Random random) {
        boolean[] bits = new boolean[WatermarkKey.MESSAGE_BITS];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = random.nextBoolean();
        }
        return bits;
    }

    /** A single one is answered by the generators' taps, 11145, 12477, 15537 and 16727 octal, the first tap first. */
    @Test
    void answersAnImpulseWithItsGenerators() {
        byte[] coded = ConvolutionalCode.encode(new boolean[] {true});
        int[] taps = new int[ConvolutionalCode.OUTPUTS];
        for (int t = 0; t < coded.length / ConvolutionalCode.OUTPUTS; t++) {
            for (int g = 0; g < taps.length; g++) {
                taps[g] = taps[g] << 1 | (coded[t * ConvolutionalCode.OUTPUTS + g] < 0 ? 1 : 0);
            }
        }
        assertArrayEquals(new int[] {011145, 012477, 015537, 016727}, taps);
    }

    /** At 2.5 dB of energy per bit over noise density about one word in a hundred is lost. */
    @Test
    void correctsMostWordsNearItsLimit() {
        Random random = new Random(1);
        double sigma = Math.sqrt(ConvolutionalCode.OUTPUTS / (2 * Math.pow(10, 0.25)));
        int wrong = 0;
        for (int trial = 0; trial < 40; trial++) {
            boolean[] message = message(random);
            byte[] coded = ConvolutionalCode.encode(message);
            float[] soft = new float[coded.length];
            for (int i = 0; i < soft.length; i++) {
                soft[i] = (float) (coded[i] + sigma * random.nextGaussian());
            }
            wrong += java.util.Arrays.equals(message, ConvolutionalCode.decode(soft)) ? 0 : 1;
        }
        assertEquals(0, wrong, 2);
    }
}
