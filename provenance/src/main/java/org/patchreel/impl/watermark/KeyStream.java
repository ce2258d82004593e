package org.patchreel.impl.watermark;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Pseudo-random numbers from a key: the key stream of AES-256 in counter mode from counter 0, read as big-endian 32-bit
 * words. What is drawn from it is part of the mark's definition: it must never change.
 */
final class KeyStream {
    private static final int CHUNK = 4096;
    private static final byte[] ZEROS = new byte[CHUNK];

    private final Cipher cipher;
    private ByteBuffer words = ByteBuffer.allocate(0);

    /**
     * Begins a stream.
     *
     * @param key 32 bytes
     */
    KeyStream(byte[] key) {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/CTR/NoPadding", e);
        }
    }

    /** {@return 32 uniform bits} */
    int nextInt() {
        if (!words.hasRemaining()) {
            words = ByteBuffer.wrap(cipher.update(ZEROS));
        }
        return words.getInt();
    }

    /** {@return a uniform number of 0 to bound − 1} */
    int nextInt(int bound) {
        long range = 1L << Integer.SIZE;
        long fair = range - range % bound; // beyond it the small numbers would come more often
        while (true) {
            long word = Integer.toUnsignedLong(nextInt());
            if (word < fair) {
                return (int) (word % bound);
            }
        }
    }

    /** {@return a uniform angle in radians, of 0 to 2π, in steps of 2π/2³²} */
    double nextAngle() {
        return Integer.toUnsignedLong(nextInt()) * (2 * Math.PI / (1L << Integer.SIZE));
    }

    /** {@return +1 or −1} */
    int nextSign() {
        return (nextInt() >>> 31) == 0 ? 1 : -1;
    }

    /** {@return the numbers 0 to n − 1 in random order, by the shuffle of Fisher and Yates} */
    int[] nextPermutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
