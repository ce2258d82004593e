package org.patchreel.impl.media;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.patchreel.api.FrameSize;

/** What editors work with: each frame coded alone, at a quality that survives many generations. */
public enum MezzanineCodec {
    /** Apple ProRes 422 HQ: 10 bits, 4:2:2. */
    PRORES("prores", "prores_ks", "hq", avutil.AV_PIX_FMT_YUV422P10LE, 16, 16),

    /** Avid DNxHR HQ: 8 bits, 4:2:2; the smallest frame that FFmpeg's encoder takes is 256x120. */
    DNXHR("dnxhr", "dnxhd", "dnxhr_hq", avutil.AV_PIX_FMT_YUV422P, 256, 120);

    private static final int THREADS = 4;

    private final String label;
    private final String encoder;
    private final String profile;
    private final int pixelFormat;
    private final int smallestWidth;
    private final int smallestHeight;

    MezzanineCodec(
            String label, String encoder, String profile, int pixelFormat, int smallestWidth, int smallestHeight) {
        this.label = label;
        this.encoder = encoder;
        this.profile = profile;
        this.pixelFormat = pixelFormat;
        this.smallestWidth = smallestWidth;
        this.smallestHeight = smallestHeight;
    }

    /** {@return the name that people use for it: {@code prores} or {@code dnxhr}} */
    public String label() {
        return label;
    }

    /**
     * Refuses frames that are too small for this codec.
     *
     * @param size of the frames
     * @throws IllegalArgumentException if they are; the message names both sizes
     */
    public void checkSize(FrameSize size) {
        if (size.width() < smallestWidth || size.height() < smallestHeight) {
            throw new IllegalArgumentException(
                    label + " takes frames of at least " + smallestWidth + "x" + smallestHeight + ", not " + size);
        }
    }

    /** {@return FFmpeg's name of the encoder} */
    String ffmpegName() {
        return encoder;
    }

    int pixelFormat() {
        return pixelFormat;
    }

    /** Sets the profile. */
    Consumer<AVCodecContext> configuration() {
        return codec -> {
            codec.thread_count(THREADS);
            codec.sample_aspect_ratio().num(1).den(1);
            codec.field_order(avcodec.AV_FIELD_PROGRESSIVE);
            if (avutil.av_opt_set(codec.priv_data(), "profile", profile, 0) < 0) {
                throw new IllegalStateException("this build of FFmpeg does not take profile=" + profile);
            }
        };
    }
}
