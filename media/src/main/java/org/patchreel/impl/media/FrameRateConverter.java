package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Brings frames to a clip's rate and length: repeats or mixes them where the clip has more of them, leaves some out where it
 * has fewer, and cuts off those past the clip's end. Keeps at most one frame. Used by one thread.
 */
public final class FrameRateConverter extends ForwardingFrameSink {
    private static final int WEIGHT_BITS = 8;

    private final FrameTiming timing;
    private final int frameCount;
    private byte[] before = new byte[0];
    private long arrived;
    private int delivered;

    /**
     * Creates a converter.
     *
     * @param timing of the frames
     * @param frameCount frames of the clip
     * @param next takes them; closed with this sink
     */
    public FrameRateConverter(FrameTiming timing, int frameCount, FrameSink next) {
        super(next);
        this.timing = timing;
        this.frameCount = frameCount;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        while (due(arrived - 1)) {
            deliver(mix(frame, timing.fraction(delivered)));
        }
        while (due(arrived) && timing.fraction(delivered) == 0) {
            deliver(frame);
        }
        if (due(arrived)) {
            keep(frame);
        }
        arrived++;
    }

    private boolean due(long index) {
        return delivered < frameCount && timing.index(delivered) == index;
    }

    private void deliver(VideoFrame frame) throws IOException {
        next.accept(frame);
        delivered++;
    }

    private void keep(VideoFrame frame) {
        if (before.length != frame.rgb().remaining()) {
            before = new byte[frame.rgb().remaining()];
        }
        frame.rgb().get(frame.rgb().position(), before);
    }

    private VideoFrame mix(VideoFrame after, double fraction) {
        int weight = (int) Math.round(fraction * (1 << WEIGHT_BITS));
        byte[] pixels = new byte[before.length];
        ByteBuffer rgb = after.rgb();
        for (int i = 0; i < pixels.length; i++) {
            int from = before[i] & 255;
            int to = rgb.get(rgb.position() + i) & 255;
            pixels[i] = (byte) (from + (((to - from) * weight + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS));
        }
        return new VideoFrame(after.width(), after.height(), ByteBuffer.wrap(pixels));
    }
}
