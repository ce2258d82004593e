package org.patchreel.impl.media;

/**
 * Maps RGB of high dynamic range, or of wider primaries, to sRGB: code to light by table, matrix of the primaries, tone
 * curve, light to code by table.
 *
 * <p>Light is relative to HDR reference white, 203 cd/m² (ITU-R BT.2408). The tone curve is applied to the largest of red,
 * green and blue, and the others follow in proportion, which keeps the hue. It is the identity up to {@value #KNEE}, then
 * the Möbius transform with the same slope there that reaches 1 at {@value #PEAK} cd/m²; what is brighter is white.
 */
final class ToneMapper {
    /** cd/m². */
    private static final double REFERENCE_WHITE = 203;

    /** The brightest that is told from white, cd/m²: the peak that most HDR is mastered for, and HLG's nominal one. */
    private static final double PEAK = 1000;

    private static final double KNEE = 0.6;
    private static final double PEAK_LIGHT = PEAK / REFERENCE_WHITE;

    /** The steepness of the Möbius transform of 0..1 above the knee that continues the slope of 1. */
    private static final double STEEPNESS = (PEAK_LIGHT - KNEE) / (1 - KNEE);

    private static final int CODES = 1 << 16;

    /** ITU-R BT.2087, and SMPTE RP 432 likewise: rows of red, green and blue of BT.709. */
    private static final float[] FROM_BT2020 = {
        1.660491f, -0.587641f, -0.072850f, -0.124550f, 1.132900f, -0.008349f, -0.018151f, -0.100579f, 1.118730f
    };

    private static final float[] FROM_P3 = {
        1.224940f, -0.224940f, 0f, -0.042057f, 1.042057f, 0f, -0.019638f, -0.078636f, 1.098274f
    };

    private static final float[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private final FrameColors.Transfer transfer;
    private final float[] matrix;
    private final float[] light = new float[CODES];

    /** HLG's rendering for a display of 1000 cd/m²: the gain by the luminance of the scene. */
    private final float[] rendering;

    private final byte[] code = new byte[CODES];

    ToneMapper(FrameColors colors) {
        transfer = colors.transfer();
        matrix = switch (colors.primaries()) {
            case BT709 -> IDENTITY;
            case BT2020 -> FROM_BT2020;
            case P3 -> FROM_P3;
        };
        rendering = new float[transfer == FrameColors.Transfer.HLG ? CODES : 0];
        for (int i = 0; i < CODES; i++) {
            double value = i / (CODES - 1.0);
            light[i] = (float)
                    switch (transfer) {
                        case SDR -> srgbToLight(value);
                        case PQ -> pqToLight(value) / REFERENCE_WHITE;
                        case HLG -> hlgToScene(value);
                    };
            code[i] = (byte) Math.round(255 * lightToSrgb(value));
        }
        for (int i = 0; i < rendering.length; i++) {
            rendering[i] = (float) (PEAK_LIGHT * Math.pow(i / (CODES - 1.0), 0.2));
        }
    }

    /** IEC 61966-2-1. */
    private static double srgbToLight(double value) {
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static double lightToSrgb(double value) {
        return value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
    }

    /** SMPTE ST 2084, in cd/m². */
    private static double pqToLight(double value) {
        double power = Math.pow(value, 1 / 78.84375);
        return 10_000 * Math.pow(Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125);
    }

    /** ITU-R BT.2100, light of the scene from 0 to 1. */
    private static double hlgToScene(double value) {
        return value <= 0.5 ? value * value / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
    }

    /** {@return light that is shown, 0 to 1, for light relative to reference white} */
    private static float shown(float brightest) {
        if (brightest <= KNEE) {
            return brightest;
        }
        double above = Math.min(1, (brightest - KNEE) / (PEAK_LIGHT - KNEE));
        return (float) (KNEE + (1 - KNEE) * STEEPNESS * above / (1 + (STEEPNESS - 1) * above));
    }

    /**
     * Maps a row.
     *
     * @param from three values a pixel, from 0 to 65535 as unsigned
     * @param to three values a pixel
     * @param at where in it the row begins
     * @param pixels how many
     */
    void map(short[] from, byte[] to, int at, int pixels) {
        for (int i = 0; i < 3 * pixels; i += 3) {
            float red = light[from[i] & 0xffff];
            float green = light[from[i + 1] & 0xffff];
            float blue = light[from[i + 2] & 0xffff];
            if (transfer == FrameColors.Transfer.HLG) {
                float luminance = 0.2627f * red + 0.6780f * green + 0.0593f * blue;
                float gain = rendering[index(luminance)];
                red *= gain;
                green *= gain;
                blue *= gain;
            }
            // what BT.709 cannot show has negative parts
            float outRed = Math.max(0, matrix[0] * red + matrix[1] * green + matrix[2] * blue);
            float outGreen = Math.max(0, matrix[3] * red + matrix[4] * green + matrix[5] * blue);
            float outBlue = Math.max(0, matrix[6] * red + matrix[7] * green + matrix[8] * blue);
            float scale = 1;
            if (transfer != FrameColors.Transfer.SDR) {
                float brightest = Math.max(outRed, Math.max(outGreen, outBlue));
                scale = brightest > KNEE ? shown(brightest) / brightest : 1;
            }
            to[at + i] = code[index(outRed * scale)];
            to[at + i + 1] = code[index(outGreen * scale)];
            to[at + i + 2] = code[index(outBlue * scale)];
        }
    }

    private static int index(float value) {
        return Math.min(CODES - 1, (int) (value * (CODES - 1) + 0.5f));
    }
}
