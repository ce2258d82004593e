package org.patchreel.impl.media;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * The encoders in use and what quality means to each of them.
 *
 * <p>The figures are the PSNR of the luma over 49 frames of 640x368 with moving edges, fine texture and noise, encoded at
 * the default quality of {@value VideoEncoders#DEFAULT_QUALITY} and compared with the source: about 44 dB with each
 * encoder, at which the loss cannot be seen. The quality is held and the bit rate follows, at any size and frame rate.
 *
 * <p>SVT-AV1 is left out although it is faster than libaom: it prints its configuration to the standard error of the host
 * for every clip, and only an environment variable set ahead of the process could stop it.
 */
enum Encoder {
    /** H.264 High, GPL builds only. Constant rate factor 20: 43.7 dB, 0.20 bits per pixel. */
    LIBX264("libx264", Integer.MAX_VALUE) {
        @Override
        void configure(AVCodecContext codec, int quality) {
            codec.thread_count(THREADS);
            set(codec, "preset", "medium");
            // with the macroblock tree, and assembler, the same frames gave other bytes from clip to clip at many
            // widths, 80 and 192 among them
            set(codec, "mbtree", 0);
            set(codec, "crf", scale(quality, 51, 12));
        }
    },

    /**
     * H.264 High without B frames, LGPL. Quantiser 18: 44.0 dB, 0.46 bits per pixel. It has no constant quality, so its
     * rate control is confined to one quantiser.
     */
    LIBOPENH264("libopenh264", 36_864 * 256) {
        @Override
        void configure(AVCodecContext codec, int quality) {
            // its threads need slices of their own, which cost quality
            codec.thread_count(1);
            int quantiser = scale(quality, 51, 10);
            codec.qmin(quantiser).qmax(quantiser);
            set(codec, "rc_mode", "quality");
            set(codec, "profile", "high");
        }
    },

    /** AV1 Main. Constant quality 17: 44.2 dB, 0.12 bits per pixel. */
    LIBAOM_AV1("libaom-av1", Integer.MAX_VALUE) {
        @Override
        void configure(AVCodecContext codec, int quality) {
            codec.thread_count(THREADS);
            set(codec, "cpu-used", 6);
            set(codec, "row-mt", 1);
            set(codec, "crf", scale(quality, 63, 5));
        }
    };

    /** The bitstream depends on the number of threads: it must not follow the machine. */
    private static final int THREADS = 4;

    private final String ffmpegName;
    private final int maxPixels;

    Encoder(String ffmpegName, int maxPixels) {
        this.ffmpegName = ffmpegName;
        this.maxPixels = maxPixels;
    }

    /** {@return the name that FFmpeg gives it} */
    String ffmpegName() {
        return ffmpegName;
    }

    /** {@return the largest frame it takes, in pixels} */
    int maxPixels() {
        return maxPixels;
    }

    /** {@return FFmpeg's implementation, or null if this build has none} */
    @Nullable
    AVCodec find() {
        return avcodec.avcodec_find_encoder_by_name(ffmpegName);
    }

    /**
     * Sets threads and rate control.
     *
     * @param codec allocated for {@link #find()}, not yet open
     * @param quality 1 (smallest file) to 100
     */
    abstract void configure(AVCodecContext codec, int quality);

    private static void set(AVCodecContext codec, String option, Object value) {
        if (avutil.av_opt_set(codec.priv_data(), option, value.toString(), 0) < 0) {
            throw new IllegalStateException("this build of FFmpeg does not take " + option + "=" + value);
        }
    }

    private static int scale(int quality, int worst, int best) {
        return Math.round(worst + (best - worst) * (quality - 1) / 99f);
    }
}
