package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Decodes a video or a picture and tells its frames' times, in the process that it is called in; {@link LumaReader} and
 * {@link SourceReader} call it in one of its own. A budget bounds what the file may cost, whatever it says of itself. Used
 * by one thread.
 */
final class FrameDecoder implements AutoCloseable {
    private static final String VIDEO =
            "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,ivf,gif,apng,mjpeg,h264,hevc,av1,obu,yuv4mpegpipe";
    private static final int DECODING_THREADS = 2;

    /** Stands for the file, whose name is not known here. */
    static final Path FILE = Path.of("file");

    private final NativeScope scope = new NativeScope();
    private final TrackDecoder track;
    private final FrameSize nativeSize;
    private final PixelBudget budget;
    private final AVRational timeBase;
    private final double frameSeconds;
    private final boolean still;
    private @Nullable AVFrame decoded;
    private boolean ahead;
    private int frames;
    private double origin;
    private double second;

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read or has no video that can be decoded; its file is {@link #FILE}
     */
    FrameDecoder(DecodingRequest request) throws IOException {
        budget = new PixelBudget(request.limits().decodedPixels(), "decode");
        try {
            String format = request.format();
            still = format.endsWith("_pipe");
            track = TrackDecoder.lenient(
                    FILE, request.url(), format, format.isEmpty() ? VIDEO : format, DECODING_THREADS);
            scope.onClose(track::close);
            nativeSize = new FrameSize(
                    track.stream().codecpar().width(), track.stream().codecpar().height());
            timeBase = track.stream().time_base();
            AVRational rate = track.stream().avg_frame_rate();
            origin = origin(track.demuxer().start_time());
            frameSeconds = rate.num() > 0 && rate.den() > 0 ? (double) rate.den() / rate.num() : 0.04;
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Players count from the start of the track that starts first, which may be sound; NaN if it is not known. */
    private static double origin(long startTime) {
        return startTime == avutil.AV_NOPTS_VALUE ? Double.NaN : (double) startTime / avutil.AV_TIME_BASE;
    }

    /** {@return the track that is decoded} */
    TrackDecoder track() {
        return track;
    }

    /** {@return the size of the frames in the file} */
    FrameSize nativeSize() {
        return nativeSize;
    }

    /** {@return whether the file is a picture of a format that has one frame} */
    boolean isStill() {
        return still;
    }

    /**
     * Decodes the first frame ahead of the first {@link #advance}.
     *
     * @return the frame
     * @throws IOException if there is none
     */
    AVFrame firstFrame() throws IOException {
        if (track.demuxer().nb_stream_groups() > 0
                && track.demuxer().stream_groups(0).type() == avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID) {
            throw new MediaException(FILE, "pictures of several tiles (HEIC, AVIF) cannot be read");
        }
        if (!advance()) {
            throw new MediaException(FILE, "there is no frame that can be decoded");
        }
        if (track.demuxer().nb_streams() == 1) {
            // AVI knows when a frame is decoded, which is ahead of when it is shown
            origin += second;
            second = 0;
        }
        ahead = true;
        return frame();
    }

    /**
     * Decodes the next frame.
     *
     * @return false after the last one
     * @throws IOException if a frame cannot be used
     */
    boolean advance() throws IOException {
        if (ahead) {
            ahead = false;
            return true;
        }
        if (decoded != null) {
            avutil.av_frame_unref(decoded);
        }
        decoded = track.next();
        if (decoded == null) {
            return false;
        }
        budget.spend(decoded);
        long stamp = decoded.best_effort_timestamp();
        if (stamp == avutil.AV_NOPTS_VALUE || timeBase.den() == 0) {
            second += frames == 0 ? 0 : frameSeconds;
        } else {
            double at = seconds(stamp);
            if (Double.isNaN(origin)) {
                origin = at;
            }
            second = Math.max(second, at - origin);
        }
        frames++;
        return true;
    }

    private double seconds(long stamp) {
        return (double) stamp * timeBase.num() / timeBase.den();
    }

    /**
     * Gives the frame.
     *
     * @return valid until {@link #advance}
     * @throws IllegalStateException if there is none
     */
    AVFrame frame() {
        if (decoded == null) {
            throw new IllegalStateException("no frame");
        }
        return decoded;
    }

    /** {@return width of a pixel by its height; 1 if it is not told, or told as what no camera and no format has} */
    double pixelAspect() {
        AVRational told = avformat.av_guess_sample_aspect_ratio(track.demuxer(), track.stream(), frame());
        double aspect = told.num() > 0 && told.den() > 0 ? (double) told.num() / told.den() : 1;
        return aspect > 1.0 / 16 && aspect < 16 ? aspect : 1;
    }

    /** {@return seconds of the frame, counted from the start of the file's first track; they never go back} */
    double second() {
        return second;
    }

    /** {@return seconds for which a frame is shown, by the track's mean rate} */
    double frameSeconds() {
        return frameSeconds;
    }

    /** {@return whether the frame was coded without reference to others} */
    boolean isIntra() {
        return decoded != null && decoded.pict_type() == avutil.AV_PICTURE_TYPE_I;
    }

    /**
     * Finds out how long the track is: by the file's index, or by reading on to the end, without decoding. No frame can be
     * had after it.
     */
    TrackLength length() {
        if (still) {
            return new TrackLength(1, 0, 0);
        }
        TrackDecoder.Extent extent = track.extent();
        double told = origin(track.demuxer().start_time());
        double start = Double.isNaN(told) ? origin : told;
        long count = Math.max(1, extent.frames());
        // a stream without a container tells no times
        double end = extent.end() > 0 ? seconds(extent.end()) - start : count * frameSeconds;
        double seconds = Double.isFinite(end) ? Math.max(second + frameSeconds, end) : second + frameSeconds;
        AVRational rate = track.stream().avg_frame_rate();
        double first = count == 1 ? second : Math.min(second, seconds - frameSeconds);
        return new TrackLength(
                count,
                seconds,
                rate.num() > 0 && rate.den() > 0 ? (double) rate.num() / rate.den() : count / (seconds - first));
    }

    /**
     * Length of a track.
     *
     * @param frames 1 or more
     * @param seconds at which the last frame ends; 0 for a picture
     * @param frameRate mean frames per second; 0 for a picture
     */
    record TrackLength(long frames, double seconds, double frameRate) {}

    @Override
    public void close() {
        scope.close();
    }
}
