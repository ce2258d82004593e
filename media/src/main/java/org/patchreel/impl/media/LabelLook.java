package org.patchreel.impl.media;

/**
 * What a label says and how it looks.
 *
 * @param text of {@link LabelImage#missing characters that can be drawn}; broken into lines if it is wider than the frame
 * @param position in the frame
 * @param heightPercent height of a capital letter in percent of the frame's shorter side; ideographs are taller. A letter has at
 *     least {@value LabelImage#MIN_HEIGHT} pixels, as smaller ones cannot be read
 * @param opacityPercent of the box behind the text, {@value #MIN_OPACITY} to 100; the text is opaque
 */
public record LabelLook(String text, LabelPosition position, int heightPercent, int opacityPercent) {

    /** White text on such a box has a contrast of 4.5 to 1, which WCAG 2 (1.4.3) wants, whatever is behind it. */
    public static final int MIN_OPACITY = 60;

    /** No letter of a greater height leaves room for a text. */
    public static final int MAX_HEIGHT = 30;

    private static final int MAX_OPACITY = 100;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public LabelLook {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a label without text");
        }
        if (heightPercent < 1 || heightPercent > MAX_HEIGHT) {
            throw new IllegalArgumentException(
                    "the height of a label is 1 to " + MAX_HEIGHT + " %, not " + heightPercent);
        }
        if (opacityPercent < MIN_OPACITY || opacityPercent > MAX_OPACITY) {
            throw new IllegalArgumentException(
                    "the opacity of a label is " + MIN_OPACITY + " to 100 %, not " + opacityPercent);
        }
    }
}
