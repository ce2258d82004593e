package org.patchreel.impl.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.patchreel.api.FrameSize;

/**
 * What must be known of a decoded frame to display it; the frames of a file mostly share it.
 *
 * @param size as decoded
 * @param format one of {@code AV_PIX_FMT_*}
 * @param colors of the numbers
 * @param orientation in which it is displayed
 * @param pixelAspect width of a pixel by its height, before it is turned
 */
record FrameShape(FrameSize size, int format, FrameColors colors, Orientation orientation, double pixelAspect) {

    /**
     * Reads it off a frame.
     *
     * @throws IOException if its colours cannot be read
     */
    static FrameShape of(AVFrame frame, double pixelAspect) throws IOException {
        FrameSize size = new FrameSize(frame.width(), frame.height());
        FrameColors colors = FrameColors.of(frame, descriptor(frame.format()));
        return new FrameShape(size, frame.format(), colors, Orientation.of(frame), pixelAspect);
    }

    private static AVPixFmtDescriptor descriptor(int format) {
        return avutil.av_pix_fmt_desc_get(format);
    }

    /** {@return the size with square pixels, turned; the side that is too short by the aspect is enlarged} */
    FrameSize displaySize() {
        double width = size.width() * Math.max(1, pixelAspect);
        double height = size.height() / Math.min(1, pixelAspect);
        double scale = Math.min(1, FrameSize.MAX_SIDE / Math.max(width, height));
        return orientation.turned(new FrameSize(
                (int) Math.max(1, Math.round(width * scale)), (int) Math.max(1, Math.round(height * scale))));
    }

    boolean isRgb() {
        return has(avutil.AV_PIX_FMT_FLAG_RGB | avutil.AV_PIX_FMT_FLAG_PAL);
    }

    boolean mayHaveAlpha() {
        return has(avutil.AV_PIX_FMT_FLAG_ALPHA);
    }

    /** {@return whether a part of it can be had by its address} */
    boolean canBeCropped() {
        return !has(avutil.AV_PIX_FMT_FLAG_BITSTREAM | avutil.AV_PIX_FMT_FLAG_PAL);
    }

    private boolean has(int flags) {
        return (descriptor(format).flags() & flags) != 0;
    }

    int chromaShiftX() {
        return descriptor(format).log2_chroma_w();
    }

    int chromaShiftY() {
        return descriptor(format).log2_chroma_h();
    }
}
