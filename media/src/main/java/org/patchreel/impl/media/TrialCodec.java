package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Shows what a hard encoding would leave of some frames: encodes their luma in memory at one quantiser and decodes it.
 * H.264 where this build of FFmpeg has an encoder for it, else MPEG-4. Stateless; may be called from any thread.
 */
public final class TrialCodec {
    /** For messages: there is no file. */
    private static final Path NAME = Path.of("trial encoding");

    private static final int FRAME_RATE = 25;
    private static final int NEUTRAL_CHROMA = 128;

    private TrialCodec() {}

    /**
     * Encodes and decodes.
     *
     * @param size of the frames, even sides of at least 16 pixels
     * @param luma a byte a pixel for each frame, in order
     * @param quantiser of H.264, 10 to 51
     * @return as many frames, as they would be seen
     * @throws IOException if the codec fails
     */
    public static List<byte[]> recode(FrameSize size, List<byte[]> luma, int quantiser) throws IOException {
        if (size.width() % 2 != 0 || size.height() % 2 != 0 || Math.min(size.width(), size.height()) < 16) {
            throw new IllegalArgumentException("sides must be even and at least 16 pixels: " + size);
        }
        Ffmpeg.load();
        try (NativeScope scope = new NativeScope()) {
            return new Run(scope, size, quantiser).recode(luma);
        }
    }

    /** The native objects of one call. */
    private static final class Run {
        private final FrameSize size;
        private final AVCodecContext encoder;
        private final AVCodecContext decoder;
        private final Picture picture;
        private final AVPacket packet;
        private final AVFrame decoded;
        private final List<byte[]> frames = new ArrayList<>();

        Run(NativeScope scope, FrameSize size, int quantiser) throws IOException {
            this.size = size;
            @Nullable AVCodec implementation = avcodec.avcodec_find_encoder_by_name("libopenh264");
            boolean openH264 = implementation != null;
            if (implementation == null) {
                implementation = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_MPEG4);
            }
            encoder = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(implementation), NAME, "the encoder");
            scope.onClose(() -> avcodec.avcodec_free_context(encoder));
            encoder.width(size.width()).height(size.height()).pix_fmt(avutil.AV_PIX_FMT_YUV420P);
            encoder.time_base().num(1).den(FRAME_RATE);
            encoder.framerate().num(FRAME_RATE).den(1);
            encoder.gop_size(250).thread_count(1).max_b_frames(0);
            if (openH264) {
                encoder.qmin(quantiser).qmax(quantiser);
                avutil.av_opt_set(encoder.priv_data(), "rc_mode", "quality", 0);
            } else {
                // steps of H.264 double every 6 quantisers, those of MPEG-4 are twice its quantiser
                int scale = (int) Math.max(1, Math.min(31, Math.round(0.3 * Math.pow(2, quantiser / 6.0))));
                encoder.qmin(scale).qmax(scale);
            }
            Ffmpeg.check(
                    avcodec.avcodec_open2(encoder, implementation, (PointerPointer<?>) null), NAME, "cannot start");
            AVCodec reverse = Ffmpeg.allocated(avcodec.avcodec_find_decoder(implementation.id()), NAME, "the decoder");
            decoder = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(reverse), NAME, "the decoder");
            scope.onClose(() -> avcodec.avcodec_free_context(decoder));
            decoder.thread_count(1);
            decoder.flags(decoder.flags() | avcodec.AV_CODEC_FLAG_LOW_DELAY);
            Ffmpeg.check(avcodec.avcodec_open2(decoder, reverse, (PointerPointer<?>) null), NAME, "cannot start");
            picture = new Picture(size, avutil.AV_PIX_FMT_YUV420P);
            scope.onClose(picture::close);
            packet = Ffmpeg.allocated(avcodec.av_packet_alloc(), NAME, "a packet");
            scope.onClose(() -> avcodec.av_packet_free(packet));
            decoded = Ffmpeg.allocated(avutil.av_frame_alloc(), NAME, "a frame");
            scope.onClose(() -> avutil.av_frame_free(decoded));
        }

        List<byte[]> recode(List<byte[]> luma) throws IOException {
            for (int i = 0; i < luma.size(); i++) {
                picture.makeWritable();
                picture.writeGray(luma.get(i));
                picture.fillChroma(NEUTRAL_CHROMA);
                picture.frame().pts(i);
                encode(picture.frame());
            }
            encode(null);
            Ffmpeg.check(avcodec.avcodec_send_packet(decoder, null), NAME, "cannot decode");
            receive();
            if (frames.size() != luma.size()) {
                throw new MediaException(NAME, frames.size() + " frames came back of " + luma.size());
            }
            return frames;
        }

        private void encode(@Nullable AVFrame frame) throws IOException {
            Ffmpeg.check(avcodec.avcodec_send_frame(encoder, frame), NAME, "cannot encode");
            while (true) {
                int code = avcodec.avcodec_receive_packet(encoder, packet);
                if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                    return;
                }
                Ffmpeg.check(code, NAME, "cannot encode");
                Ffmpeg.check(avcodec.avcodec_send_packet(decoder, packet), NAME, "cannot decode");
                avcodec.av_packet_unref(packet);
                receive();
            }
        }

        private void receive() throws IOException {
            while (true) {
                int code = avcodec.avcodec_receive_frame(decoder, decoded);
                if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                    return;
                }
                Ffmpeg.check(code, NAME, "cannot decode");
                int stride = decoded.linesize(0);
                ByteBuffer plane =
                        decoded.data(0).capacity((long) stride * size.height()).asByteBuffer();
                byte[] pixels = new byte[size.width() * size.height()];
                for (int y = 0; y < size.height(); y++) {
                    plane.get(y * stride, pixels, y * size.width(), size.width());
                }
                frames.add(pixels);
                avutil.av_frame_unref(decoded);
            }
        }
    }
}
