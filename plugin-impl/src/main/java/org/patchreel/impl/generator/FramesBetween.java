package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/**
 * Takes what a model has made of a clip in a higher rate, and passes on the frames between those of the clip, with the clip's own
 * detail: a blend of the two frames around each, changed by what the model's frame differs from the blend of the model's own
 * two. So what the model's codec loses of a picture, which is the same in all of them, is not lost, and frames made and
 * frames of the clip look alike. Where the two frames are the same the blend is right, and counts more.
 *
 * <p>Holds as many frames as stand between two of the clip, and four. Used by one thread.
 */
final class FramesBetween extends ForwardingFrameSink {

    /** Difference of two frames, in grey levels, at which blend and model count the same: the best of several that were tried. */
    private static final float EVEN = 4;

    /** Pixels of the model, to each side, over which the difference is averaged. */
    private static final int NEIGHBOURHOOD = 2;

    private final JoinedFrames.Clip clip;
    private final int factor;
    private final int steps;
    private final int radius;
    private final Queue<byte[]> between = new ArrayDeque<>();
    private @Nullable FrameSource source;
    private byte[] own = new byte[0];
    private byte[] made = new byte[0];
    private int come;

    /**
     * Creates one.
     *
     * @param clip opened when the first frame comes
     * @param interpolated says how many frames come; what comes after the clip's last is left out
     * @param scale pixels of the frames for each pixel of the model, along a row
     * @param next takes the frames between; closed with this sink
     */
    FramesBetween(JoinedFrames.Clip clip, WorkSource.Interpolated interpolated, double scale, FrameSink next) {
        super(next);
        this.clip = clip;
        this.factor = interpolated.factor();
        this.steps = interpolated.steps();
        this.radius = (int) Math.max(1, Math.round(NEIGHBOURHOOD * scale));
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (come == steps) {
            return;
        }
        byte[] model = bytes(frame);
        if (come % factor != 0) {
            between.add(model);
        } else {
            byte[] following = read();
            if (come > 0) {
                pass(frame.width(), frame.height(), model, following);
            }
            own = following;
            made = model;
        }
        come++;
    }

    private byte[] read() throws IOException {
        FrameSource open = source;
        if (open == null) {
            open = clip.open();
            source = open;
        }
        return bytes(open.next().orElseThrow(() -> new IOException("the clip that is interpolated has lost frames")));
    }

    private static byte[] bytes(VideoFrame frame) {
        byte[] copy = new byte[frame.rgb().remaining()];
        frame.rgb().get(copy);
        return copy;
    }

    private void pass(int width, int height, byte[] madeNext, byte[] ownNext) throws IOException {
        float[] change = Change.between(own, ownNext, width, height, radius);
        for (int phase = 1; phase < factor; phase++) {
            byte[] frame = between.remove();
            float second = (float) phase / factor;
            float first = 1 - second;
            for (int pixel = 0; pixel < change.length; pixel++) {
                float trust = change[pixel] / (change[pixel] + EVEN);
                for (int i = 3 * pixel; i < 3 * pixel + 3; i++) {
                    float blend = first * (own[i] & 0xff) + second * (ownNext[i] & 0xff);
                    float seen = first * (made[i] & 0xff) + second * (madeNext[i] & 0xff);
                    float value = blend + trust * ((frame[i] & 0xff) - seen);
                    frame[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
                }
            }
            next.accept(new VideoFrame(width, height, ByteBuffer.wrap(frame)));
        }
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
