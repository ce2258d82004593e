package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Decodes the video track of a file that may come from anywhere: references to other files are not followed, and frames
 * are at most {@value FrameSize#MAX_SIDE} pixels a side. Used by one thread.
 */
final class TrackDecoder implements AutoCloseable {
    private final Path file;
    private final boolean lenient;
    private final NativeScope scope = new NativeScope();
    private final AVFormatContext demuxer;
    private final AVStream stream;
    private final AVCodecContext codec;
    private final AVPacket packet;
    private final AVFrame decoded;
    private boolean drained;

    private TrackDecoder(Path file, @Nullable String format, String formats, boolean lenient, int threads)
            throws IOException {
        this.file = file;
        this.lenient = lenient;
        Ffmpeg.load();
        try {
            demuxer = openDemuxer(format, formats);
            stream = findVideo();
            codec = openCodec(threads);
            packet = Ffmpeg.allocated(avcodec.av_packet_alloc(), file, "a packet");
            scope.onClose(() -> avcodec.av_packet_free(packet));
            decoded = Ffmpeg.allocated(avutil.av_frame_alloc(), file, "a frame");
            scope.onClose(() -> avutil.av_frame_free(decoded));
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Opens an MP4 file, whose damage is an error. */
    static TrackDecoder mp4(Path file) throws IOException {
        return new TrackDecoder(file, "mov", "mov", false, 1);
    }

    /**
     * Opens a file of one of several formats, whose damaged parts are left out.
     *
     * @param format the demuxer to use, or null to recognise it
     * @param formats FFmpeg's names of the demuxers that may be used, with commas
     * @param threads that decode
     */
    static TrackDecoder lenient(Path file, @Nullable String format, String formats, int threads) throws IOException {
        return new TrackDecoder(file, format, formats, true, threads);
    }

    private AVFormatContext openDemuxer(@Nullable String format, String formats) throws IOException {
        @Nullable AVInputFormat input = format == null ? null : avformat.av_find_input_format(format);
        AVFormatContext context = new AVFormatContext(null);
        String action = "cannot read as " + (formats.equals("mov") ? "MP4" : "video or picture");
        try (BytePointer url = Ffmpeg.url(file);
                AVDictionary options = new AVDictionary(null)) {
            avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
            avutil.av_dict_set(options, "format_whitelist", formats, 0);
            int code = avformat.avformat_open_input(context, url, input, options);
            avutil.av_dict_free(options);
            Ffmpeg.check(code, file, action);
        }
        scope.onClose(() -> avformat.avformat_close_input(context));
        Ffmpeg.check(avformat.avformat_find_stream_info(context, (PointerPointer<?>) null), file, action);
        return context;
    }

    private AVStream findVideo() throws IOException {
        int index =
                avformat.av_find_best_stream(demuxer, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
        Ffmpeg.check(index, file, "no video track");
        return demuxer.streams(index);
    }

    private AVCodecContext openCodec(int threads) throws IOException {
        AVCodecParameters parameters = stream.codecpar();
        checkSize(parameters.width(), parameters.height());
        AVCodec decoder = avcodec.avcodec_find_decoder(parameters.codec_id());
        if (decoder == null || decoder.isNull()) {
            throw new IOException(file + ": no decoder for "
                    + avcodec.avcodec_get_name(parameters.codec_id()).getString());
        }
        AVCodecContext context = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(decoder), file, "the decoder");
        scope.onClose(() -> avcodec.avcodec_free_context(context));
        Ffmpeg.check(avcodec.avcodec_parameters_to_context(context, parameters), file, "cannot decode");
        avutil.av_opt_set_int(context, "max_pixels", (long) FrameSize.MAX_SIDE * FrameSize.MAX_SIDE, 0);
        context.thread_count(threads);
        Ffmpeg.check(avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null), file, "cannot decode");
        return context;
    }

    private void checkSize(int width, int height) throws IOException {
        if (width < 1 || height < 1 || width > FrameSize.MAX_SIDE || height > FrameSize.MAX_SIDE) {
            throw new IOException(file + ": frames of " + width + "x" + height + " pixels, at most "
                    + FrameSize.MAX_SIDE + " a side are read");
        }
    }

    AVFormatContext demuxer() {
        return demuxer;
    }

    AVStream stream() {
        return stream;
    }

    /**
     * Decodes the next frame.
     *
     * @return the frame, to be unreferenced by the caller or by the next call; null after the last one
     * @throws IOException if the file is damaged
     */
    @Nullable
    AVFrame next() throws IOException {
        while (true) {
            int code = avcodec.avcodec_receive_frame(codec, decoded);
            if (code == avutil.AVERROR_EOF()) {
                return null;
            }
            if (code >= 0) {
                checkSize(decoded.width(), decoded.height());
                return decoded;
            }
            if (code != avutil.AVERROR_EAGAIN() && !lenient) {
                Ffmpeg.check(code, file, "cannot decode");
            }
            if (!feed()) {
                return null; // the end was told, and what the decoder still holds is damaged
            }
        }
    }

    /** Hands the next packet of the track to the decoder, or tells it that there is none; false if it knew. */
    private boolean feed() throws IOException {
        while (!drained) {
            int code = avformat.av_read_frame(demuxer, packet);
            if (code == avutil.AVERROR_EOF() || (code < 0 && lenient)) {
                drained = true;
                int sent = avcodec.avcodec_send_packet(codec, null);
                if (!lenient) {
                    Ffmpeg.check(sent, file, "cannot decode");
                }
                return true;
            }
            Ffmpeg.check(code, file, "cannot read");
            try {
                if (packet.stream_index() == stream.index()) {
                    int sent = avcodec.avcodec_send_packet(codec, packet);
                    if (!lenient) {
                        Ffmpeg.check(sent, file, "cannot decode");
                    }
                    return true;
                }
            } finally {
                avcodec.av_packet_unref(packet);
            }
        }
        return false;
    }

    @Override
    public void close() {
        scope.close();
    }
}
