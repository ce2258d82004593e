package org.patchreel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes frames one after the other. Sinks form a chain: scale, watermark, encode. Used by one thread at a time.
 *
 * <p>{@link #close()} after the last frame completes what the sink writes; a sink that is closed after an exception, or
 * before any frame, only releases what it holds.
 */
@ConsumerType
public interface FrameSink extends AutoCloseable {

    /**
     * Takes the next frame. Returns when the frame's buffer may be reused.
     *
     * @param frame valid during this call
     * @throws IOException if it cannot be written
     */
    void accept(VideoFrame frame) throws IOException;

    /**
     * Completes the output and releases native memory. The second call does nothing.
     *
     * @throws IOException if the output cannot be completed
     */
    @Override
    void close() throws IOException;

    /**
     * The end of a chain that is run for what the sinks before it learn.
     *
     * @return a sink that discards all frames; safe for use from any thread
     */
    static FrameSink discarding() {
        return DiscardingFrameSink.INSTANCE;
    }
}
