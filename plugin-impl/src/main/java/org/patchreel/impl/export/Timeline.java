package org.patchreel.impl.export;

import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;

/**
 * Media one after the other on one video track, from the programme's start at 01:00:00:00 on.
 *
 * @param name for people
 * @param rate frames per second
 * @param size of the picture: that of the first medium
 * @param clips in their order, at least one
 */
record Timeline(String name, FrameRate rate, FrameSize size, List<Clip> clips) {

    /** As many as an edit decision list can number. */
    static final int MAX_CLIPS = 999;

    /**
     * A medium's place.
     *
     * @param medium the whole of which is shown
     * @param number from 1
     * @param start frames of the timeline before it
     * @param frames of the timeline that it fills
     */
    record Clip(Medium medium, int number, long start, long frames) {
        long end() {
            return start + frames;
        }

        /** {@return the frame of the timeline, since the clip's first, that shows a frame of the file} */
        long at(long frame) {
            return frame * frames / medium.frames();
        }
    }

    /** Puts media one after the other. */
    static Timeline of(String name, List<Medium> media) {
        FrameRate rate = EditingRate.of(media.stream().map(Medium::rate).toList());
        List<Clip> clips = new ArrayList<>();
        long start = 0;
        for (Medium medium : media) {
            Clip clip = new Clip(medium, clips.size() + 1, start, medium.framesAt(rate));
            clips.add(clip);
            start = clip.end();
        }
        return new Timeline(name, rate, media.get(0).clip().format().size(), List.copyOf(clips));
    }

    /** {@return timecode of the first frame} */
    Timecode start() {
        return Timecode.programmeStart(rate);
    }

    /** {@return its length in frames} */
    long frames() {
        return clips.get(clips.size() - 1).end();
    }
}
