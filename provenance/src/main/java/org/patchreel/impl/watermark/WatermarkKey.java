package org.patchreel.impl.watermark;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of one epoch, derived from one master secret: the carriers' phases, which of them synchronise, how the coded
 * bits are spread over the others, and the key of the message authentication code. Immutable; may be used by any thread.
 */
public final class WatermarkKey {
    /** The least length of a master secret in bytes. */
    public static final int SECRET_BYTES = 32;

    /** Carriers of a constant sign, by which a shift is found. */
    static final int SYNC = 240;

    static final int ID_BITS = 64;
    static final int MAC_BITS = 40;
    static final int MESSAGE_BITS = ID_BITS + MAC_BITS;

    /** Carriers of the payload. */
    static final int PAYLOAD = Carriers.COUNT - SYNC;

    private static final float SYNC_AMPLITUDE = 1.15f;
    private static final String PURPOSE = "org.patchreel watermark 1 ";

    private final byte[] macKey;
    final float[] cosines = new float[Carriers.COUNT];
    final float[] sines = new float[Carriers.COUNT];
    /** Bins that synchronise. */
    final int[] sync;
    /** The carriers of constant sign. */
    final KnownCarriers known;
    /** Bins of the payload. */
    final int[] payload;
    /** Index: position in {@link #payload}; which coded bit it carries. */
    final int[] coded = new int[PAYLOAD];
    /** Index: position in {@link #payload}; the sign that hides the bit. */
    final byte[] signs = new byte[PAYLOAD];

    private WatermarkKey(byte[] masterSecret) {
        KeyStream phases = new KeyStream(Hkdf.derive(masterSecret, PURPOSE + "phase"));
        for (int i = 0; i < Carriers.COUNT; i++) {
            double angle = phases.nextAngle();
            cosines[i] = (float) StrictMath.cos(angle);
            sines[i] = (float) StrictMath.sin(angle);
        }
        KeyStream scrambling = new KeyStream(Hkdf.derive(masterSecret, PURPOSE + "scrambling"));
        int[] order = scrambling.nextPermutation(Carriers.COUNT);
        sync = Arrays.copyOf(order, SYNC);
        float[] constant = new float[SYNC];
        Arrays.fill(constant, SYNC_AMPLITUDE);
        known = new KnownCarriers(sync, constant);
        payload = Arrays.copyOfRange(order, SYNC, order.length);
        int[] interleaved = scrambling.nextPermutation(ConvolutionalCode.codedLength(MESSAGE_BITS));
        for (int i = 0; i < PAYLOAD; i++) {
            coded[i] = interleaved[i % interleaved.length];
            signs[i] = (byte) scrambling.nextSign();
        }
        macKey = Hkdf.derive(masterSecret, PURPOSE + "mac");
    }

    /**
     * Derives the keys.
     *
     * @param masterSecret at least {@value #SECRET_BYTES} random bytes
     * @return the keys
     * @throws IllegalArgumentException if the secret is too short
     */
    public static WatermarkKey derive(byte[] masterSecret) {
        if (masterSecret.length < SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "a master secret has at least " + SECRET_BYTES + " bytes, not " + masterSecret.length);
        }
        return new WatermarkKey(masterSecret);
    }

    /** {@return the message: the ID and its message authentication code, the highest bit first} */
    boolean[] message(MarkId id) {
        ByteBuffer bytes = ByteBuffer.allocate(MESSAGE_BITS / Byte.SIZE);
        bytes.putLong(id.bits());
        bytes.put(Hkdf.hmac(macKey, id.bytes()), 0, MAC_BITS / Byte.SIZE);
        boolean[] message = new boolean[MESSAGE_BITS];
        for (int i = 0; i < MESSAGE_BITS; i++) {
            message[i] = (bytes.get(i / Byte.SIZE) >> (7 - i % Byte.SIZE) & 1) != 0;
        }
        return message;
    }

    /** {@return the ID that a message begins with, whether or not its message authentication code is right} */
    static MarkId id(boolean[] message) {
        long bits = 0;
        for (int i = 0; i < ID_BITS; i++) {
            bits = bits << 1 | (message[i] ? 1 : 0);
        }
        return new MarkId(bits);
    }

    /** {@return whether a message's message authentication code is that of its ID under this key} */
    boolean authenticates(boolean[] message) {
        return Arrays.equals(message, message(id(message)));
    }

    /** {@return for each carrier of the payload the sign that a message gives it} */
    byte[] spread(boolean[] message) {
        byte[] code = ConvolutionalCode.encode(message);
        byte[] spread = new byte[PAYLOAD];
        for (int i = 0; i < PAYLOAD; i++) {
            spread[i] = (byte) (code[coded[i]] * signs[i]);
        }
        return spread;
    }

    /** {@return all carriers of the mark with an ID} */
    KnownCarriers carriers(MarkId id) {
        int[] bins = Arrays.copyOf(sync, Carriers.COUNT);
        float[] amplitudes = Arrays.copyOf(known.amplitudes, Carriers.COUNT);
        byte[] spread = spread(message(id));
        for (int i = 0; i < PAYLOAD; i++) {
            bins[SYNC + i] = payload[i];
            amplitudes[SYNC + i] = spread[i];
        }
        return new KnownCarriers(bins, amplitudes);
    }

    /** {@return the tile for an ID: {@link Carriers#TILE}² values, row by row, mean 0, standard deviation 1} */
    float[] tile(MarkId id) {
        float[] amplitudes = new float[Carriers.COUNT];
        KnownCarriers carriers = carriers(id);
        for (int i = 0; i < Carriers.COUNT; i++) {
            amplitudes[carriers.bins[i]] = carriers.amplitudes[i];
        }
        int n = Carriers.TILE;
        float[] re = new float[n * n];
        float[] im = new float[n * n];
        double power = 0;
        for (int i = 0; i < Carriers.COUNT; i++) {
            float amplitude = amplitudes[i] * Carriers.AMPLITUDE[i];
            power += 2 * (double) amplitude * amplitude;
            int x = Math.floorMod(Carriers.KX[i], n);
            int y = Carriers.KY[i];
            re[y * n + x] = amplitude * cosines[i];
            im[y * n + x] = amplitude * sines[i];
            int mirroredX = (n - x) % n;
            int mirroredY = (n - y) % n;
            re[mirroredY * n + mirroredX] = amplitude * cosines[i];
            im[mirroredY * n + mirroredX] = -amplitude * sines[i];
        }
        Fft fft = new Fft(n);
        fft.inverse(re, im, n);
        transpose(re, n);
        transpose(im, n);
        fft.inverse(re, im, n);
        transpose(re, n);
        float scale = (float) (1 / Math.sqrt(power));
        for (int i = 0; i < re.length; i++) {
            re[i] *= scale;
        }
        return re;
    }

    private static void transpose(float[] square, int n) {
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < y; x++) {
                float swap = square[y * n + x];
                square[y * n + x] = square[x * n + y];
                square[x * n + y] = swap;
            }
        }
    }
}
