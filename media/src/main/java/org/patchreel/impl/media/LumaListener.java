package org.patchreel.impl.media;

import java.io.IOException;
import org.patchreel.api.FrameSize;

/** Takes the frames of a file, one after the other; several listeners share one decoding. Used by one thread. */
public interface LumaListener {

    /** {@return the size that it wants the frames in} */
    LumaSize wanted();

    /**
     * Called once, before the first frame.
     *
     * @param nativeSize of the frames in the file
     * @param size of the frames that this listener gets
     */
    void begin(FrameSize nativeSize, FrameSize size);

    /**
     * Called for each frame.
     *
     * @param frame valid during this call
     * @throws IOException as {@link LumaFrame#luma}
     */
    void accept(LumaFrame frame) throws IOException;
}
