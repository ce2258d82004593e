package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Encodes frames to an MP4 file, the last sink of a chain: yuv420p in limited range, BT.709 throughout and tagged so,
 * constant frame rate, a keyframe every two seconds, the index ahead of the data so that a player may start before it has
 * the whole file, no sound.
 *
 * <p>The same frames give the same file, byte for byte: it holds no date, and the number of encoding threads does not
 * depend on the machine.
 *
 * <p>The file is complete when {@link #close()} has returned without an exception. After a failure, and when closed
 * before the format's last frame, the file is deleted.
 */
public final class Mp4Encoder implements FrameSink {
    private final Path file;
    private final VideoFormat format;
    private final NativeScope scope = new NativeScope();
    private final Picture rgb;
    private final Picture yuv;
    private final ColorConverter converter;
    private final AVFormatContext muxer;
    private final AVCodecContext codec;
    private final AVStream stream;
    private final AVPacket packet;
    private boolean created;
    private int frames;
    private boolean failed;
    private boolean closed;

    Mp4Encoder(Path file, VideoFormat format, Encoder encoder, int quality) throws IOException {
        this.file = file;
        this.format = format;
        Ffmpeg.load();
        try {
            rgb = new Picture(format.size(), avutil.AV_PIX_FMT_RGB24);
            scope.onClose(rgb::close);
            yuv = new Picture(format.size(), avutil.AV_PIX_FMT_YUV420P);
            scope.onClose(yuv::close);
            converter = ColorConverter.toYuv420p(format.size());
            scope.onClose(converter::close);
            packet = Ffmpeg.allocated(avcodec.av_packet_alloc(), file, "a packet");
            scope.onClose(() -> avcodec.av_packet_free(packet));
            muxer = openMuxer();
            codec = openCodec(encoder, quality);
            stream = openStream();
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            if (created) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }

    private AVFormatContext openMuxer() throws IOException {
        AVFormatContext context = new AVFormatContext(null);
        try (BytePointer url = Ffmpeg.url(file);
                BytePointer container = new BytePointer("mp4")) {
            int code = avformat.avformat_alloc_output_context2(context, null, container, url);
            Ffmpeg.check(code, file, "cannot set up the MP4 muxer");
            scope.onClose(() -> avformat.avformat_free_context(context));
            AVIOContext io = new AVIOContext(null);
            Ffmpeg.checkFile(avformat.avio_open(io, url, avformat.AVIO_FLAG_WRITE), file, "cannot write");
            created = true;
            context.pb(io);
            scope.onClose(() -> {
                if (context.pb() != null) {
                    avformat.avio_close(context.pb());
                }
            });
        }
        // no creation time, no version of the library
        context.flags(context.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
        return context;
    }

    private AVCodecContext openCodec(Encoder encoder, int quality) throws IOException {
        if ((long) format.width() * format.height() > encoder.maxPixels()) {
            throw new IOException(file + ": " + encoder.ffmpegName() + " takes frames of at most " + encoder.maxPixels()
                    + " pixels, not " + format.size());
        }
        AVCodec implementation = Ffmpeg.allocated(encoder.find(), file, encoder.ffmpegName());
        AVCodecContext context = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(implementation), file, "the encoder");
        scope.onClose(() -> avcodec.avcodec_free_context(context));
        context.width(format.width()).height(format.height()).pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.time_base().num(1).den(format.frameRate());
        context.framerate().num(format.frameRate()).den(1);
        context.gop_size(2 * format.frameRate());
        context.color_range(avutil.AVCOL_RANGE_MPEG)
                .color_primaries(avutil.AVCOL_PRI_BT709)
                .color_trc(avutil.AVCOL_TRC_BT709)
                .colorspace(avutil.AVCOL_SPC_BT709)
                .chroma_sample_location(avutil.AVCHROMA_LOC_LEFT);
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER | avcodec.AV_CODEC_FLAG_BITEXACT);
        encoder.configure(context, quality);
        int code = avcodec.avcodec_open2(context, implementation, (PointerPointer<?>) null);
        Ffmpeg.check(code, file, "cannot start " + encoder.ffmpegName() + " for " + format.size());
        return context;
    }

    private AVStream openStream() throws IOException {
        AVStream track = Ffmpeg.allocated(avformat.avformat_new_stream(muxer, null), file, "a track");
        track.time_base().num(1).den(format.frameRate());
        track.avg_frame_rate().num(format.frameRate()).den(1);
        int code = avcodec.avcodec_parameters_from_context(track.codecpar(), codec);
        Ffmpeg.check(code, file, "cannot describe the track");
        try (AVDictionary options = new AVDictionary(null)) {
            avutil.av_dict_set(options, "movflags", "+faststart", 0);
            // durations of the whole movie are whole frames only on such a scale, not in milliseconds
            avutil.av_dict_set(options, "movie_timescale", String.valueOf(1000 * format.frameRate()), 0);
            int header = avformat.avformat_write_header(muxer, options);
            avutil.av_dict_free(options);
            Ffmpeg.checkFile(header, file, "cannot write the header");
        }
        return track;
    }

    /**
     * Encodes a frame.
     *
     * @throws IllegalArgumentException if it has not the format's size
     * @throws IllegalStateException if it is one frame too many, or the encoder has failed or was closed
     * @throws IOException if it cannot be written; the message names the file and the reason
     */
    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (closed || failed) {
            throw new IllegalStateException(file + ": the encoder " + (closed ? "is closed" : "has failed"));
        }
        failed = true; // until this frame is through
        if (frame.width() != format.width() || frame.height() != format.height()) {
            throw new IllegalArgumentException(
                    file + ": a frame of " + frame.width() + "x" + frame.height() + " in a clip of " + format.size());
        }
        if (frames == format.frameCount()) {
            throw new IllegalStateException(file + ": more than the " + frames + " frames of its format");
        }
        rgb.fillFromMiddle(frame);
        yuv.makeWritable();
        converter.convert(rgb.frame(), yuv.frame());
        yuv.frame().pts(frames);
        yuv.frame().duration(1);
        send(yuv.frame());
        frames++;
        failed = false;
    }

    private void send(@Nullable AVFrame frame) throws IOException {
        Ffmpeg.check(avcodec.avcodec_send_frame(codec, frame), file, "cannot encode frame " + frames);
        while (true) {
            int code = avcodec.avcodec_receive_packet(codec, packet);
            if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                return;
            }
            Ffmpeg.check(code, file, "cannot encode frame " + frames);
            packet.stream_index(stream.index());
            packet.duration(1);
            avcodec.av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            Ffmpeg.checkFile(avformat.av_interleaved_write_frame(muxer, packet), file, "cannot write");
        }
    }

    /**
     * Completes the file, if the format's last frame was accepted.
     *
     * @throws IOException if the file cannot be completed, or if frames are missing although none had failed
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean complete = false;
        try (scope) {
            if (failed || frames == 0) {
                return;
            }
            if (frames < format.frameCount()) {
                throw new IOException(file + ": closed after " + frames + " of " + format.frameCount() + " frames");
            }
            send(null);
            Ffmpeg.checkFile(avformat.av_write_trailer(muxer), file, "cannot complete");
            AVIOContext io = muxer.pb();
            muxer.pb(null);
            Ffmpeg.checkFile(avformat.avio_close(io), file, "cannot complete");
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(file);
            }
        }
    }
}
