package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * Reads the video track of an MP4 file, one frame after the other. The file may come from anywhere: it is opened as MP4
 * and nothing else, references to other files are not followed, and frames are at most {@value FrameSize#MAX_SIDE} pixels
 * a side. Used by one thread.
 */
public final class ClipReader implements AutoCloseable {
    private final Path file;
    private final NativeScope scope = new NativeScope();
    private final AVFormatContext demuxer;
    private final AVStream stream;
    private final AVCodecContext codec;
    private final AVPacket packet;
    private final AVFrame decoded;
    private final ClipInfo info;
    private final Picture rgb;
    private final ByteBuffer pixels;
    private @Nullable ColorConverter converter;
    private int pixelFormat;
    private boolean drained;

    private ClipReader(Path file) throws IOException {
        this.file = file;
        Ffmpeg.load();
        try {
            demuxer = openDemuxer();
            stream = findVideo();
            codec = openCodec();
            packet = Ffmpeg.allocated(avcodec.av_packet_alloc(), file, "a packet");
            scope.onClose(() -> avcodec.av_packet_free(packet));
            decoded = Ffmpeg.allocated(avutil.av_frame_alloc(), file, "a frame");
            scope.onClose(() -> avutil.av_frame_free(decoded));
            info = describe();
            rgb = new Picture(info.size(), avutil.AV_PIX_FMT_RGB24);
            scope.onClose(rgb::close);
            pixels = ByteBuffer.allocate(3 * info.size().width() * info.size().height());
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * Opens a file.
     *
     * @param file an MP4 file
     * @return the reader, before the first frame
     * @throws IOException if it cannot be read or is no MP4 with a video track that can be decoded; the message names the
     *     file and the reason
     */
    public static ClipReader open(Path file) throws IOException {
        return new ClipReader(file);
    }

    /**
     * Reads what a file says of itself.
     *
     * @param file an MP4 file
     * @return its description
     * @throws IOException as {@link #open}
     */
    public static ClipInfo probe(Path file) throws IOException {
        try (ClipReader reader = open(file)) {
            return reader.info();
        }
    }

    private AVFormatContext openDemuxer() throws IOException {
        AVFormatContext context = new AVFormatContext(null);
        try (BytePointer url = Ffmpeg.url(file);
                AVDictionary options = new AVDictionary(null)) {
            avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
            int code = avformat.avformat_open_input(context, url, avformat.av_find_input_format("mov"), options);
            avutil.av_dict_free(options);
            Ffmpeg.check(code, file, "cannot read as MP4");
        }
        scope.onClose(() -> avformat.avformat_close_input(context));
        Ffmpeg.check(avformat.avformat_find_stream_info(context, (PointerPointer<?>) null), file, "cannot read as MP4");
        return context;
    }

    private AVStream findVideo() throws IOException {
        int index =
                avformat.av_find_best_stream(demuxer, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
        Ffmpeg.check(index, file, "no video track");
        return demuxer.streams(index);
    }

    private AVCodecContext openCodec() throws IOException {
        AVCodecParameters parameters = stream.codecpar();
        if (parameters.width() < 1
                || parameters.height() < 1
                || parameters.width() > FrameSize.MAX_SIDE
                || parameters.height() > FrameSize.MAX_SIDE) {
            throw new IOException(file + ": frames of " + parameters.width() + "x" + parameters.height()
                    + " pixels, at most " + FrameSize.MAX_SIDE + " a side are read");
        }
        AVCodec decoder = avcodec.avcodec_find_decoder(parameters.codec_id());
        if (decoder == null || decoder.isNull()) {
            throw new IOException(file + ": no decoder for "
                    + avcodec.avcodec_get_name(parameters.codec_id()).getString());
        }
        AVCodecContext context = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(decoder), file, "the decoder");
        scope.onClose(() -> avcodec.avcodec_free_context(context));
        Ffmpeg.check(avcodec.avcodec_parameters_to_context(context, parameters), file, "cannot decode");
        avutil.av_opt_set_int(context, "max_pixels", (long) FrameSize.MAX_SIDE * FrameSize.MAX_SIDE, 0);
        Ffmpeg.check(avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null), file, "cannot decode");
        return context;
    }

    private ClipInfo describe() throws IOException {
        AVCodecParameters track = stream.codecpar();
        AVRational rate = stream.avg_frame_rate();
        AVRational base = stream.time_base();
        return new ClipInfo(
                avcodec.avcodec_get_name(track.codec_id()).getString(),
                text(avcodec.avcodec_profile_name(track.codec_id(), track.profile())),
                text(avutil.av_get_pix_fmt_name(track.format())),
                text(avutil.av_color_range_name(track.color_range())),
                text(avutil.av_color_primaries_name(track.color_primaries())),
                text(avutil.av_color_transfer_name(track.color_trc())),
                text(avutil.av_color_space_name(track.color_space())),
                new FrameSize(track.width(), track.height()),
                stream.nb_frames(),
                rate.den() == 0 ? 0 : (double) rate.num() / rate.den(),
                Math.max(0, stream.duration()) * (double) base.num() / base.den(),
                Mp4Boxes.indexFirst(file),
                demuxer.nb_streams());
    }

    private static String text(@Nullable BytePointer name) {
        return name == null || name.isNull() ? "" : name.getString();
    }

    /** {@return what the file says of itself} */
    public ClipInfo info() {
        return info;
    }

    /**
     * Decodes the next frame.
     *
     * @return the frame, whose buffer is used again by the next call; empty after the last one
     * @throws IOException if the file is damaged
     */
    public Optional<VideoFrame> next() throws IOException {
        while (true) {
            int code = avcodec.avcodec_receive_frame(codec, decoded);
            if (code == avutil.AVERROR_EOF()) {
                return Optional.empty();
            }
            if (code != avutil.AVERROR_EAGAIN()) {
                Ffmpeg.check(code, file, "cannot decode");
                return Optional.of(convert());
            }
            feed();
        }
    }

    /** Hands the next packet of the track to the decoder, or tells it that there is none. */
    private void feed() throws IOException {
        while (!drained) {
            int code = avformat.av_read_frame(demuxer, packet);
            if (code == avutil.AVERROR_EOF()) {
                drained = true;
                Ffmpeg.check(avcodec.avcodec_send_packet(codec, null), file, "cannot decode");
                return;
            }
            Ffmpeg.check(code, file, "cannot read");
            try {
                if (packet.stream_index() == stream.index()) {
                    Ffmpeg.check(avcodec.avcodec_send_packet(codec, packet), file, "cannot decode");
                    return;
                }
            } finally {
                avcodec.av_packet_unref(packet);
            }
        }
    }

    private VideoFrame convert() throws IOException {
        FrameSize size = info.size();
        if (decoded.width() != size.width() || decoded.height() != size.height()) {
            throw new IOException(
                    file + ": a frame of " + decoded.width() + "x" + decoded.height() + " in a clip of " + size);
        }
        if (converter != null && decoded.format() != pixelFormat) {
            throw new IOException(file + ": the pixel format changes within the clip");
        }
        if (converter == null) {
            pixelFormat = decoded.format();
            converter = ColorConverter.toRgb24(
                    size, decoded.format(), decoded.colorspace(), decoded.color_range() == avutil.AVCOL_RANGE_JPEG);
            scope.onClose(converter::close);
        }
        converter.convert(decoded, rgb.frame());
        avutil.av_frame_unref(decoded);
        rgb.read(pixels);
        return new VideoFrame(size.width(), size.height(), pixels);
    }

    @Override
    public void close() {
        scope.close();
    }
}
