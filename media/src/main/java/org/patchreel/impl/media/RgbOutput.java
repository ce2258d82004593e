package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;

/** Gives a {@link SourceReader} frames as they are displayed, in one size. */
final class RgbOutput implements FrameOutput {
    private final FrameDecoder decoder;
    private final FrameSize size;
    private final Fit fit;
    private final PixelBudget budget;
    private @Nullable RgbScaler scaler;

    RgbOutput(FrameDecoder decoder, FrameSize size, Fit fit, DecodingLimits limits) throws IOException {
        this.decoder = decoder;
        this.size = size;
        this.fit = fit;
        budget = new PixelBudget(limits.scaledPixels(), "scale");
        decoder.firstFrame();
    }

    @Override
    public void describe(DataOutputStream out) throws IOException {
        out.writeDouble(decoder.frameSeconds());
    }

    @Override
    public void write(int index, DataOutputStream out) throws IOException {
        if (index > 0) {
            throw new IOException("the request is not understood");
        }
        AVFrame frame = decoder.frame();
        budget.spend(frame);
        FrameShape shape = FrameShape.of(frame, decoder.pixelAspect());
        if (scaler == null || !scaler.shape().equals(shape)) {
            close();
            scaler = new RgbScaler(shape, size, fit);
        }
        scaler.scale(frame);
        out.writeByte(DecoderMain.PIXELS);
        scaler.write(out);
    }

    @Override
    public void close() {
        if (scaler != null) {
            scaler.close();
            scaler = null;
        }
    }
}
