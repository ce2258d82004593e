package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.media.FrameRateConverter;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Makes one clip of the frames of its shots, which come one after the other: brings them to the clip's rate, from each cut on
 * anew, and mixes the shots that dissolve. Holds the frames of one dissolve.
 */
final class JoinedShots extends ForwardingFrameSink {

    /**
     * Shots without a cut between them.
     *
     * @param used frames that come
     * @param known how many of the clip's frames, made of the first one that comes, stand in the clip already
     * @param frames of the clip, without those
     * @param opening how many of them are mixed with the last ones of the take before
     * @param closing how many of them are mixed with the first ones of the take behind
     */
    private record Take(int used, int known, int frames, int opening, int closing) {

        Take with(WorkShot next) {
            return new Take(used + next.used(), known, frames + next.frames(), opening, closing);
        }

        Take before(WorkShot next) {
            return new Take(used, known, frames, opening, next.dissolved());
        }
    }

    private final WorkOrder order;
    private final Iterator<Take> takes;
    private final Deque<VideoFrame> held = new ArrayDeque<>();
    private @Nullable FrameSink current;
    private int left;

    /**
     * Creates one.
     *
     * @param order of the clip
     * @param next takes the clip's frames; closed with this sink
     */
    JoinedShots(WorkOrder order, FrameSink next) {
        super(next);
        this.order = order;
        this.takes = takes(order).iterator();
    }

    private static List<Take> takes(WorkOrder order) {
        List<Take> takes = new ArrayList<>();
        for (WorkShot shot : order.shots()) {
            int last = takes.size() - 1;
            if (shot.continuesShot()) {
                takes.set(last, takes.get(last).with(shot));
                continue;
            }
            if (last >= 0) {
                takes.set(last, takes.get(last).before(shot));
            }
            // the frame of a continued clip tells the converter when the first made one is due
            int known = shot.beginsWithKnownFrame() ? 1 : 0;
            takes.add(new Take(shot.used(), known, shot.frames(), shot.dissolved(), 0));
        }
        return takes;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (current == null) {
            Take take = takes.next();
            left = take.used();
            current = new FrameRateConverter(
                    order.timing(), take.known() + take.frames(), new SkippedFrames(take.known(), new Mixed(take)));
        }
        current.accept(frame);
        if (--left == 0) {
            current = null;
        }
    }

    /** Mixes the first frames of a take with those that are held, and holds its last ones. */
    private final class Mixed implements FrameSink {

        private final Take take;
        private int come;

        Mixed(Take take) {
            this.take = take;
        }

        @Override
        public void accept(VideoFrame frame) throws IOException {
            int index = come++;
            if (index < take.opening()) {
                next.accept(mix(held.remove(), frame, index + 1, take.opening() + 1));
            } else if (index >= take.frames() - take.closing()) {
                ByteBuffer rgb = ByteBuffer.allocate(frame.rgb().remaining());
                rgb.put(frame.rgb()).flip();
                held.add(new VideoFrame(frame.width(), frame.height(), rgb));
            } else {
                next.accept(frame);
            }
        }

        @Override
        public void close() {}
    }

    /** The one frame to {@code weight / whole}, the other for the rest, rounded to the nearest. */
    private static VideoFrame mix(VideoFrame before, VideoFrame after, int weight, int whole) {
        ByteBuffer from = before.rgb();
        ByteBuffer to = after.rgb();
        ByteBuffer mixed = ByteBuffer.allocate(from.remaining());
        while (mixed.hasRemaining()) {
            int sum = (from.get() & 255) * (whole - weight) + (to.get() & 255) * weight;
            mixed.put((byte) ((2 * sum + whole) / (2 * whole)));
        }
        mixed.flip();
        return new VideoFrame(before.width(), before.height(), mixed);
    }
}
