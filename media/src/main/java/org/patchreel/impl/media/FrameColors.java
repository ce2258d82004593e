package org.patchreel.impl.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;

/**
 * What a frame's numbers mean.
 *
 * @param matrix between RGB and Y'CbCr, one of {@code SWS_CS_*}
 * @param full whether the numbers use their full range
 * @param transfer how numbers become light
 * @param primaries of the colours
 * @param chromaLocation one of {@code AVCHROMA_LOC_*}
 */
record FrameColors(int matrix, boolean full, Transfer transfer, Primaries primaries, int chromaLocation) {

    private static final int HD_WIDTH = 1280;
    private static final int MAX_SD_HEIGHT = 576;

    /** How numbers become light. */
    enum Transfer {
        /** As displays of the standard range do it. */
        SDR,
        /** Perceptual quantiser, SMPTE ST 2084. */
        PQ,
        /** Hybrid log-gamma, ITU-R BT.2100. */
        HLG
    }

    /** Primaries whose difference is seen; those of standard definition count as those of BT.709. */
    enum Primaries {
        BT709,
        BT2020,
        P3
    }

    /** sRGB. */
    static final FrameColors SRGB = new FrameColors(
            swscale.SWS_CS_ITU709, true, Transfer.SDR, Primaries.BT709, avutil.AVCHROMA_LOC_UNSPECIFIED);

    /**
     * As the frame says.
     *
     * @throws IOException if its matrix is one that is not read
     */
    static FrameColors of(AVFrame frame, AVPixFmtDescriptor format) throws IOException {
        Transfer transfer = switch (frame.color_trc()) {
            case avutil.AVCOL_TRC_SMPTE2084 -> Transfer.PQ;
            case avutil.AVCOL_TRC_ARIB_STD_B67 -> Transfer.HLG;
            default -> Transfer.SDR;
        };
        Primaries primaries = switch (frame.color_primaries()) {
            case avutil.AVCOL_PRI_BT2020 -> Primaries.BT2020;
            case avutil.AVCOL_PRI_SMPTE432 -> Primaries.P3;
            case avutil.AVCOL_PRI_UNSPECIFIED -> transfer == Transfer.SDR ? Primaries.BT709 : Primaries.BT2020;
            default -> Primaries.BT709;
        };
        boolean rgb = (format.flags() & (avutil.AV_PIX_FMT_FLAG_RGB | avutil.AV_PIX_FMT_FLAG_PAL)) != 0;
        boolean gray = format.nb_components() < 3;
        int range = frame.color_range();
        return new FrameColors(
                rgb ? swscale.SWS_CS_ITU709 : matrix(frame, primaries),
                rgb
                        || range == avutil.AVCOL_RANGE_JPEG
                        || isFullByFormat(frame.format())
                        || (gray && range == avutil.AVCOL_RANGE_UNSPECIFIED),
                transfer,
                primaries,
                frame.chroma_location());
    }

    private static boolean isFullByFormat(int format) {
        return switch (format) {
            case avutil.AV_PIX_FMT_YUVJ420P,
                    avutil.AV_PIX_FMT_YUVJ422P,
                    avutil.AV_PIX_FMT_YUVJ444P,
                    avutil.AV_PIX_FMT_YUVJ440P,
                    avutil.AV_PIX_FMT_YUVJ411P -> true;
            default -> false;
        };
    }

    /** The numbers of SWS_CS_* are those of AVCOL_SPC_* wherever both exist. */
    private static int matrix(AVFrame frame, Primaries primaries) throws IOException {
        int matrix = frame.colorspace();
        return switch (matrix) {
            case avutil.AVCOL_SPC_BT709,
                    avutil.AVCOL_SPC_FCC,
                    avutil.AVCOL_SPC_BT470BG,
                    avutil.AVCOL_SPC_SMPTE170M,
                    avutil.AVCOL_SPC_SMPTE240M,
                    avutil.AVCOL_SPC_BT2020_NCL -> matrix;
            case avutil.AVCOL_SPC_BT2020_CL -> avutil.AVCOL_SPC_BT2020_NCL;
            case avutil.AVCOL_SPC_UNSPECIFIED, avutil.AVCOL_SPC_RESERVED, avutil.AVCOL_SPC_RGB ->
                guessed(frame, primaries);
            default ->
                throw new MediaException(
                        FrameDecoder.FILE,
                        "colours coded with the matrix "
                                + avutil.av_color_space_name(matrix).getString() + " cannot be read");
        };
    }

    /** As players do it: by the size, where the primaries do not tell. */
    private static int guessed(AVFrame frame, Primaries primaries) {
        if (primaries == Primaries.BT2020) {
            return swscale.SWS_CS_BT2020;
        }
        return frame.width() >= HD_WIDTH || frame.height() > MAX_SD_HEIGHT
                ? swscale.SWS_CS_ITU709
                : swscale.SWS_CS_ITU601;
    }

    boolean isHighDynamicRange() {
        return transfer != Transfer.SDR;
    }

    /** {@return whether RGB of these colours is sRGB, but for the rounding} */
    boolean isSrgb() {
        return transfer == Transfer.SDR && primaries == Primaries.BT709;
    }
}
