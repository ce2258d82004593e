package org.patchreel.impl.watermark;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a mark says: 64 random bits, which name a clip.
 *
 * @param bits the number
 */
public record MarkId(long bits) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** {@return a new ID; two clips have the same with a chance of 2⁻⁶⁴} */
    public static MarkId random() {
        return new MarkId(RANDOM.nextLong());
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param digits 16 hexadecimal digits
     * @return the ID
     * @throws IllegalArgumentException if it is something else
     */
    public static MarkId parse(String digits) {
        if (digits.length() != 2 * Long.BYTES) {
            throw new IllegalArgumentException("an ID has 16 hexadecimal digits: '" + digits + "'");
        }
        return new MarkId(HexFormat.fromHexDigitsToLong(digits));
    }

    /** {@return 8 bytes, the highest first} */
    public byte[] bytes() {
        return HexFormat.of().parseHex(toString());
    }

    /** {@return 16 hexadecimal digits} */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(bits);
    }
}
