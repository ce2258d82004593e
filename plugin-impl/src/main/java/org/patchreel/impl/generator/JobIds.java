package org.patchreel.impl.generator;

import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Random;

/**
 * Makes IDs in the form of <a href="https://github.com/ulid/spec">ULIDs</a>: 48 bits of milliseconds and 80 bits of
 * chance as 26 characters of Crockford's base 32. IDs of one instance sort in the order of their making, also within a
 * millisecond and when the clock steps back.
 */
final class JobIds {

    private static final String BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int CHANCE_BITS = 80;

    private final InstantSource clock;
    private final Random random;
    private long lastMillis = -1;
    private BigInteger chance = BigInteger.ZERO;

    JobIds(InstantSource clock, Random random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized String next() {
        long millis = Math.max(clock.millis(), lastMillis);
        // One bit is left free, so that counting up within a millisecond cannot overflow into the time.
        chance = millis == lastMillis ? chance.add(BigInteger.ONE) : new BigInteger(CHANCE_BITS - 1, random);
        lastMillis = millis;
        BigInteger value = BigInteger.valueOf(millis).shiftLeft(CHANCE_BITS).or(chance);
        StringBuilder id = new StringBuilder(LENGTH);
        for (int shift = 5 * (LENGTH - 1); shift >= 0; shift -= 5) {
            id.append(BASE32.charAt(value.shiftRight(shift).intValue() & 31));
        }
        return id.toString();
    }
}
