package org.patchreel.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Width and height of a frame in pixels.
 *
 * @param width 1 to {@value #MAX_SIDE}
 * @param height 1 to {@value #MAX_SIDE}
 */
public record FrameSize(int width, int height) {

    /** The longest side: 8K. */
    public static final int MAX_SIDE = 8192;

    private static final Pattern TYPED = Pattern.compile("(\\d{1,5})[xX](\\d{1,5})");

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if a side is out of range
     */
    public FrameSize {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "each side must be 1 to " + MAX_SIDE + " pixels: " + width + "x" + height);
        }
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text {@code WIDTHxHEIGHT}, for example {@code 640x368}
     * @return the size
     * @throws IllegalArgumentException if it is not a size, or a side is out of range
     */
    public static FrameSize parse(String name, String text) {
        Matcher sides = TYPED.matcher(text);
        if (!sides.matches()) {
            throw new IllegalArgumentException(name + " must be WIDTHxHEIGHT, for example 640x368: " + text);
        }
        return new FrameSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
