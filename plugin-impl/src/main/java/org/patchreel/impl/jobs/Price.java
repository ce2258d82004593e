package org.patchreel.impl.jobs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.patchreel.api.AssetMetadata.Cost;

/**
 * What a second of the device costs.
 *
 * @param amount a second, 0 or more
 * @param currency as the operator calls it
 */
public record Price(BigDecimal amount, String currency) {

    /** Digits behind the point: seconds are cheap, and many are summed up. */
    static final int SCALE = 6;

    /**
     * Reads a price.
     *
     * @param text {@code 0.0008 EUR}
     * @return the price
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    static Price parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        try {
            BigDecimal amount = new BigDecimal(words[0]);
            if (words.length == 2 && amount.signum() >= 0) {
                return new Price(amount, words[1]);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException("expected an amount and a currency, such as 0.0008 EUR");
    }

    /**
     * {@return what a time costs}
     *
     * @param time that the device was busy
     */
    public Cost of(Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.toMillis(), 3);
        return new Cost(amount.multiply(seconds).setScale(SCALE, RoundingMode.HALF_UP), currency);
    }
}
