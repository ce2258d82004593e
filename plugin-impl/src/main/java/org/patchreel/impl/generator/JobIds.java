package org.patchreel.impl.generator;

import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Random;
import org.patchreel.api.AssetId;

/**
 * Makes {@linkplain AssetId#ulid ULIDs} of 80 bits of chance. IDs of one instance sort in the order of their making, also
 * within a millisecond and when the clock steps back.
 */
final class JobIds {

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
        return AssetId.ulid(millis, chance);
    }
}
