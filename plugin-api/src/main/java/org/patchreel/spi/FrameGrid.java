package org.patchreel.spi;

import org.patchreel.api.VideoFormat;

/**
 * The sizes and lengths of what a model generates. Models code a video as latent frames: a causal codec makes one frame of
 * the first latent frame and {@code temporalStride} frames of each further one, so that a clip has a whole multiple of the
 * temporal stride, plus one, frames. Immutable.
 *
 * @param spatialStride width and height are multiples of it, in pixels, 1 or more
 * @param temporalStride frames of each latent frame but the first, 1 or more
 * @param windowFrames the maximum number of frames that the network generates at once, which is what it was trained for; longer
 *     clips are made in windows. On the grid
 */
public record FrameGrid(int spatialStride, int temporalStride, int windowFrames) {

    /**
     * Checks the strides and that the window is on the grid.
     *
     * @throws IllegalArgumentException if a stride is less than 1, or windowFrames is not on the grid; the message names the
     *     value
     */
    public FrameGrid {
        if (spatialStride < 1 || temporalStride < 1) {
            throw new IllegalArgumentException(
                    "strides must be 1 or more: spatial " + spatialStride + ", temporal " + temporalStride);
        }
        if (windowFrames < 1 || (windowFrames - 1) % temporalStride != 0) {
            throw new IllegalArgumentException(
                    "window must be a multiple of " + temporalStride + " frames, plus one: " + windowFrames);
        }
    }

    /**
     * The grid whose window is the longest one that a number of frames has room for.
     *
     * @param spatialStride see above
     * @param temporalStride see above
     * @param maxFrames 1 or more
     * @return a grid whose window has at most that many frames
     */
    public static FrameGrid within(int spatialStride, int temporalStride, int maxFrames) {
        return new FrameGrid(spatialStride, temporalStride, (maxFrames - 1) / temporalStride * temporalStride + 1);
    }

    /**
     * Refuses a number of frames that is not on the grid.
     *
     * @param name of the value, for the message
     * @param frames 1 or more
     * @throws IllegalArgumentException if it is not on the grid; the message names the nearest numbers that are
     */
    public void checkFrames(String name, int frames) {
        int above = atLeast(frames);
        if (frames != above) {
            throw new IllegalArgumentException(name + " must be a multiple of " + temporalStride + ", plus one: "
                    + frames + ", nearest are " + (above - temporalStride) + " and " + above);
        }
    }

    /**
     * Refuses a format that is not on the grid, in its size or in its length.
     *
     * @param format of a video
     * @throws IllegalArgumentException if it is not on the grid; the message names the value and the nearest right ones
     */
    public void check(VideoFormat format) {
        VideoFormat.checkMultiple("width", format.width(), spatialStride);
        VideoFormat.checkMultiple("height", format.height(), spatialStride);
        checkFrames("frames", format.frameCount());
    }

    /**
     * The smallest number of frames on the grid that is not below another.
     *
     * @param frames 1 or more
     * @return frames, or up to {@code temporalStride - 1} more
     */
    public int atLeast(int frames) {
        return frames(latentFrames(frames));
    }

    /**
     * The number of latent frames that stand for a number of frames; what the last one stands for beyond them counts, too.
     *
     * @param frames 1 or more
     * @return 1 or more
     */
    public int latentFrames(int frames) {
        return (frames + temporalStride - 2) / temporalStride + 1;
    }

    /**
     * The number of frames that latent frames stand for.
     *
     * @param latentFrames 1 or more, the first of the clip among them
     * @return 1 or more
     */
    public int frames(int latentFrames) {
        return (latentFrames - 1) * temporalStride + 1;
    }
}
