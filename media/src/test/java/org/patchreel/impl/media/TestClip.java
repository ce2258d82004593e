package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/** A clip of any codec whose samples are given as they are coded; by default FFV1, which is lossless, at 10 frames a second. */
final class TestClip {
    private static final int FRAMES_PER_SECOND = 10;

    private final Path file;
    private final int pixelFormat;
    private final int width;
    private final int height;
    private String encoder = "ffv1";
    private Consumer<AVCodecContext> settings = context -> {};
    private Consumer<AVStream> track = stream -> {};
    private long offset;

    /** Sample values. */
    interface Samples {
        int at(int frame, int plane, int x, int y);
    }

    TestClip(Path file, int pixelFormat, int width, int height) {
        Ffmpeg.load();
        this.file = file;
        this.pixelFormat = pixelFormat;
        this.width = width;
        this.height = height;
    }

    TestClip encoder(String name) {
        encoder = name;
        return this;
    }

    TestClip with(Consumer<AVCodecContext> more) {
        settings = settings.andThen(more);
        return this;
    }

    /** What the track says of itself. */
    TestClip track(Consumer<AVStream> more) {
        track = track.andThen(more);
        return this;
    }

    /** By how many frames times are later. */
    TestClip offset(long frames) {
        offset = frames;
        return this;
    }

    /** The upper left of the matrix by which the track is displayed. */
    TestClip displayed(int a, int b, int c, int d) {
        return track(stream -> {
            AVPacketSideData all = new AVPacketSideData((Pointer) null);
            AVPacketSideData matrix =
                    avcodec.av_packet_side_data_new(all, new int[] {0}, avcodec.AV_PKT_DATA_DISPLAYMATRIX, 36, 0);
            stream.codecpar().coded_side_data(all).nb_coded_side_data(1);
            ByteBuffer values = matrix.data().capacity(36).asByteBuffer().order(ByteOrder.nativeOrder());
            int[] content = {a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30};
            values.asIntBuffer().put(content);
        });
    }

    Path write(int frames, Samples samples) throws IOException {
        AVFormatContext muxer = new AVFormatContext(null);
        String name = file.toString();
        check(avformat.avformat_alloc_output_context2(muxer, null, null, name));
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(encoder);
        AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
        AVRational base = new AVRational().num(1).den(FRAMES_PER_SECOND);
        AVRational rate = new AVRational().num(FRAMES_PER_SECOND).den(1);
        context.width(width).height(height).pix_fmt(pixelFormat).time_base(base).framerate(rate);
        context.thread_count(1).strict_std_compliance(avcodec.FF_COMPLIANCE_EXPERIMENTAL);
        if ((muxer.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0) {
            context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        settings.accept(context);
        check(avcodec.avcodec_open2(context, codec, (AVDictionary) null));
        AVStream stream = avformat.avformat_new_stream(muxer, null);
        stream.time_base(base).avg_frame_rate(rate);
        check(avcodec.avcodec_parameters_from_context(stream.codecpar(), context));
        track.accept(stream);
        AVIOContext io = new AVIOContext(null);
        check(avformat.avio_open(io, name, avformat.AVIO_FLAG_WRITE));
        muxer.pb(io);
        if (offset != 0) {
            muxer.avoid_negative_ts(0);
        }
        check(avformat.avformat_write_header(muxer, (AVDictionary) null));
        AVPacket packet = avcodec.av_packet_alloc();
        AVFrame frame = avutil.av_frame_alloc();
        frame.width(width).height(height).format(pixelFormat);
        check(avutil.av_frame_get_buffer(frame, 0));
        for (int i = 0; i <= frames; i++) {
            if (i < frames) {
                check(avutil.av_frame_make_writable(frame));
                fill(frame, i, samples);
                frame.pts(i);
            }
            check(avcodec.avcodec_send_frame(context, i < frames ? frame : null));
            while (avcodec.avcodec_receive_packet(context, packet) >= 0) {
                packet.pts(packet.pts() + offset).dts(packet.dts() + offset).duration(1);
                avcodec.av_packet_rescale_ts(packet, base, stream.time_base());
                packet.stream_index(0);
                check(avformat.av_interleaved_write_frame(muxer, packet));
            }
        }
        check(avformat.av_write_trailer(muxer));
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(frame);
        avcodec.avcodec_free_context(context);
        avformat.avio_closep(io);
        muxer.pb(null);
        avformat.avformat_free_context(muxer);
        return file;
    }

    private void check(int code) throws IOException {
        Ffmpeg.check(code, file, "cannot be written");
    }

    private void fill(AVFrame frame, int index, Samples samples) {
        if (pixelFormat == avutil.AV_PIX_FMT_RGB24) {
            fillRgb(frame, index, samples);
            return;
        }
        AVPixFmtDescriptor format = avutil.av_pix_fmt_desc_get(pixelFormat);
        boolean deep = format.comp(0).depth() > 8;
        for (int plane = 0; plane < format.nb_components(); plane++) {
            boolean chroma = plane == 1 || plane == 2;
            int columns = chroma ? -(-width >> format.log2_chroma_w()) : width;
            int rows = chroma ? -(-height >> format.log2_chroma_h()) : height;
            int stride = frame.linesize(plane);
            ByteBuffer data = frame.data(plane)
                    .capacity((long) stride * rows)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder());
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    int value = samples.at(index, plane, x, y);
                    if (deep) {
                        data.putShort(y * stride + 2 * x, (short) value);
                    } else {
                        data.put(y * stride + x, (byte) value);
                    }
                }
            }
        }
    }

    private void fillRgb(AVFrame frame, int index, Samples samples) {
        int stride = frame.linesize(0);
        ByteBuffer data = frame.data(0).capacity((long) stride * height).asByteBuffer();
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < 3 * width; i++) {
                data.put(y * stride + i, (byte) samples.at(index, i % 3, i / 3, y));
            }
        }
    }
}
