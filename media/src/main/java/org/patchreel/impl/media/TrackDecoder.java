package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
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
 * Decodes the video track of a file that may come from anywhere: only the formats and codecs that are listed here are
 * opened, references to other files are not followed, and frames are at most {@value FrameSize#MAX_SIDE} pixels a side.
 * Sizes are checked in the file's headers before anything is decoded. Used by one thread.
 */
final class TrackDecoder implements AutoCloseable {
    /**
     * Decoders of what cameras, editors, screen recorders and the web make. No decoder of sound is among them, nor are those
     * of game consoles and of screen protocols, which hardly anybody tests.
     */
    private static final Set<String> DECODERS = Set.of(
            ("h264,hevc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,theora,mpeg1video,mpeg2video,mpeg4,msmpeg4,"
                            + "msmpeg4v2,h263,h263p,flv,wmv1,wmv2,wmv3,vc1,prores,dnxhd,cfhd,ffv1,huffyuv,ffvhuff,utvideo,"
                            + "qtrle,rawvideo,wrapped_avframe,v210,mjpeg,png,apng,gif,webp,bmp")
                    .split(","));

    /** Maximum number of tracks; professional recordings have dozens, one for each microphone. */
    static final int MAX_TRACKS = 100;

    /** Tracks of pictures; to learn their formats each one's first frame may be decoded. */
    static final int MAX_VIDEO_TRACKS = 8;

    /** Bytes that are read at most to learn of all tracks; FFmpeg's own value. */
    private static final int PROBED_BYTES = 5_000_000;

    private static final long MAX_PIXELS = (long) FrameSize.MAX_SIDE * FrameSize.MAX_SIDE;

    private final Path file;
    private final boolean lenient;
    private final NativeScope scope = new NativeScope();
    private final AVFormatContext demuxer;
    private final AVStream stream;
    private final AVCodecContext codec;
    private final AVPacket packet;
    private final AVFrame decoded;
    private boolean drained;
    private boolean anyFrame;
    private boolean memoryRanOut;
    private long packets;
    private long end;

    private TrackDecoder(Path file, String url, String format, String formats, boolean lenient, int threads)
            throws IOException {
        this.file = file;
        this.lenient = lenient;
        Ffmpeg.load();
        try {
            demuxer = openDemuxer(url, format, formats);
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
        return new TrackDecoder(file, Ffmpeg.url(file), "mov", "mov", false, 1);
    }

    /**
     * Opens a file of one of several formats, whose damaged parts are left out.
     *
     * @param file for messages
     * @param url by which libav opens it
     * @param format the demuxer to use, empty to recognise it
     * @param formats FFmpeg's names of the demuxers that may be used, with commas
     * @param threads that decode
     */
    static TrackDecoder lenient(Path file, String url, String format, String formats, int threads) throws IOException {
        return new TrackDecoder(file, url, format, formats, true, threads);
    }

    private AVFormatContext openDemuxer(String location, String format, String formats) throws IOException {
        @Nullable AVInputFormat input = format.isEmpty() ? null : avformat.av_find_input_format(format);
        AVFormatContext context = new AVFormatContext(null);
        String action = "cannot read as " + (formats.equals("mov") ? "MP4" : "video or picture");
        try (BytePointer url = Ffmpeg.terminated(location);
                AVDictionary options = new AVDictionary(null)) {
            avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
            avutil.av_dict_set(options, "format_whitelist", formats, 0);
            avutil.av_dict_set(options, "codec_whitelist", String.join(",", DECODERS), 0);
            avutil.av_dict_set_int(options, "max_streams", MAX_TRACKS, 0);
            avutil.av_dict_set_int(options, "probesize", PROBED_BYTES, 0);
            int code = avformat.avformat_open_input(context, url, input, options);
            avutil.av_dict_free(options);
            Ffmpeg.check(code, file, action);
        }
        scope.onClose(() -> avformat.avformat_close_input(context));
        checkTracks(context);
        findStreamInfo(context, action);
        checkTracks(context);
        return context;
    }

    /** Refuses what the headers say already: FFmpeg decodes a frame of each track to learn its format. */
    private void checkTracks(AVFormatContext context) throws IOException {
        int videos = 0;
        for (int i = 0; i < context.nb_streams(); i++) {
            AVCodecParameters track = context.streams(i).codecpar();
            if (track.codec_type() == avutil.AVMEDIA_TYPE_VIDEO) {
                videos++;
                if (track.width() > FrameSize.MAX_SIDE || track.height() > FrameSize.MAX_SIDE) {
                    throw tooLarge(file, track.width(), track.height());
                }
            }
        }
        if (videos > MAX_VIDEO_TRACKS) {
            throw new MediaException(file, videos + " tracks of pictures, at most " + MAX_VIDEO_TRACKS + " are read");
        }
    }

    /** The decoders that FFmpeg opens for this have limits of their own: headers may lie. */
    private void findStreamInfo(AVFormatContext context, String action) throws IOException {
        int tracks = context.nb_streams();
        try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(1, tracks))) {
            for (int i = 0; i < tracks; i++) {
                AVDictionary limits = new AVDictionary(null);
                avutil.av_dict_set_int(limits, "max_pixels", MAX_PIXELS, 0);
                options.put(i, limits);
            }
            int code = avformat.avformat_find_stream_info(context, tracks == 0 ? null : options);
            for (int i = 0; i < tracks; i++) {
                avutil.av_dict_free(options.position(i));
            }
            options.position(0);
            Ffmpeg.check(code, file, action);
        }
    }

    private AVStream findVideo() throws IOException {
        int index =
                avformat.av_find_best_stream(demuxer, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
        Ffmpeg.check(index, file, "no video track");
        return demuxer.streams(index);
    }

    private AVCodecContext openCodec(int threads) throws IOException {
        AVCodecParameters parameters = stream.codecpar();
        AVCodec decoder = avcodec.avcodec_find_decoder(parameters.codec_id());
        if (decoder == null
                || decoder.isNull()
                || !DECODERS.contains(decoder.name().getString())) {
            throw new MediaException(
                    file, avcodec.avcodec_get_name(parameters.codec_id()).getString() + " is not a codec that is read");
        }
        checkSize(parameters.width(), parameters.height());
        AVCodecContext context = Ffmpeg.allocated(avcodec.avcodec_alloc_context3(decoder), file, "the decoder");
        scope.onClose(() -> avcodec.avcodec_free_context(context));
        Ffmpeg.check(avcodec.avcodec_parameters_to_context(context, parameters), file, "cannot decode");
        avutil.av_opt_set_int(context, "max_pixels", MAX_PIXELS, 0);
        context.thread_count(threads);
        Ffmpeg.check(avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null), file, "cannot decode");
        return context;
    }

    private void checkSize(int width, int height) throws IOException {
        if (width < 1 || height < 1) {
            throw new MediaException(file, "the size of its frames cannot be read");
        }
        if (width > FrameSize.MAX_SIDE || height > FrameSize.MAX_SIDE) {
            throw tooLarge(file, width, height);
        }
    }

    static MediaException tooLarge(Path file, int width, int height) {
        return new MediaException(
                file,
                "frames of " + width + "x" + height + " pixels, at most " + FrameSize.MAX_SIDE + " a side are read");
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
            memoryRanOut |= code == avutil.AVERROR_ENOMEM();
            if (code == avutil.AVERROR_EOF()) {
                return end();
            }
            if (code >= 0) {
                anyFrame = true;
                checkSize(decoded.width(), decoded.height());
                return decoded;
            }
            if (code != avutil.AVERROR_EAGAIN() && !lenient) {
                Ffmpeg.check(code, file, "cannot decode");
            }
            if (!feed()) {
                return end(); // was told, and what the decoder still holds is damaged
            }
        }
    }

    /**
     * Goes back to where packets have to be read from for the frame that is shown at 0. No frame can be had after it.
     *
     * @throws IOException if the file does not allow it
     */
    void rewind() throws IOException {
        int code = avformat.av_seek_frame(demuxer, stream.index(), 0, avformat.AVSEEK_FLAG_BACKWARD);
        Ffmpeg.check(code, file, "cannot go back to its beginning");
    }

    /**
     * Reads the next packet of the track, in the place of decoding it.
     *
     * @return the packet, valid until the next call; null after the last one
     * @throws IOException if the file cannot be read
     */
    @Nullable
    AVPacket packet() throws IOException {
        do {
            avcodec.av_packet_unref(packet);
            int code = avformat.av_read_frame(demuxer, packet);
            if (code == avutil.AVERROR_EOF()) {
                return null;
            }
            Ffmpeg.check(code, file, "cannot read");
        } while (packet.stream_index() != stream.index());
        return packet;
    }

    /**
     * What is in a track.
     *
     * @param frames that are shown
     * @param end of the last one, in the track's time base; 0 if times are not told
     */
    record Extent(long frames, long end) {}

    /**
     * Finds out what is in the track: by the file's index if it is one of all frames, or by reading on to the end, without
     * decoding. No frame can be had after it.
     */
    Extent extent() {
        int indexed = avformat.avformat_index_get_entries_count(stream);
        if (stream.nb_frames() > 0 && indexed >= stream.nb_frames() && stream.duration() > 0) {
            long shown = 0;
            for (int i = 0; i < indexed; i++) {
                int flags = avformat.avformat_index_get_entry(stream, i).flags();
                shown += (flags & AVIndexEntry.AVINDEX_DISCARD_FRAME) == 0 ? 1 : 0;
            }
            long start = stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : stream.start_time();
            return new Extent(shown, start + stream.duration());
        }
        while (avformat.av_read_frame(demuxer, packet) >= 0) {
            if (packet.stream_index() == stream.index()) {
                count(packet);
            }
            avcodec.av_packet_unref(packet);
        }
        return new Extent(packets, end);
    }

    private void count(AVPacket each) {
        if ((each.flags() & avcodec.AV_PKT_FLAG_DISCARD) == 0) {
            packets++;
            if (each.pts() != avutil.AV_NOPTS_VALUE) {
                end = Math.max(end, each.pts() + Math.max(0, each.duration()));
            }
        }
    }

    /** A file whose frames are all too large is not one without frames. */
    private @Nullable AVFrame end() throws IOException {
        if (memoryRanOut && !anyFrame) {
            throw new MediaException(file, "decoding it takes more memory than the limit allows");
        }
        return null;
    }

    /** Hands the next packet of the track to the decoder, or tells it that there is none; false if it knew. */
    private boolean feed() throws IOException {
        while (!drained) {
            int code = avformat.av_read_frame(demuxer, packet);
            if (code == avutil.AVERROR_EOF() || (code < 0 && lenient)) {
                drained = true;
                memoryRanOut |= code == avutil.AVERROR_ENOMEM();
                int sent = avcodec.avcodec_send_packet(codec, null);
                if (!lenient) {
                    Ffmpeg.check(sent, file, "cannot decode");
                }
                return true;
            }
            Ffmpeg.check(code, file, "cannot read");
            try {
                if (packet.stream_index() == stream.index()) {
                    count(packet);
                    int sent = avcodec.avcodec_send_packet(codec, packet);
                    memoryRanOut |= sent == avutil.AVERROR_ENOMEM();
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
