package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.FrameSize;

/** Gives a {@link LumaReader} frames in one or several sizes. */
final class LumaOutput implements FrameOutput {
    private final FrameDecoder decoder;
    private final NativeScope scope = new NativeScope();
    private final List<LumaScaler> scalers = new ArrayList<>();

    LumaOutput(FrameDecoder decoder, List<LumaSize> sizes, DecodingLimits limits) {
        this.decoder = decoder;
        try {
            for (LumaSize wanted : sizes) {
                FrameSize size = LumaScaler.scaled(decoder.nativeSize(), wanted);
                LumaScaler scaler = new LumaScaler(size, new PixelBudget(limits.scaledPixels(), "scale"));
                scalers.add(scaler);
                scope.onClose(scaler::close);
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public void describe(DataOutputStream out) throws IOException {
        out.writeInt(decoder.nativeSize().width());
        out.writeInt(decoder.nativeSize().height());
        for (LumaScaler each : scalers) {
            out.writeInt(each.size().width());
            out.writeInt(each.size().height());
        }
        out.writeDouble(decoder.frameSeconds());
    }

    @Override
    public void write(int index, DataOutputStream out) throws IOException {
        if (index >= scalers.size()) {
            throw new IOException("the request is not understood");
        }
        byte[] luma = scalers.get(index).luma(decoder.frame());
        out.writeByte(DecoderMain.PIXELS);
        out.write(luma);
    }

    @Override
    public void close() {
        scope.close();
    }
}
