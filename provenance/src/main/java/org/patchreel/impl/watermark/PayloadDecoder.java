package org.patchreel.impl.watermark;

/** Reads the payload of a synchronised reading. */
final class PayloadDecoder {
    private static final float CLIP = 2.5f;

    private PayloadDecoder() {}

    /**
     * What was read.
     *
     * @param id the ID, meaningful only if authenticated
     * @param authenticated whether the message authentication code is right
     * @param correlation ρ of the carriers with the word
     */
    record Word(MarkId id, boolean authenticated, double correlation) {}

    /** Decodes softly. */
    static Word decode(CarrierReading reading, WatermarkKey key, Synchronizer.Shift shift, float[] weights) {
        float[] values = values(reading, key, shift, weights);
        float[] soft = new float[ConvolutionalCode.codedLength(WatermarkKey.MESSAGE_BITS)];
        for (int i = 0; i < values.length; i++) {
            soft[key.coded[i]] += values[i] * key.signs[i];
        }
        boolean[] message = ConvolutionalCode.decode(soft);
        return new Word(WatermarkKey.id(message), key.authenticates(message), correlation(values, key.spread(message)));
    }

    /** {@return ρ of a synchronised reading with a known ID} */
    static double correlation(
            CarrierReading reading, WatermarkKey key, Synchronizer.Shift shift, float[] weights, MarkId id) {
        return correlation(values(reading, key, shift, weights), key.spread(key.message(id)));
    }

    private static double correlation(float[] values, byte[] signs) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * signs[i];
            squares += values[i] * values[i];
        }
        return sum / Math.sqrt(squares + 1e-12);
    }

    /** The payload's carriers turned back by their phase and shift, weighted; what is far out counts less. */
    private static float[] values(CarrierReading reading, WatermarkKey key, Synchronizer.Shift shift, float[] weights) {
        float[] cx = Phasor.table(shift.x());
        float[] cy = Phasor.table(shift.y());
        int half = Carriers.OUTER;
        float[] values = new float[WatermarkKey.PAYLOAD];
        for (int i = 0; i < values.length; i++) {
            int bin = key.payload[i];
            float fr = reading.re[bin];
            float fi = reading.im[bin];
            float magnitude = (float) Math.sqrt(fr * fr + fi * fi);
            float scale = shift.sign() * weights[Carriers.BAND[bin]] / Math.max(1, magnitude / CLIP);
            float zr = fr * key.cosines[bin] + fi * key.sines[bin];
            float zi = fi * key.cosines[bin] - fr * key.sines[bin];
            int a = 2 * (Carriers.KX[bin] + half);
            int b = 2 * (Carriers.KY[bin] + half);
            float c = cx[a] * cy[b] - cx[a + 1] * cy[b + 1];
            float s = cx[a] * cy[b + 1] + cx[a + 1] * cy[b];
            values[i] = scale * (zr * c - zi * s);
        }
        return values;
    }
}
