package org.patchreel.spi;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Gives frames one after the other. Used by one thread at a time. */
@ConsumerType
public interface FrameSource extends AutoCloseable {

    /**
     * Gives the next frame.
     *
     * @return the frame, valid until the next call; empty after the last one
     * @throws IOException if it cannot be read; the message names the file and the reason
     */
    Optional<VideoFrame> next() throws IOException;

    @Override
    void close() throws IOException;
}
