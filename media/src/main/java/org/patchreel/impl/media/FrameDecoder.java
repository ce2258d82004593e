package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Decodes the luma of a video or a picture, in the process that it is called in; {@link LumaReader} calls it in one of its
 * own. A budget bounds what the file may cost, whatever it says of itself. Used by one thread.
 */
final class LumaDecoder implements AutoCloseable {
    private static final String VIDEO =
            "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,ivf,gif,apng,mjpeg,h264,hevc,av1,obu,yuv4mpegpipe";
    private static final int DECODING_THREADS = 2;

    /** Stands for the file in messages, whose name is not known here. */
    static final Path FILE = Path.of("file");

    private final DecodingRequest request;
    private final NativeScope scope = new NativeScope();
    private final TrackDecoder track;
    private final FrameSize nativeSize;
    private final List<View> views = new ArrayList<>();
    private final AVRational timeBase;
    private final double frameSeconds;
    private @Nullable AVFrame decoded;
    private int frames;
    private double origin;
    private double second;
    private long decodedPixels;

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read or has no video that can be decoded; the message begins with {@link #FILE}
     */
    LumaDecoder(DecodingRequest request) throws IOException {
        this.request = request;
        try {
            String format = request.format();
            track = TrackDecoder.lenient(
                    FILE, request.url(), format, format.isEmpty() ? VIDEO : format, DECODING_THREADS);
            scope.onClose(track::close);
            nativeSize = new FrameSize(
                    track.stream().codecpar().width(), track.stream().codecpar().height());
            for (LumaSize wanted : request.sizes()) {
                View view = new View(scaled(nativeSize, wanted.shortSide(), wanted.maxLongSide()));
                views.add(view);
                scope.onClose(view::close);
            }
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

    private static FrameSize scaled(FrameSize size, int shortSide, int maxLongSide) {
        double scale = Math.min(
                Math.min(1, (double) shortSide / Math.min(size.width(), size.height())),
                (double) maxLongSide / Math.max(size.width(), size.height()));
        return new FrameSize((int) Math.max(1, Math.round(size.width() * scale)), (int)
                Math.max(1, Math.round(size.height() * scale)));
    }

    /** {@return the size of the frames in the file} */
    FrameSize nativeSize() {
        return nativeSize;
    }

    /** {@return the sizes of the frames that {@link #luma} gives, in the order of the request} */
    List<FrameSize> sizes() {
        return views.stream().map(view -> view.size).toList();
    }

    /**
     * Decodes the next frame.
     *
     * @return false after the last one
     * @throws IOException if a frame cannot be used
     */
    boolean advance() throws IOException {
        if (decoded != null) {
            avutil.av_frame_unref(decoded);
        }
        decoded = track.next();
        if (decoded == null) {
            return false;
        }
        decodedPixels += pixels(decoded);
        check(decodedPixels, request.limits().decodedPixels(), "decode");
        long stamp = decoded.best_effort_timestamp();
        if (stamp == avutil.AV_NOPTS_VALUE || timeBase.den() == 0) {
            second += frames == 0 ? 0 : frameSeconds;
        } else {
            double at = (double) stamp * timeBase.num() / timeBase.den();
            if (Double.isNaN(origin)) {
                origin = at;
            }
            second = Math.max(second, at - origin);
        }
        frames++;
        return true;
    }

    private static long pixels(AVFrame frame) {
        return (long) frame.width() * frame.height();
    }

    private static void check(long pixels, long limit, String action) throws IOException {
        if (pixels > limit) {
            throw new IOException(FILE + ": there are more than " + limit / 1_000_000 + " million pixels to " + action
                    + ", the limit");
        }
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
     * Gives the frame's luma.
     *
     * @param index of the size in the request
     * @return a byte a pixel, row by row without padding
     * @throws IOException if its pixel format is unknown
     * @throws IllegalStateException if there is no frame
     */
    byte[] luma(int index) throws IOException {
        if (decoded == null) {
            throw new IllegalStateException("no frame");
        }
        return views.get(index).luma(decoded);
    }

    @Override
    public void close() {
        scope.close();
    }

    /** The frames in one size. */
    private final class View {
        final FrameSize size;
        private final Picture gray;
        private @Nullable SwsContext scaler;
        private long scaledPixels;

        View(FrameSize size) {
            this.size = size;
            gray = new Picture(size, avutil.AV_PIX_FMT_GRAY8);
        }

        byte[] luma(AVFrame from) throws IOException {
            scaledPixels += pixels(from);
            check(scaledPixels, request.limits().scaledPixels(), "scale");
            boolean shrinks = from.width() > size.width() || from.height() > size.height();
            // the cached context is made anew when the frame's size or format changes
            @Nullable SwsContext before = scaler;
            scaler = swscale.sws_getCachedContext(
                    before,
                    from.width(),
                    from.height(),
                    from.format(),
                    size.width(),
                    size.height(),
                    avutil.AV_PIX_FMT_GRAY8,
                    shrinks ? swscale.SWS_AREA : swscale.SWS_BICUBIC,
                    null,
                    null,
                    (DoublePointer) null);
            if (scaler == null) {
                throw new IOException(FILE + ": the luma of its pixel format cannot be read");
            }
            AVFrame to = gray.frame();
            swscale.sws_scale(scaler, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
            return gray.readGray();
        }

        void close() {
            if (scaler != null) {
                swscale.sws_freeContext(scaler);
                scaler = null;
            }
            gray.close();
        }
    }
}
