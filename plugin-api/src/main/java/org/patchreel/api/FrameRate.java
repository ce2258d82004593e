package org.patchreel.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Frames per second: a whole number, or a whole number divided by 1.001 as in NTSC's 24000/1001, 30000/1001 and 60000/1001
 * (SMPTE ST 12-1), which people write 23.976, 29.97 and 59.94.
 *
 * @param numerator frames in {@link #denominator} seconds
 * @param denominator 1 or 1001
 */
public record FrameRate(int numerator, int denominator) implements Comparable<FrameRate> {

    /** The highest rate, frames per second. */
    public static final int MAX = 120;

    private static final int NTSC = 1001;
    private static final Pattern FRACTION = Pattern.compile("(\\d{1,6})/(\\d{1,4})");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,3}(\\.\\d{1,9})?");

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is not such a rate, or below 1 or above {@value #MAX}
     */
    public FrameRate {
        boolean known = denominator == 1 || (denominator == NTSC && numerator % 1000 == 0);
        if (!known || numerator < 1 || numerator > (long) MAX * denominator) {
            throw mistake("frame rate", denominator == 1 ? "" + numerator : numerator + "/" + denominator);
        }
    }

    /**
     * A whole rate.
     *
     * @param framesPerSecond 1 to {@value #MAX}
     * @return the rate
     * @throws IllegalArgumentException if it is out of range
     */
    public static FrameRate of(int framesPerSecond) {
        return new FrameRate(framesPerSecond, 1);
    }

    /**
     * Reads what a person has typed: {@code 25}, {@code 30000/1001} or {@code 29.97}.
     *
     * @param name of what it is, for the message
     * @param text the rate
     * @return the rate
     * @throws IllegalArgumentException if it is not a rate, or out of range; the message says what is accepted
     */
    public static FrameRate parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        try {
            Matcher fraction = FRACTION.matcher(text);
            if (fraction.matches()) {
                return reduced(Integer.parseInt(fraction.group(1)), Integer.parseInt(fraction.group(2)));
            }
            if (DECIMAL.matcher(text).matches()) {
                return decimal(new BigDecimal(text));
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Refused below, in the words of the caller.
        }
        throw mistake(name, text);
    }

    private static FrameRate reduced(int numerator, int denominator) {
        int divisor = BigInteger.valueOf(numerator)
                .gcd(BigInteger.valueOf(denominator))
                .intValueExact();
        return new FrameRate(numerator / divisor, denominator / divisor);
    }

    /** A decimal is the NTSC rate that is rounded, or with two digits or more cut off, to it. */
    private static FrameRate decimal(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.scale() <= 0) {
            return of(plain.intValueExact());
        }
        int nominal = plain.setScale(0, RoundingMode.CEILING).intValueExact();
        FrameRate rate = new FrameRate(1000 * nominal, NTSC);
        if (rate.rounded(plain.scale(), RoundingMode.HALF_UP).compareTo(plain) == 0
                || (plain.scale() >= 2
                        && rate.rounded(plain.scale(), RoundingMode.DOWN).compareTo(plain) == 0)) {
            return rate;
        }
        throw new IllegalArgumentException("not a frame rate: " + value);
    }

    private static IllegalArgumentException mistake(String name, String value) {
        return new IllegalArgumentException(name + " must be a whole number from 1 to " + MAX
                + ", or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): " + value);
    }

    private BigDecimal rounded(int digits, RoundingMode mode) {
        return BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), digits, mode);
    }

    /** {@return whether it is a whole number} */
    public boolean isWhole() {
        return denominator == 1;
    }

    /** {@return the whole number that timecode counts with: 24 for 23.976} */
    public int nominal() {
        return (numerator + denominator - 1) / denominator;
    }

    /** {@return frames per second, rounded to three digits where the rate is not whole; {@link #parse} reads it back} */
    public BigDecimal decimal() {
        return isWhole()
                ? BigDecimal.valueOf(numerator)
                : new BigDecimal(
                        rounded(3, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString());
    }

    /**
     * How long frames last.
     *
     * @param frames their number
     * @return seconds
     */
    public double seconds(long frames) {
        return (double) frames * denominator / numerator;
    }

    /**
     * How many frames a length has.
     *
     * @param seconds the length
     * @return seconds × rate, rounded to the nearest whole number, halves up
     */
    public long frames(double seconds) {
        return BigDecimal.valueOf(seconds)
                .multiply(BigDecimal.valueOf(numerator))
                .divide(BigDecimal.valueOf(denominator), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /**
     * A multiple of the rate.
     *
     * @param factor 1 or more
     * @return the multiple
     * @throws IllegalArgumentException if it is above {@value #MAX}
     */
    public FrameRate times(int factor) {
        return new FrameRate(numerator * factor, denominator);
    }

    /**
     * How many frames of this rate last as long as one of another.
     *
     * @param other the slower rate
     * @return the whole number of them, or 0 if there is none
     */
    public int multipleOf(FrameRate other) {
        long mine = (long) numerator * other.denominator;
        long others = (long) other.numerator * denominator;
        return mine % others == 0 ? (int) (mine / others) : 0;
    }

    /** Orders by speed. */
    @Override
    public int compareTo(FrameRate other) {
        return Long.compare((long) numerator * other.denominator, (long) other.numerator * denominator);
    }

    /** {@return for example {@code 25} or {@code 29.97}} */
    @Override
    public String toString() {
        return decimal().toPlainString();
    }
}
