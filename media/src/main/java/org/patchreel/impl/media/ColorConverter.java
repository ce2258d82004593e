package org.patchreel.impl.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.patchreel.api.FrameSize;

/**
 * Converts between RGB24 and the Y'CbCr that video is coded in, or between two forms of the latter, at one size.
 *
 * <p>swscale's own default is the matrix of BT.601, which shows as a shift of saturated colours; the matrix is therefore
 * always named. {@code BITEXACT} makes the result independent of the processor's vector units.
 */
final class ColorConverter implements AutoCloseable {
    private static final int FLAGS = swscale.SWS_BICUBIC
            | swscale.SWS_ACCURATE_RND
            | swscale.SWS_FULL_CHR_H_INP
            | swscale.SWS_FULL_CHR_H_INT
            | swscale.SWS_BITEXACT;
    private static final int UNITY = 1 << 16;

    private final SwsContext context;

    private ColorConverter(FrameSize size, int from, int to, int matrix, boolean fromFull, boolean toFull) {
        int width = size.width();
        int height = size.height();
        context =
                swscale.sws_getContext(width, height, from, width, height, to, FLAGS, null, null, (DoublePointer) null);
        if (context == null) {
            throw new IllegalStateException("no conversion from " + name(from) + " to " + name(to) + " at " + size);
        }
        swscale.sws_setColorspaceDetails(
                context,
                swscale.sws_getCoefficients(matrix),
                fromFull ? 1 : 0,
                swscale.sws_getCoefficients(matrix),
                toFull ? 1 : 0,
                0,
                UNITY,
                UNITY);
    }

    /** RGB24 to yuv420p, BT.709 (ITU-R BT.709-6, 3.2), limited range. */
    static ColorConverter toYuv420p(FrameSize size) {
        return new ColorConverter(
                size, avutil.AV_PIX_FMT_RGB24, avutil.AV_PIX_FMT_YUV420P, swscale.SWS_CS_ITU709, true, false);
    }

    /**
     * Between two Y'CbCr formats of BT.709, to limited range.
     *
     * @param size in pixels
     * @param from pixel format of the decoder's frames
     * @param to pixel format
     * @param full whether the decoder's frames use the full range
     */
    static ColorConverter between(FrameSize size, int from, int to, boolean full) {
        return new ColorConverter(size, from, to, swscale.SWS_CS_ITU709, full, false);
    }

    /**
     * Decoded pixels to RGB24.
     *
     * @param size in pixels
     * @param pixelFormat of the decoder's frames
     * @param matrix their {@code AVCOL_SPC_*}; an unknown one is read as BT.709
     * @param full whether they use the full range
     */
    static ColorConverter toRgb24(FrameSize size, int pixelFormat, int matrix, boolean full) {
        // the numbers of SWS_CS_* are those of AVCOL_SPC_* wherever both exist
        int known = switch (matrix) {
            case avutil.AVCOL_SPC_FCC,
                    avutil.AVCOL_SPC_BT470BG,
                    avutil.AVCOL_SPC_SMPTE170M,
                    avutil.AVCOL_SPC_SMPTE240M,
                    avutil.AVCOL_SPC_BT2020_NCL -> matrix;
            default -> swscale.SWS_CS_ITU709;
        };
        return new ColorConverter(size, pixelFormat, avutil.AV_PIX_FMT_RGB24, known, full, true);
    }

    private static String name(int pixelFormat) {
        return avutil.av_get_pix_fmt_name(pixelFormat).getString();
    }

    void convert(AVFrame from, AVFrame to) {
        int rows = swscale.sws_scale(context, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
        if (rows != from.height()) {
            throw new IllegalStateException("swscale converted " + rows + " of " + from.height() + " rows");
        }
    }

    @Override
    public void close() {
        swscale.sws_freeContext(context);
    }
}
