package org.patchreel.spi;

import java.nio.ByteBuffer;
import org.patchreel.api.FrameSize;

/**
 * One decoded picture.
 *
 * @param width pixels
 * @param height pixels
 * @param rgb 3 × width × height bytes, red, green, blue, row by row from the top left, no padding, full range sRGB;
 *     read-only, position 0. Valid only during the call that hands the frame over: a sink that keeps it copies it.
 */
public record VideoFrame(int width, int height, ByteBuffer rgb) {

    /**
     * Checks that the buffer fits the size.
     *
     * @throws IllegalArgumentException if it does not
     */
    public VideoFrame {
        if (rgb.remaining() != 3L * width * height) {
            throw new IllegalArgumentException("a frame of " + width + "x" + height + " has " + 3L * width * height
                    + " bytes, not " + rgb.remaining());
        }
        rgb = rgb.asReadOnlyBuffer();
    }

    /** {@return the pixels, in a buffer of the caller's own: who reads it to its end leaves the next reader all of them} */
    @Override
    public ByteBuffer rgb() {
        return rgb.duplicate();
    }

    /**
     * Refuses a frame of another size than its clip's.
     *
     * @param clip size of the clip in pixels
     * @throws IllegalArgumentException if the frame has another; the message names both
     */
    public void checkSize(FrameSize clip) {
        if (width != clip.width() || height != clip.height()) {
            throw new IllegalArgumentException("a frame of " + width + "x" + height + " in a clip of " + clip);
        }
    }
}
