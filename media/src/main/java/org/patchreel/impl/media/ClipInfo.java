package org.patchreel.impl.media;

import org.patchreel.api.FrameSize;

/**
 * What a video file says of itself.
 *
 * @param codec for example {@code h264} or {@code av1}
 * @param profile the codec's profile, empty if it has none
 * @param pixelFormat for example {@code yuv420p}
 * @param range {@code tv} (limited) or {@code pc} (full)
 * @param primaries colour primaries, {@code bt709}
 * @param transfer transfer characteristics, {@code bt709}
 * @param matrix of the conversion from RGB, {@code bt709}
 * @param size in pixels
 * @param frameCount frames in the index
 * @param frameRate mean frames per second
 * @param seconds length
 * @param tracks all tracks, the video's included
 * @param timecode of the first frame, {@code HH:MM:SS:FF}, empty if there is no timecode track
 */
public record ClipInfo(
        String codec,
        String profile,
        String pixelFormat,
        String range,
        String primaries,
        String transfer,
        String matrix,
        FrameSize size,
        long frameCount,
        double frameRate,
        double seconds,
        int tracks,
        String timecode) {}
