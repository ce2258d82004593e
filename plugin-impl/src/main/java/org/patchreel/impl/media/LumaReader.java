package org.patchreel.impl.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Reads the luma of a video or a picture, one frame after the other, scaled to a short side: by area averages where it
 * shrinks, which keeps faint patterns free of aliases. The file may come from anywhere: it is opened as one of the common
 * formats, references to other files are not followed, frames are at most {@value FrameSize#MAX_SIDE} pixels a side, and
 * damaged parts are left out. Used by one thread.
 */
public final class LumaReader implements AutoCloseable {
    private static final String VIDEO =
            "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,ivf,gif,apng,mjpeg,h264,hevc,av1,obu,yuv4mpegpipe";
    private static final int DECODING_THREADS = 2;

    private final Path file;
    private final NativeScope scope = new NativeScope();
    private final TrackDecoder track;
    private final FrameSize nativeSize;
    private final FrameSize size;
    private final Picture gray;
    private final AVRational timeBase;
    private final double frameSeconds;
    private @Nullable SwsContext scaler;
    private @Nullable AVFrame decoded;
    private int frames;
    private double firstSecond = Double.NaN;
    private double second;

    private LumaReader(Path file, int shortSide, int maxLongSide) throws IOException {
        this.file = file;
        try {
            @Nullable String picture = pictureFormat(file);
            track = TrackDecoder.lenient(file, picture, picture == null ? VIDEO : picture, DECODING_THREADS);
            scope.onClose(track::close);
            nativeSize = new FrameSize(
                    track.stream().codecpar().width(), track.stream().codecpar().height());
            size = scaled(nativeSize, shortSide, maxLongSide);
            gray = new Picture(size, avutil.AV_PIX_FMT_GRAY8);
            scope.onClose(gray::close);
            timeBase = track.stream().time_base();
            AVRational rate = track.stream().avg_frame_rate();
            frameSeconds = rate.num() > 0 && rate.den() > 0 ? (double) rate.den() / rate.num() : 0.04;
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * Opens a file.
     *
     * @param file MP4, MOV, Matroska, WebM, AVI, MPEG transport stream, GIF, JPEG, PNG, WebP or another common format
     * @param shortSide of the frames that {@link #luma} gives, in pixels; smaller frames keep their size
     * @param maxLongSide of the frames, in pixels; frames that would be longer become smaller
     * @return the reader, before the first frame
     * @throws IOException if it cannot be read or has no video that can be decoded; the message names the file and the
     *     reason
     */
    public static LumaReader open(Path file, int shortSide, int maxLongSide) throws IOException {
        return new LumaReader(file, shortSide, maxLongSide);
    }

    /** FFmpeg's demuxer for one picture, which it must be told: its own choice would also open the next pictures. */
    private static @Nullable String pictureFormat(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(12);
        }
        ByteBuffer bytes = ByteBuffer.wrap(head);
        if (head.length < 12) {
            return null;
        }
        if ((bytes.getInt(0) & 0xffffff00) == 0xffd8ff00) {
            return "jpeg_pipe";
        }
        if (bytes.getInt(0) == 0x89504e47) {
            return "png_pipe";
        }
        if (bytes.getInt(0) == 0x52494646 && bytes.getInt(8) == 0x57454250) {
            return "webp_pipe";
        }
        return head[0] == 'B' && head[1] == 'M' ? "bmp_pipe" : null;
    }

    private static FrameSize scaled(FrameSize size, int shortSide, int maxLongSide) {
        double scale = Math.min(
                Math.min(1, (double) shortSide / Math.min(size.width(), size.height())),
                (double) maxLongSide / Math.max(size.width(), size.height()));
        return new FrameSize((int) Math.max(1, Math.round(size.width() * scale)), (int)
                Math.max(1, Math.round(size.height() * scale)));
    }

    /** {@return the size of the frames in the file} */
    public FrameSize nativeSize() {
        return nativeSize;
    }

    /** {@return the size of the frames that {@link #luma} gives} */
    public FrameSize size() {
        return size;
    }

    /**
     * Decodes the next frame.
     *
     * @return false after the last one
     * @throws IOException if a frame cannot be used
     */
    public boolean advance() throws IOException {
        if (decoded != null) {
            avutil.av_frame_unref(decoded);
        }
        decoded = track.next();
        if (decoded == null) {
            return false;
        }
        long stamp = decoded.best_effort_timestamp();
        double fallback = frames == 0 ? 0 : second + frameSeconds;
        double at = stamp == avutil.AV_NOPTS_VALUE || timeBase.den() == 0
                ? fallback
                : (double) stamp * timeBase.num() / timeBase.den();
        if (Double.isNaN(firstSecond)) {
            firstSecond = at;
        }
        second = Math.max(second, at - firstSecond);
        frames++;
        return true;
    }

    /** {@return the frame's time, counted from the first frame's; it never goes back} */
    public Duration time() {
        return Duration.ofNanos((long) (Math.min(second, 1e8) * 1e9));
    }

    /** {@return how long a frame is shown, by the track's mean rate} */
    public Duration frameDuration() {
        return Duration.ofNanos((long) (frameSeconds * 1e9));
    }

    /** {@return whether the frame was coded without reference to others} */
    public boolean isIntra() {
        return decoded != null && decoded.pict_type() == avutil.AV_PICTURE_TYPE_I;
    }

    /**
     * Gives the frame's luma.
     *
     * @return a byte a pixel, row by row without padding
     * @throws IOException if its pixel format is unknown
     * @throws IllegalStateException if there is no frame
     */
    public byte[] luma() throws IOException {
        if (decoded == null) {
            throw new IllegalStateException(file + ": no frame");
        }
        boolean shrinks = decoded.width() > size.width() || decoded.height() > size.height();
        // the cached context is made anew when the frame's size or format changes
        @Nullable SwsContext before = scaler;
        scaler = swscale.sws_getCachedContext(
                before,
                decoded.width(),
                decoded.height(),
                decoded.format(),
                size.width(),
                size.height(),
                avutil.AV_PIX_FMT_GRAY8,
                shrinks ? swscale.SWS_AREA : swscale.SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null);
        if (scaler == null) {
            throw new IOException(file + ": the luma of its pixel format cannot be read");
        }
        AVFrame to = gray.frame();
        swscale.sws_scale(scaler, decoded.data(), decoded.linesize(), 0, decoded.height(), to.data(), to.linesize());
        return gray.readGray();
    }

    @Override
    public void close() {
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
            scaler = null;
        }
        scope.close();
    }
}
