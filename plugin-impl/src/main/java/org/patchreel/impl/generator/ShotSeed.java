package org.patchreel.impl.generator;

/**
 * The seeds of a clip's shots. The first shot has the request's, so that a clip of one shot is what it always was; each further
 * one has its own, made of the request's and its index by the mixing of SplitMix64 (<a
 * href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood 2014</a>).
 */
final class ShotSeed {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** 53 are left, so that every reader of JSON reads them back exactly. */
    private static final int DROPPED_BITS = 11;

    private ShotSeed() {}

    /**
     * Makes a shot's seed.
     *
     * @param seed of the request
     * @param shot from 0
     * @return the seed itself for the first shot, else 0 to 2^53 - 1
     */
    static long of(long seed, int shot) {
        if (shot == 0) {
            return seed;
        }
        long z = seed + shot * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) >>> DROPPED_BITS;
    }
}
