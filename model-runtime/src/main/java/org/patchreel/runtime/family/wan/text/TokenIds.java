package org.patchreel.runtime.family.wan.text;

import java.util.Arrays;

/** A prompt as the text encoder reads it: token IDs, padded to a fixed length. Immutable. */
public final class TokenIds {
    private final long[] ids;
    private final int length;
    private final int dropped;

    /** Pads with 0, which is T5's {@code <pad>}; the mask keeps padding out of the text encoder. */
    TokenIds(long[] tokens, int paddedLength, int dropped) {
        this.ids = Arrays.copyOf(tokens, paddedLength);
        this.length = Math.min(tokens.length, paddedLength);
        this.dropped = dropped;
    }

    /**
     * The IDs, padding included.
     *
     * @return a copy of the tokenizer's maximum length
     */
    public long[] ids() {
        return ids.clone();
    }

    /**
     * 1 for a token, 0 for padding.
     *
     * @return a new array as long as {@link #ids()}
     */
    public long[] attentionMask() {
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 0, length, 1);
        return mask;
    }

    /**
     * The number of tokens before the padding, the final {@code </s>} included: as many rows of the text encoder's output are
     * kept, the others become 0.
     *
     * @return 1 to the length of {@link #ids()}
     */
    public int length() {
        return length;
    }

    /**
     * The number of tokens of the prompt that had no place.
     *
     * @return 0 if the whole prompt is read
     */
    public int dropped() {
        return dropped;
    }
}
