package org.patchreel.runtime.adapter;

import java.util.regex.Pattern;

/** Which transformers of a checkpoint with two experts a file changes. */
public enum Expert {
    /** Both. */
    BOTH("both experts", "(?!)"),
    /** The one for high noise levels, which begins. */
    HIGH("high noise levels", "(?i)(?<![a-z0-9])high[._ -]?noise(?![a-z])"),
    /** The one for low noise levels, which ends. */
    LOW("low noise levels", "(?i)(?<![a-z0-9])low[._ -]?noise(?![a-z])");

    private final String label;
    private final Pattern phrase;

    Expert(String label, String phrase) {
        this.label = label;
        this.phrase = Pattern.compile(phrase);
    }

    /** {@return what people call it} */
    public String label() {
        return label;
    }

    /**
     * {@return the expert that a file is for}
     *
     * @param fileName a name that has {@code high_noise} or {@code low_noise} in it is that of a file for one
     */
    static Expert of(String fileName) {
        boolean high = HIGH.phrase.matcher(fileName).find();
        boolean low = LOW.phrase.matcher(fileName).find();
        return high == low ? BOTH : high ? HIGH : LOW;
    }
}
