package org.patchreel.impl.fingerprint;

import java.util.stream.LongStream;

/**
 * Keys by which a store finds signatures near to a given one without comparing all: {@value #BANDS} groups of elements of
 * a signature, each as a number (locality-sensitive hashing by sampling bits). Two signatures that are near share at
 * least one group, two of unrelated pictures rarely any.
 */
public final class LookupKeys {

    /** Keys of a signature. */
    static final int BANDS = 16;

    /** Ternary elements of a key. */
    private static final int ELEMENTS = 12;

    private LookupKeys() {}

    /** {@return the keys of a signature, the number of the group in the topmost byte} */
    static long[] of(FrameSignature signature) {
        long[] keys = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            long key = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                // a stride that is coprime to 380 takes elements of all categories into each group
                int index = (band * ELEMENTS + i) * 149 % SignatureElements.COUNT;
                key = 3 * key + signature.element(index);
            }
            keys[band] = (long) band << 56 | key;
        }
        return keys;
    }

    /**
     * The keys under which a clip is kept: those of one frame a second, if there is something to see in it.
     *
     * @param fingerprint of the clip
     * @return without repetitions
     */
    public static long[] of(Fingerprint fingerprint) {
        return fingerprint.samples().stream()
                .filter(sample -> sample.picture().isPresent())
                .map(Fingerprint.Sample::signature)
                .filter(signature -> signature.confidence() >= Fingerprint.MIN_CONFIDENCE)
                .flatMapToLong(signature -> LongStream.of(of(signature)))
                .distinct()
                .toArray();
    }
}
