package org.patchreel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A sink that hands frames on to the next one of a chain, and closes it. Override what shall be different: {@link #accept}
 * to look at frames or change them, {@link #close} to complete something of one's own, with {@code super.close()} in a
 * {@code finally} clause.
 */
@ConsumerType
public abstract class ForwardingFrameSink implements FrameSink {

    /** Takes the frames. */
    protected final FrameSink next;

    /**
     * Creates a sink.
     *
     * @param next takes the frames; closed with this sink
     */
    protected ForwardingFrameSink(FrameSink next) {
        this.next = next;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        next.accept(frame);
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
