package org.patchreel.impl.generator;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/**
 * Puts the frames of an interpolated clip around those that were made between them. The last one is repeated, so that it is shown
 * as long as in the clip. Used by one thread.
 */
final class InterleavedFrames extends ForwardingFrameSink {

    private final JoinedFrames.Clip clip;
    private final WorkSource.Interpolated interpolated;
    private @Nullable FrameSource source;
    private int come;

    /**
     * Creates one.
     *
     * @param clip opened when the first frame comes
     * @param interpolated says how many frames come
     * @param next takes all frames; closed with this sink
     */
    InterleavedFrames(JoinedFrames.Clip clip, WorkSource.Interpolated interpolated, FrameSink next) {
        super(next);
        this.clip = clip;
        this.interpolated = interpolated;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        FrameSource open = source;
        if (open == null) {
            open = clip.open();
            source = open;
            next.accept(own(open));
        }
        next.accept(frame);
        come++;
        if (come % (interpolated.factor() - 1) == 0) {
            VideoFrame own = own(open);
            int times = come == interpolated.made() ? interpolated.factor() : 1;
            for (int i = 0; i < times; i++) {
                next.accept(own);
            }
        }
    }

    private static VideoFrame own(FrameSource open) throws IOException {
        return open.next().orElseThrow(() -> new IOException("the clip that is interpolated has lost frames"));
    }

    @Override
    public void close() throws IOException {
        FrameSource open = source;
        source = null;
        try (next) {
            if (open != null) {
                open.close();
            }
        }
    }
}
