package org.patchreel.runtime.model;

import java.io.ByteArrayOutputStream;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Keeps the bytes of all frames. */
public final class RecordingSink implements FrameSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int count;

    @Override
    public void accept(VideoFrame frame) {
        byte[] rgb = new byte[frame.rgb().remaining()];
        frame.rgb().get(rgb);
        bytes.writeBytes(rgb);
        count++;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    public int count() {
        return count;
    }

    @Override
    public void close() {}
}
