package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
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
    private final TrackDecoder track;
    private final ClipInfo info;
    private final Picture rgb;
    private final ByteBuffer pixels;
    private @Nullable ColorConverter converter;
    private int pixelFormat;

    private ClipReader(Path file) throws IOException {
        this.file = file;
        try {
            track = TrackDecoder.mp4(file);
            scope.onClose(track::close);
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

    private ClipInfo describe() {
        AVStream stream = track.stream();
        AVCodecParameters parameters = stream.codecpar();
        AVRational rate = stream.avg_frame_rate();
        AVRational base = stream.time_base();
        return new ClipInfo(
                avcodec.avcodec_get_name(parameters.codec_id()).getString(),
                text(avcodec.avcodec_profile_name(parameters.codec_id(), parameters.profile())),
                text(avutil.av_get_pix_fmt_name(parameters.format())),
                text(avutil.av_color_range_name(parameters.color_range())),
                text(avutil.av_color_primaries_name(parameters.color_primaries())),
                text(avutil.av_color_transfer_name(parameters.color_trc())),
                text(avutil.av_color_space_name(parameters.color_space())),
                new FrameSize(parameters.width(), parameters.height()),
                stream.nb_frames(),
                rate.den() == 0 ? 0 : (double) rate.num() / rate.den(),
                Math.max(0, stream.duration()) * (double) base.num() / base.den(),
                track.demuxer().nb_streams(),
                timecode(stream));
    }

    private static String timecode(AVStream stream) {
        AVDictionaryEntry entry = avutil.av_dict_get(stream.metadata(), "timecode", null, 0);
        return entry == null ? "" : text(entry.value());
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
        @Nullable AVFrame decoded = track.next();
        return decoded == null ? Optional.empty() : Optional.of(convert(decoded));
    }

    private VideoFrame convert(AVFrame decoded) throws IOException {
        FrameSize size = info.size();
        if (decoded.width() != size.width() || decoded.height() != size.height()) {
            throw new MediaException(
                    file, "a frame of " + decoded.width() + "x" + decoded.height() + " in a clip of " + size);
        }
        if (converter != null && decoded.format() != pixelFormat) {
            throw new MediaException(file, "the pixel format changes within the clip");
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
