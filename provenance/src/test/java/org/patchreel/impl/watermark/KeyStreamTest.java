package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyStreamTest {
    /** NIST SP 800-38A has no key stream from counter 0; this is AES-256 of zero blocks under FIPS 197's key, C.3. */
    @Test
    void isTheKeyStreamOfAesInCounterMode() {
        byte[] key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        KeyStream stream = new KeyStream(key);
        // openssl enc -aes-256-ctr -K 00…1f -iv 0 -in /dev/zero
        assertEquals("f29000b6", HexFormat.of().toHexDigits(stream.nextInt()));
        assertEquals("2a499fd0", HexFormat.of().toHexDigits(stream.nextInt()));
    }

    @Test
    void shufflesAllNumbers() {
        int[] order = new KeyStream(new byte[32]).nextPermutation(1000);
        assertTrue(IntStream.range(0, 1000).filter(i -> order[i] == i).count() < 10);
        Arrays.sort(order);
        assertEquals(499, order[499]);
    }

    /** Each of 5 numbers 2000 times, with a standard deviation of 40. */
    @Test
    void drawsEveryNumberBelowABoundEquallyOften() {
        KeyStream stream = new KeyStream(new byte[32]);
        int[] counts = new int[5];
        for (int i = 0; i < 10_000; i++) {
            counts[stream.nextInt(5)]++;
        }
        for (int count : counts) {
            assertEquals(2000, count, 200);
        }
    }
}
