package org.patchreel.impl.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
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
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A movie file in the making: a muxer and an encoder for its one video track, in limited range, BT.709 throughout and
 * tagged so, of a constant frame rate, without sound. It holds no date and no version of the library: the same frames give
 * the same file. What is not {@linkplain #complete completed} is deleted by {@link #close}. Used by one thread.
 */
final class MovieFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MovieFile.class);

    private final Path file;
    private final NativeScope scope = new NativeScope();
    private final AVFormatContext muxer;
    private final AVCodecContext codec;
    private final AVStream track;
    private final AVPacket packet;
    private boolean created;
    private boolean finished;
    private boolean completed;
    private int frames;

    /**
     * What to write.
     *
     * @param container FFmpeg's name of the muxer
     * @param size of the frames
     * @param frameRate frames per second
     * @param pixelFormat of the frames, one of {@code AV_PIX_FMT_*}
     * @param indexFirst whether the index shall stand ahead of the data
     * @param trackMetadata FFmpeg's names and values
     * @param metadata of the file, under any keys, written as Apple's {@code mdta} metadata are
     */
    record Layout(
            String container,
            FrameSize size,
            FrameRate frameRate,
            int pixelFormat,
            boolean indexFirst,
            Map<String, String> trackMetadata,
            Map<String, String> metadata) {}

    /**
     * Creates the file and writes its header.
     *
     * @param encoder FFmpeg's implementation, or null if this build has none
     * @param name of the encoder, for messages
     * @param configure sets the options of the encoder before it is opened
     * @throws IOException if the encoder does not take the layout or the file cannot be written; there is no file then
     */
    MovieFile(Path file, Layout layout, @Nullable AVCodec encoder, String name, Consumer<AVCodecContext> configure)
            throws IOException {
        this.file = file;
        try {
            packet = Ffmpeg.allocated(avcodec.av_packet_alloc(), file, "a packet");
            scope.onClose(() -> avcodec.av_packet_free(packet));
            muxer = openMuxer(layout.container());
            codec = openCodec(layout, Ffmpeg.allocated(encoder, file, name), name, configure);
            track = openTrack(layout);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private AVFormatContext openMuxer(String container) throws IOException {
        AVFormatContext context = new AVFormatContext(null);
        try (BytePointer url = Ffmpeg.terminated(Ffmpeg.url(file));
                BytePointer format = new BytePointer(container)) {
            int code = avformat.avformat_alloc_output_context2(context, null, format, url);
            Ffmpeg.check(code, file, "cannot set up the muxer for " + container);
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

    private AVCodecContext openCodec(
            Layout layout, AVCodec implementation, String name, Consumer<AVCodecContext> configure) throws IOException {
        AVCodecContext context = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(implementation), file, "the encoder");
        scope.onClose(() -> avcodec.avcodec_free_context(context));
        context.width(layout.size().width()).height(layout.size().height()).pix_fmt(layout.pixelFormat());
        FrameRate rate = layout.frameRate();
        context.time_base().num(rate.denominator()).den(rate.numerator());
        context.framerate().num(rate.numerator()).den(rate.denominator());
        context.color_range(avutil.AVCOL_RANGE_MPEG)
                .color_primaries(avutil.AVCOL_PRI_BT709)
                .color_trc(avutil.AVCOL_TRC_BT709)
                .colorspace(avutil.AVCOL_SPC_BT709)
                .chroma_sample_location(avutil.AVCHROMA_LOC_LEFT);
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER | avcodec.AV_CODEC_FLAG_BITEXACT);
        configure.accept(context);
        int code = avcodec.avcodec_open2(context, implementation, (PointerPointer<?>) null);
        Ffmpeg.check(code, file, "cannot start " + name + " for " + layout.size());
        return context;
    }

    private AVStream openTrack(Layout layout) throws IOException {
        AVStream stream = Ffmpeg.allocated(avformat.avformat_new_stream(muxer, null), file, "a track");
        FrameRate rate = layout.frameRate();
        stream.time_base().num(rate.denominator()).den(rate.numerator());
        stream.avg_frame_rate().num(rate.numerator()).den(rate.denominator());
        int code = avcodec.avcodec_parameters_from_context(stream.codecpar(), codec);
        Ffmpeg.check(code, file, "cannot describe the track");
        stream.metadata(dictionary(layout.trackMetadata())); // the stream frees it
        muxer.metadata(dictionary(layout.metadata())); // likewise
        try (AVDictionary options = new AVDictionary(null)) {
            String flags = (layout.indexFirst() ? "+faststart" : "")
                    + (layout.metadata().isEmpty() ? "" : "+use_metadata_tags");
            if (!flags.isEmpty()) {
                avutil.av_dict_set(options, "movflags", flags, 0);
            }
            // durations of the whole movie are whole frames only on such a scale, not in milliseconds
            avutil.av_dict_set(
                    options,
                    "movie_timescale",
                    String.valueOf(rate.isWhole() ? 1000 * rate.numerator() : rate.numerator()),
                    0);
            int header = avformat.avformat_write_header(muxer, options);
            avutil.av_dict_free(options);
            Ffmpeg.checkFile(header, file, "cannot write the header");
        }
        return stream;
    }

    private static AVDictionary dictionary(Map<String, String> entries) {
        AVDictionary dictionary = new AVDictionary(null);
        entries.forEach((key, value) -> {
            try (BytePointer name = utf8(key);
                    BytePointer text = utf8(value)) {
                avutil.av_dict_set(dictionary, name, text, 0);
            }
        });
        return dictionary;
    }

    private static BytePointer utf8(String text) {
        return new BytePointer((text + "\0").getBytes(UTF_8));
    }

    /**
     * Encodes a frame and writes what the encoder gives.
     *
     * @param frame of the layout's size and pixel format; its time and its colour tags are set here
     */
    void write(AVFrame frame) throws IOException {
        frame.pts(frames);
        frame.duration(1);
        // ProRes has them in the header of each frame
        frame.color_range(avutil.AVCOL_RANGE_MPEG)
                .color_primaries(avutil.AVCOL_PRI_BT709)
                .color_trc(avutil.AVCOL_TRC_BT709)
                .colorspace(avutil.AVCOL_SPC_BT709);
        send(frame);
        frames++;
    }

    /**
     * Writes the coded frames of a clip behind what was written, as they are, if the file has only such as the encoder makes: the
     * same parameter sets, and as many frames that a decoder holds back. After other frames this ends the encoder; nothing but
     * coded frames can be written then.
     *
     * @param clip from anywhere
     * @param format of it
     * @return whether it was written; if not, nothing has changed
     * @throws IOException if it cannot be written, or is not what it was found to be
     */
    boolean copy(Path clip, VideoFormat format) throws IOException {
        if (codec.codec_id() != avcodec.AV_CODEC_ID_H264) {
            return false;
        }
        @Nullable CodedClip coded = open(clip, format);
        if (coded == null) {
            return false;
        }
        try (coded) {
            if (coded.delay() != codec.has_b_frames()
                    || !coded.parameterSets().equals(NalUnits.parameterSets(extradata()))) {
                LOG.debug("{}: its coded frames are not of the encoder's settings and are not copied", clip);
                return false;
            }
            if (frames > 0) {
                finish();
            }
            for (int i = 0; i < format.frameCount(); i++) {
                write(coded.next(), frames, frames + i - coded.delay());
            }
            frames += format.frameCount();
            return true;
        }
    }

    private static @Nullable CodedClip open(Path clip, VideoFormat format) {
        try {
            return CodedClip.open(clip, format);
        } catch (IOException e) {
            LOG.debug("Coded frames are not copied: {}", e.getMessage());
            return null;
        }
    }

    private byte[] extradata() {
        byte[] bytes = new byte[codec.extradata_size()];
        codec.extradata().get(bytes);
        return bytes;
    }

    private void write(CodedClip.CodedFrame frame, int first, int decoded) throws IOException {
        byte[] units = frame.units().array();
        Ffmpeg.check(avcodec.av_new_packet(packet, units.length), file, "no memory for a packet");
        packet.data().put(units);
        packet.pts((long) first + frame.index());
        packet.dts(decoded);
        packet.flags(frame.idr() ? avcodec.AV_PKT_FLAG_KEY : 0);
        writePacket();
    }

    /** {@return how many frames were written} */
    int frames() {
        return frames;
    }

    private void send(@Nullable AVFrame frame) throws IOException {
        Ffmpeg.check(avcodec.avcodec_send_frame(codec, frame), file, "cannot encode frame " + frames);
        while (true) {
            int code = avcodec.avcodec_receive_packet(codec, packet);
            if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                return;
            }
            Ffmpeg.check(code, file, "cannot encode frame " + frames);
            writePacket();
        }
    }

    private void writePacket() throws IOException {
        packet.stream_index(track.index());
        packet.duration(1);
        avcodec.av_packet_rescale_ts(packet, codec.time_base(), track.time_base());
        Ffmpeg.checkFile(avformat.av_interleaved_write_frame(muxer, packet), file, "cannot write");
    }

    /** Writes what the encoder still holds. */
    private void finish() throws IOException {
        if (!finished) {
            finished = true;
            send(null);
        }
    }

    /** Writes what the encoder still holds, and the index. */
    void complete() throws IOException {
        finish();
        Ffmpeg.checkFile(avformat.av_write_trailer(muxer), file, "cannot complete");
        AVIOContext io = muxer.pb();
        muxer.pb(null);
        Ffmpeg.checkFile(avformat.avio_close(io), file, "cannot complete");
        completed = true;
    }

    @Override
    public void close() throws IOException {
        try (scope) {
            // frees the muxer and the encoder before the file goes
        } finally {
            if (created && !completed) {
                Files.deleteIfExists(file);
            }
        }
    }
}
