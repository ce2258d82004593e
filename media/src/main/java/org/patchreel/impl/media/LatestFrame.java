package org.patchreel.impl.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Shows which frame is passing: keeps a small copy of one, and takes another one twice a second at most. Frames of one size;
 * {@link #jpeg} may be called from any thread.
 */
public final class LatestFrame extends ForwardingFrameSink {

    /** Pixels of the longer side, at most. */
    private static final int MAX_SIDE = 320;

    private static final long INTERVAL_NANOS = 500_000_000;

    private final LongSupplier nanoTime;
    private @Nullable CoverScaler scaler;
    private long taken;
    private volatile @Nullable BufferedImage picture;

    /**
     * Creates the sink.
     *
     * @param next takes each frame first; closed with this sink
     * @param nanoTime tells the time as {@link System#nanoTime} does
     */
    public LatestFrame(FrameSink next, LongSupplier nanoTime) {
        super(next);
        this.nanoTime = nanoTime;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        next.accept(frame);
        long now = nanoTime.getAsLong();
        if (picture == null || now - taken >= INTERVAL_NANOS) {
            taken = now;
            picture = FrameImage.of(small(frame));
        }
    }

    private VideoFrame small(VideoFrame frame) {
        int longer = Math.max(frame.width(), frame.height());
        if (longer <= MAX_SIDE) {
            return frame;
        }
        if (scaler == null) {
            scaler = new CoverScaler(
                    new FrameSize(frame.width(), frame.height()),
                    new FrameSize(side(frame.width(), longer), side(frame.height(), longer)));
        }
        return scaler.scale(frame);
    }

    private static int side(int pixels, int longer) {
        return Math.max(1, Math.round((float) pixels * MAX_SIDE / longer));
    }

    /** {@return the frame as a JPEG file; empty before the first one} */
    public Optional<byte[]> jpeg() {
        return Optional.ofNullable(picture).map(JpegFile::bytes);
    }

    @Override
    public void close() throws IOException {
        if (scaler != null) {
            scaler.close();
        }
        super.close();
    }
}
