package org.patchreel.api;

/**
 * Size and timing of a video.
 *
 * @param width pixels, even, {@value #MIN_SIDE} or more: two pixels share their colour in 4:2:0
 * @param height likewise
 * @param frameCount 1 to {@value #MAX_FRAMES}
 * @param frameRate frames per second, constant over the clip
 */
public record VideoFormat(int width, int height, int frameCount, FrameRate frameRate) {

    /** Minimum side in pixels, which every encoder takes. */
    public static final int MIN_SIDE = 16;

    /** Maximum number of frames: a minute at 60 frames per second, with the frame at its end. */
    public static final int MAX_FRAMES = 3601;

    /**
     * Checks all four.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it and the nearest right values
     */
    public VideoFormat {
        checkSize(new FrameSize(width, height));
        if (frameCount < 1 || frameCount > MAX_FRAMES) {
            throw new IllegalArgumentException("frame count must be 1 to " + MAX_FRAMES + ": " + frameCount);
        }
    }

    /**
     * As above, at a whole rate.
     *
     * @param width in pixels
     * @param height in pixels
     * @param frameCount frames
     * @param framesPerSecond 1 to 120
     */
    public VideoFormat(int width, int height, int frameCount, int framesPerSecond) {
        this(width, height, frameCount, FrameRate.of(framesPerSecond));
    }

    /**
     * Refuses a size that no video has.
     *
     * @param size in pixels
     * @throws IllegalArgumentException if a side is odd or too short; the message names the nearest right values
     */
    public static void checkSize(FrameSize size) {
        checkSide("width", size.width());
        checkSide("height", size.height());
    }

    private static void checkSide(String name, int value) {
        if (value < MIN_SIDE) {
            throw new IllegalArgumentException(name + " must be at least " + MIN_SIDE + " pixels: " + value);
        }
        checkMultiple(name, value, 2);
    }

    /**
     * Refuses a side that is not a multiple of a stride and names the two nearest that are.
     *
     * @param name the side's name, for the message
     * @param value pixels
     * @param stride pixels
     * @throws IllegalArgumentException if value is not a multiple of stride
     */
    public static void checkMultiple(String name, int value, int stride) {
        if (value % stride != 0) {
            int below = value / stride * stride;
            String nearest = below == 0 ? "nearest is " + stride : "nearest are " + below + " and " + (below + stride);
            throw new IllegalArgumentException(
                    name + " must be a multiple of " + stride + ": " + value + ", " + nearest);
        }
    }

    /** {@return width and height} */
    public FrameSize size() {
        return new FrameSize(width, height);
    }

    /** {@return the length in seconds} */
    public double seconds() {
        return frameRate.seconds(frameCount);
    }

    /**
     * Changes the size and keeps the timing.
     *
     * @param size in pixels
     * @return this format at another size
     */
    public VideoFormat withSize(FrameSize size) {
        return new VideoFormat(size.width(), size.height(), frameCount, frameRate);
    }

    /** {@return for example {@code 640x360, 120 frames at 23.976 fps}} */
    @Override
    public String toString() {
        return size() + ", " + frameCount + (frameCount == 1 ? " frame" : " frames") + " at " + frameRate + " fps";
    }
}
