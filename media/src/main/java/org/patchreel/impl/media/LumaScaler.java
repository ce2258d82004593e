package org.patchreel.impl.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/** Scales the luma of frames to one size. Used by one thread. */
final class LumaScaler implements AutoCloseable {
    private final FrameSize size;
    private final PixelBudget budget;
    private final Picture gray;
    private @Nullable SwsContext scaler;

    LumaScaler(FrameSize size, PixelBudget budget) {
        this.size = size;
        this.budget = budget;
        gray = new Picture(size, avutil.AV_PIX_FMT_GRAY8);
    }

    /** {@return the size to which frames are scaled} */
    static FrameSize scaled(FrameSize size, LumaSize wanted) {
        double scale = Math.min(
                Math.min(1, (double) wanted.shortSide() / Math.min(size.width(), size.height())),
                (double) wanted.maxLongSide() / Math.max(size.width(), size.height()));
        return new FrameSize((int) Math.max(1, Math.round(size.width() * scale)), (int)
                Math.max(1, Math.round(size.height() * scale)));
    }

    FrameSize size() {
        return size;
    }

    /**
     * Scales a frame.
     *
     * @return a byte a pixel, row by row without padding
     * @throws IOException if its pixel format is unknown
     */
    byte[] luma(AVFrame from) throws IOException {
        budget.spend(from);
        boolean shrinks = from.width() > size.width() || from.height() > size.height();
        // the cached context is made anew when the frame's size or format changes
        @Nullable SwsContext before = scaler;
        scaler = swscale.sws_getCachedContext(
                before,
                from.width(),
                from.height(),
                from.format(),
                size.width(),
                size.height(),
                avutil.AV_PIX_FMT_GRAY8,
                shrinks ? swscale.SWS_AREA : swscale.SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null);
        if (scaler == null) {
            throw new MediaException(FrameDecoder.FILE, "the luma of its pixel format cannot be read");
        }
        AVFrame to = gray.frame();
        swscale.sws_scale(scaler, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
        return gray.readGray();
    }

    @Override
    public void close() {
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
            scaler = null;
        }
        gray.close();
    }
}
