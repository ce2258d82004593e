package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Answers of a {@link DecoderMain} that depend on what is wanted. What can fail does so before it is written. Used by one
 * thread.
 */
interface FrameOutput extends AutoCloseable {

    /** Writes what follows {@link DecoderMain#OPENED}. */
    void describe(DataOutputStream out) throws IOException;

    /**
     * Writes the pixels of the decoder's frame, {@link DecoderMain#PIXELS} first.
     *
     * @param index which of the sizes that are wanted, from 0
     * @throws IOException if there is no such size, or the frame cannot be converted
     */
    void write(int index, DataOutputStream out) throws IOException;

    @Override
    void close();
}
