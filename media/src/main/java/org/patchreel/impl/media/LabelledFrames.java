package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Draws a label into some of the frames that pass; the others pass untouched. */
public final class LabelledFrames extends ForwardingFrameSink {
    private final LabelImage label;
    private final IntPredicate labelled;
    private final ByteBuffer pixels;
    private int come;

    /**
     * Creates the sink.
     *
     * @param label for frames of the size that will come
     * @param labelled says of the index of a frame, from 0, whether it has the label
     * @param next takes all frames; closed with this sink
     */
    public LabelledFrames(LabelImage label, IntPredicate labelled, FrameSink next) {
        super(next);
        this.label = label;
        this.labelled = labelled;
        this.pixels =
                ByteBuffer.allocate(3 * label.frame().width() * label.frame().height());
    }

    /**
     * Hands a frame on, with the label if it is to have it.
     *
     * @throws IllegalArgumentException if the frame is not of the label's frame size
     */
    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (!labelled.test(come++)) {
            next.accept(frame);
            return;
        }
        frame.checkSize(label.frame());
        pixels.clear().put(frame.rgb()).flip();
        label.drawInto(pixels);
        next.accept(new VideoFrame(frame.width(), frame.height(), pixels));
    }
}
