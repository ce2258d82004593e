package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.patchreel.api.FrameSize;

/** Tells a {@link SourceReader} of a file as a whole. */
final class InfoOutput implements FrameOutput {
    private final FrameDecoder decoder;

    InfoOutput(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void describe(DataOutputStream out) throws IOException {
        AVFrame frame = decoder.firstFrame();
        FrameShape shape = FrameShape.of(frame, decoder.pixelAspect());
        FrameSize size = shape.displaySize();
        boolean alpha = false;
        if (shape.mayHaveAlpha()) {
            try (OpaqueFrame opaque = new OpaqueFrame(shape)) {
                alpha = opaque.fill(frame);
            }
        }
        FrameDecoder.TrackLength length = decoder.length();
        out.writeInt(size.width());
        out.writeInt(size.height());
        out.writeDouble(length.seconds());
        out.writeLong(length.frames());
        out.writeDouble(length.frameRate());
        out.writeBoolean(shape.colors().isHighDynamicRange());
        out.writeBoolean(alpha);
    }

    @Override
    public void write(int index, DataOutputStream out) throws IOException {
        throw new IOException("the request is not understood");
    }

    @Override
    public void close() {
        // holds nothing
    }
}
