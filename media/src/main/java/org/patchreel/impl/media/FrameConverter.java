package org.patchreel.impl.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;
import org.patchreel.api.FrameSize;

/**
 * Converts frames of any pixel format to RGB and scales them, with swscale; what the colours mean is not left to its
 * defaults. The kernel is
 * Lanczos of three lobes, which is widened where it shrinks, and the mean of the area where it shrinks much, as a kernel that
 * wide takes long and gains nothing.
 */
final class FrameConverter implements AutoCloseable {
    private static final int FLAGS =
            swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP | swscale.SWS_FULL_CHR_H_INT | swscale.SWS_BITEXACT;
    private static final int UNITY = 1 << 16;
    private static final int MUCH = 4;

    private final SwsContext context;

    /**
     * Creates a converter.
     *
     * @param from format of the frames, whose size may be that of a part
     * @param size of the part
     * @param to size of the result
     * @param toFormat its format, one of RGB
     * @throws IOException if swscale cannot do it
     */
    FrameConverter(FrameShape from, FrameSize size, FrameSize to, int toFormat) throws IOException {
        context = swscale.sws_alloc_context();
        if (context == null || context.isNull()) {
            throw new OutOfMemoryError("no native memory for a scaler");
        }
        int full = from.colors().full() ? 1 : 0;
        context.src_w(size.width()).src_h(size.height()).src_format(from.format());
        context.dst_w(to.width()).dst_h(to.height()).dst_format(toFormat);
        context.src_range(full).dst_range(1);
        context.flags(FLAGS | kernel(size, to));
        locateChroma(from);
        if (swscale.sws_init_context(context, null, null) < 0) {
            close();
            throw new MediaException(
                    FrameDecoder.FILE,
                    "the pixel format "
                            + avutil.av_get_pix_fmt_name(from.format()).getString() + " cannot be read from " + size
                            + " to "
                            + to);
        }
        if (!from.isRgb()) {
            IntPointer matrix = swscale.sws_getCoefficients(from.colors().matrix());
            swscale.sws_setColorspaceDetails(context, matrix, full, matrix, 1, 0, UNITY, UNITY);
        }
    }

    private static int kernel(FrameSize from, FrameSize to) {
        boolean shrinksMuch = from.width() > MUCH * to.width() || from.height() > MUCH * to.height();
        return shrinksMuch ? swscale.SWS_AREA : swscale.SWS_LANCZOS;
    }

    /** Where the file does not tell, chroma lies as in MPEG-2 and all that came after; JPEG's decoder tells. */
    private void locateChroma(FrameShape from) {
        int[] x = new int[1];
        int[] y = new int[1];
        int told = from.colors().chromaLocation();
        int location = told == avutil.AVCHROMA_LOC_UNSPECIFIED ? avutil.AVCHROMA_LOC_LEFT : told;
        if (avutil.av_chroma_location_enum_to_pos(x, y, location) >= 0) {
            context.src_h_chr_pos(x[0] * ((1 << from.chromaShiftX()) - 1));
            context.src_v_chr_pos(y[0] * ((1 << from.chromaShiftY()) - 1));
        }
    }

    /** Converts a frame, or a part of one. */
    void convert(AVFrame from, AVFrame to) throws IOException {
        int rows = swscale.sws_scale(context, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
        if (rows != to.height()) {
            throw new MediaException(FrameDecoder.FILE, "a frame cannot be scaled, as memory ran out");
        }
    }

    @Override
    public void close() {
        swscale.sws_freeContext(context);
    }
}
