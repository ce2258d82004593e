package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Takes those of a shot's frames that its model has made and the clip is made of: the first ones stand in the clip already, and
 * behind the last one another shot follows. Keeps copies of the last ones for a shot that continues this one.
 */
final class UsedFrames extends ForwardingFrameSink {

    private final int first;
    private final int end;
    private final int kept;
    private final Deque<VideoFrame> last = new ArrayDeque<>();
    private int come;

    /**
     * Creates one.
     *
     * @param shot whose frames come
     * @param kept number of the frames that are copied, which may be among those that are left out
     * @param next takes the frames that are used
     */
    UsedFrames(WorkShot shot, int kept, FrameSink next) {
        super(next);
        this.first = shot.skipped();
        this.end = first + shot.used();
        this.kept = kept;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        int index = come++;
        if (index >= end - kept && index < end) {
            last.add(copy(frame));
        }
        if (index >= first && index < end) {
            next.accept(frame);
        }
    }

    private static VideoFrame copy(VideoFrame frame) {
        ByteBuffer rgb = ByteBuffer.allocate(frame.rgb().remaining());
        rgb.put(frame.rgb()).flip();
        return new VideoFrame(frame.width(), frame.height(), rgb);
    }

    /** {@return the last frames that are used, as far as they have come} */
    List<VideoFrame> last() {
        return List.copyOf(last);
    }
}
