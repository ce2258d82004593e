package org.patchreel.policy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the classifier sees of a text: its words, pairs of neighbouring words, and three to five neighbouring letters of each word,
 * hashed into {@value #BUCKETS} numbers.
 */
final class Features {

    static final int BUCKETS = 1 << 18;

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;
    private static final int WORD = 77;
    private static final int PAIR = 99;

    private Features() {}

    /** {@return the features of some words, ascending, each once} */
    static int[] of(List<String> words) {
        IntStream.Builder features = IntStream.builder();
        String before = "";
        for (String word : words) {
            features.add(bucket(word, 0, word.length(), WORD));
            if (!before.isEmpty()) {
                String pair = before + " " + word;
                features.add(bucket(pair, 0, pair.length(), PAIR));
            }
            before = word;
            String bounded = " " + word + " ";
            for (int length = 3; length <= 5; length++) {
                for (int i = 0; i + length <= bounded.length(); i++) {
                    features.add(bucket(bounded, i, i + length, length));
                }
            }
        }
        int[] all = features.build().toArray();
        Arrays.sort(all);
        return Arrays.stream(all).distinct().toArray();
    }

    /** FNV-1a with a final mix: neighbouring texts get far buckets. */
    private static int bucket(String text, int from, int to, int kind) {
        int hash = FNV_OFFSET ^ kind;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 15) * 0x2c1b3c6d;
        return (hash ^ hash >>> 12) & BUCKETS - 1;
    }
}
