package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * Reads the frames of a video or a picture from anywhere as an editor shows them, in one size, one frame after the other.
 *
 * <ul>
 *   <li>They are turned and mirrored as the file says (display matrix, Exif), and pixels that are not square become so.
 *   <li>Colours become sRGB: the file's matrix, range and primaries are respected, and missing ones guessed as players do.
 *       Colour profiles (ICC) are not applied.
 *   <li>High dynamic range (PQ, HLG) is mapped to the standard range: reference white, 203 cd/m², becomes a bright grey,
 *       1000 cd/m² and more becomes white, and darker tones keep their luminance relative to reference white.
 *   <li>Transparent pixels are shown over black, as an editor's empty track is.
 *   <li>Both fields of an interlaced frame stay in it.
 * </ul>
 *
 * <p>The file is decoded as {@link LumaReader} does it, in a process of its own with limits on memory and time; damaged parts
 * are left out. The time is counted from the opening, ten minutes at most, also while no frame is asked for: who works long
 * on frames reads and closes first. Interrupting the thread that reads ends the process. Used by one thread.
 */
public final class SourceReader implements AutoCloseable {
    private final Path file;
    private final DecoderProcess decoder;
    private final FrameSize size;
    private final double frameSeconds;
    private final byte[] pixels;
    private final ByteBuffer view;
    private Duration from = Duration.ZERO;
    private @Nullable Duration time;

    private SourceReader(Path file, DecoderProcess decoder, FrameSize size) throws IOException {
        this.file = file;
        this.decoder = decoder;
        this.size = size;
        frameSeconds = decoder.openedRgb();
        pixels = new byte[3 * size.width() * size.height()];
        view = ByteBuffer.wrap(pixels);
    }

    /**
     * Finds out what a file is. Decodes the first frame, and reads the file to its end if it has no index.
     *
     * @param file as for {@link #open}
     * @return its description
     * @throws IOException if it cannot be read, has no frame that can be decoded, its frames are larger than
     *     {@value FrameSize#MAX_SIDE} pixels a side, or takes more than the limits allow; the message names the file and the
     *     reason
     */
    public static SourceInfo probe(Path file) throws IOException {
        return probe(file, DecodingLimits.STANDARD, DecoderInstallation.command());
    }

    static SourceInfo probe(Path file, DecodingLimits limits, List<String> command) throws IOException {
        try (DecoderProcess decoder = start(file, new WantedFrames.Info(), limits, command)) {
            return decoder.info();
        }
    }

    /**
     * Opens a file.
     *
     * @param file MP4, MOV, Matroska, WebM, AVI, MPEG transport stream, GIF, JPEG, PNG, WebP or another common format
     * @param size of the frames that are given
     * @param fit how they are brought to it
     * @return the reader, before the first frame
     * @throws IOException as {@link #probe}
     */
    public static SourceReader open(Path file, FrameSize size, Fit fit) throws IOException {
        return open(file, size, fit, DecodingLimits.STANDARD, DecoderInstallation.command());
    }

    static SourceReader open(Path file, FrameSize size, Fit fit, DecodingLimits limits, List<String> command)
            throws IOException {
        DecoderProcess decoder = start(file, new WantedFrames.Rgb(size, fit), limits, command);
        try {
            return new SourceReader(file, decoder, size);
        } catch (IOException | RuntimeException | Error e) {
            decoder.close();
            throw e;
        }
    }

    private static DecoderProcess start(Path file, WantedFrames wanted, DecodingLimits limits, List<String> command)
            throws IOException {
        DecodingRequest request = new DecodingRequest(Ffmpeg.url(file), PictureFormat.of(file), wanted, limits);
        return DecoderProcess.start(file, request, command);
    }

    /** {@return the size of the frames that are given} */
    public FrameSize size() {
        return size;
    }

    /**
     * Leaves out the frames before a time: the next one is the first whose time is not before it. Those left out are
     * decoded, but neither converted nor copied. A time before the current frame changes nothing.
     *
     * @param earliest as {@link #time} tells it
     */
    public void skipTo(Duration earliest) {
        from = earliest;
    }

    /**
     * Gives the next frame.
     *
     * @return the frame, whose buffer is used again by the next call; empty after the last one
     * @throws IOException if the frame cannot be converted, or the file takes more than the limits allow
     */
    public Optional<VideoFrame> next() throws IOException {
        time = null;
        while (true) {
            Optional<LumaReader.DecodedFrame> decoded = decoder.next();
            if (decoded.isEmpty()) {
                return Optional.empty();
            }
            Duration shown = duration(decoded.get().second());
            if (shown.compareTo(from) >= 0) {
                decoder.convert(0, pixels);
                time = shown;
                return Optional.of(new VideoFrame(size.width(), size.height(), view));
            }
        }
    }

    /** To the microsecond, in which containers count: what is finer comes from arithmetic. */
    private static Duration duration(double seconds) {
        return Duration.ofNanos(1000 * Math.round(Math.min(seconds, 1e8) * 1e6));
    }

    /**
     * Tells when the frame is shown.
     *
     * @return counted as players do, from the start of the file's first track, to the microsecond; it never goes back
     * @throws IllegalStateException if there is no frame
     */
    public Duration time() {
        if (time == null) {
            throw new IllegalStateException(file + ": no frame");
        }
        return time;
    }

    /** {@return how long a frame is shown, by the track's mean rate; 40 ms for a picture} */
    public Duration frameDuration() {
        return duration(frameSeconds);
    }

    /** Ends the process. */
    @Override
    public void close() throws IOException {
        decoder.close();
    }
}
