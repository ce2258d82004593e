package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Tells a {@link SourceReader} of a file as a whole. */
final class InfoOutput implements FrameOutput {
    private final SourceInfo info;

    InfoOutput(FrameDecoder decoder) throws IOException {
        AVFrame frame = decoder.firstFrame();
        FrameShape shape = FrameShape.of(frame, decoder.pixelAspect());
        boolean alpha = shape.mayHaveAlpha() && isTransparent(frame, shape);
        FrameDecoder.TrackLength length = decoder.length();
        info = new SourceInfo(
                shape.displaySize(),
                length.seconds(),
                length.frames(),
                length.frameRate(),
                shape.colors().isHighDynamicRange(),
                alpha);
    }

    private static boolean isTransparent(AVFrame frame, FrameShape shape) throws IOException {
        try (OpaqueFrame opaque = new OpaqueFrame(shape)) {
            return opaque.fill(frame);
        }
    }

    @Override
    public void describe(DataOutputStream out) throws IOException {
        out.writeInt(info.size().width());
        out.writeInt(info.size().height());
        out.writeDouble(info.seconds());
        out.writeLong(info.frames());
        out.writeDouble(info.frameRate());
        out.writeBoolean(info.highDynamicRange());
        out.writeBoolean(info.alpha());
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
