package org.patchreel.api;

/**
 * Size and timing of a video.
 *
 * @param width pixels, a multiple of 16
 * @param height pixels, a multiple of 16
 * @param frameCount 4n+1, because the causal VAE of the Wan family makes one frame of the first latent frame and four of
 *     each further one; at most {@value #MAX_FRAMES}
 * @param frameRate frames per second, constant over the clip
 */
public record VideoFormat(int width, int height, int frameCount, int frameRate) {

    /** The longest clip in frames: a minute at 60 frames per second. */
    public static final int MAX_FRAMES = 3601;

    /**
     * Checks all four.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it and the nearest right values
     */
    public VideoFormat {
        new FrameSize(width, height);
        checkMultiple("width", width, 16);
        checkMultiple("height", height, 16);
        if (frameCount < 1 || frameCount > MAX_FRAMES) {
            throw new IllegalArgumentException("frame count must be 1 to " + MAX_FRAMES + ": " + frameCount);
        }
        if (frameCount % 4 != 1) {
            throw new IllegalArgumentException("frame count must be 4n+1: " + frameCount + ", nearest are "
                    + ((frameCount - 1) / 4 * 4 + 1) + " and " + ((frameCount - 1) / 4 * 4 + 5));
        }
        if (frameRate < 1 || frameRate > 120) {
            throw new IllegalArgumentException("frame rate must be 1 to 120: " + frameRate);
        }
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
        return (double) frameCount / frameRate;
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
}
