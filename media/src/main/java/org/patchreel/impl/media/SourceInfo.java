package org.patchreel.impl.media;

import org.patchreel.api.FrameSize;

/**
 * What a picture or a clip is.
 *
 * @param size of the frames as they are displayed: rotated as the file says, with square pixels
 * @param seconds at which the last frame ends, counted as {@link SourceReader#time}: by the file's index, or by the times of
 *     all frames where it has none; 0 for a picture
 * @param frames that are shown, 1 or more, counted in the file's index, or by reading to its end where it has none; none is
 *     decoded for it, so that damaged ones are among them
 * @param frameRate mean frames per second; 0 for a picture
 * @param highDynamicRange whether the first frame is of high dynamic range (PQ or HLG)
 * @param alpha whether pixels of the first frame are transparent, in part or whole
 */
public record SourceInfo(
        FrameSize size, double seconds, long frames, double frameRate, boolean highDynamicRange, boolean alpha) {

    /** {@return whether it is a single frame: a picture, or a clip or animation of one frame} */
    public boolean picture() {
        return frames == 1;
    }
}
