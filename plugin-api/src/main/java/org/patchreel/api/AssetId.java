package org.patchreel.api;

import java.math.BigInteger;
import java.util.Objects;
import java.util.regex.Pattern;

/** The IDs of assets, which are those of the jobs that made them: 1 to 64 letters and digits. */
public final class AssetId {

    private static final Pattern VALID = Pattern.compile("[0-9A-Za-z]{1,64}");
    private static final String BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int TAIL_BITS = 80;

    private AssetId() {}

    /**
     * Tells whether an asset can have an ID.
     *
     * @param id to look at
     * @return whether it is 1 to 64 letters and digits of ASCII, so that it is safe in file names and paths
     */
    public static boolean isValid(String id) {
        return VALID.matcher(Objects.requireNonNull(id, "id")).matches();
    }

    /**
     * Refuses an ID that no asset can have.
     *
     * @param id to look at
     * @return the ID
     * @throws IllegalArgumentException if it is not 1 to 64 letters and digits
     */
    public static String check(String id) {
        if (!isValid(id)) {
            throw new IllegalArgumentException("an asset's ID is 1 to 64 letters and digits: " + id);
        }
        return id;
    }

    /**
     * Makes an ID in the form of <a href="https://github.com/ulid/spec">ULIDs</a>, which sort by their time.
     *
     * @param millis since 1970, 48 bits
     * @param tail the 80 bits that tell IDs of one millisecond apart
     * @return 26 characters
     */
    public static String ulid(long millis, BigInteger tail) {
        return base32(BigInteger.valueOf(millis).shiftLeft(TAIL_BITS).or(tail));
    }

    /**
     * Writes a number as an ID.
     *
     * @param value its lowest 130 bits are written, the highest first
     * @return 26 characters of Crockford's base 32
     */
    public static String base32(BigInteger value) {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int shift = 5 * (LENGTH - 1); shift >= 0; shift -= 5) {
            id.append(BASE32.charAt(value.shiftRight(shift).intValue() & 31));
        }
        return id.toString();
    }
}
