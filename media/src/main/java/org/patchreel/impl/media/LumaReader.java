package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;

/**
 * Reads the luma of a video or a picture, one frame after the other, scaled to a short side: by area averages where it
 * shrinks, which keeps faint patterns free of aliases. The file may come from anywhere: it is decoded in a process of its
 * own with limits on memory and time, as one of the common formats, references to other files are not followed, frames are
 * at most {@value FrameSize#MAX_SIDE} pixels a side, and damaged parts are left out. Interrupting the thread that reads ends
 * the process. Used by one thread.
 */
public final class LumaReader implements AutoCloseable {
    private final Path file;
    private final DecoderProcess decoder;
    private final FrameSize nativeSize;
    private final List<FrameSize> sizes;
    private final double frameSeconds;
    private final byte[] @Nullable [] luma;
    private @Nullable DecodedFrame frame;

    /** A frame's time and whether it was coded without reference to others. */
    record DecodedFrame(double second, boolean intra) {}

    private LumaReader(Path file, DecoderProcess decoder, List<LumaSize> wanted) throws IOException {
        this.file = file;
        this.decoder = decoder;
        DecoderProcess.Opened opened = decoder.opened(wanted);
        nativeSize = opened.nativeSize();
        sizes = opened.sizes();
        luma = new byte[sizes.size()][];
        frameSeconds = opened.frameSeconds();
    }

    /**
     * Opens a file.
     *
     * @param file MP4, MOV, Matroska, WebM, AVI, MPEG transport stream, GIF, JPEG, PNG, WebP or another common format
     * @param shortSide of the frames that {@link #luma} gives, in pixels; smaller frames keep their size
     * @param maxLongSide of the frames, in pixels; frames that would be longer become smaller
     * @return the reader, before the first frame
     * @throws IOException if it cannot be read, has no video that can be decoded or takes more than the limits allow; the
     *     message names the file and the reason
     */
    public static LumaReader open(Path file, int shortSide, int maxLongSide) throws IOException {
        return open(file, shortSide, maxLongSide, DecodingLimits.STANDARD, DecoderInstallation.command());
    }

    static LumaReader open(Path file, int shortSide, int maxLongSide, DecodingLimits limits, List<String> command)
            throws IOException {
        return open(file, List.of(new LumaSize(shortSide, maxLongSide)), limits, command);
    }

    /**
     * Decodes a file once, for one or several listeners.
     *
     * @param file as for {@link #open}
     * @param listeners 1 to 4; each frame is given to them in this order
     * @throws IOException as {@link #open}, {@link #advance} and {@link #luma}
     */
    public static void read(Path file, List<? extends LumaListener> listeners) throws IOException {
        List<LumaSize> sizes = listeners.stream().map(LumaListener::wanted).toList();
        DecodingLimits limits = DecodingLimits.STANDARD.shared(listeners.size());
        try (LumaReader reader = open(file, sizes, limits, DecoderInstallation.command())) {
            for (int i = 0; i < listeners.size(); i++) {
                listeners.get(i).begin(reader.nativeSize, reader.sizes.get(i));
            }
            while (reader.advance()) {
                for (int i = 0; i < listeners.size(); i++) {
                    listeners.get(i).accept(reader.view(i));
                }
            }
        }
    }

    private static LumaReader open(Path file, List<LumaSize> sizes, DecodingLimits limits, List<String> command)
            throws IOException {
        DecodingRequest request =
                new DecodingRequest(Ffmpeg.url(file), PictureFormat.of(file), new WantedFrames.Luma(sizes), limits);
        DecoderProcess decoder = DecoderProcess.start(file, request, command);
        try {
            return new LumaReader(file, decoder, sizes);
        } catch (IOException | RuntimeException | Error e) {
            decoder.close();
            throw e;
        }
    }

    /** {@return the size of the frames in the file} */
    public FrameSize nativeSize() {
        return nativeSize;
    }

    /** {@return the size of the frames that {@link #luma} gives} */
    public FrameSize size() {
        return sizes.get(0);
    }

    /**
     * Decodes the next frame.
     *
     * @return false after the last one
     * @throws IOException if a frame cannot be used, or the file takes more than the limits allow
     */
    public boolean advance() throws IOException {
        Arrays.fill(luma, null);
        frame = decoder.next().orElse(null);
        return frame != null;
    }

    /** {@return the frame's time as players show it, from the start of the file's first track; it never goes back} */
    public Duration time() {
        return Duration.ofNanos((long) (Math.min(current().second(), 1e8) * 1e9));
    }

    /** {@return how long a frame is shown, by the track's mean rate} */
    public Duration frameDuration() {
        return Duration.ofNanos((long) (frameSeconds * 1e9));
    }

    /** {@return whether the frame was coded without reference to others} */
    public boolean isIntra() {
        return current().intra();
    }

    /**
     * Gives the frame's luma.
     *
     * @return a byte a pixel, row by row without padding; the same array until {@link #advance}
     * @throws IOException if its pixel format is unknown, or the file takes more than the limits allow
     * @throws IllegalStateException if there is no frame
     */
    public byte[] luma() throws IOException {
        return luma(0);
    }

    private byte[] luma(int index) throws IOException {
        current();
        byte[] pixels = luma[index];
        if (pixels == null) {
            pixels = decoder.luma(index, sizes.get(index));
            luma[index] = pixels;
        }
        return pixels;
    }

    private LumaFrame view(int index) {
        return new LumaFrame() {
            @Override
            public Duration time() {
                return LumaReader.this.time();
            }

            @Override
            public Duration duration() {
                return frameDuration();
            }

            @Override
            public boolean isIntra() {
                return LumaReader.this.isIntra();
            }

            @Override
            public byte[] luma() throws IOException {
                return LumaReader.this.luma(index);
            }
        };
    }

    private DecodedFrame current() {
        if (frame == null) {
            throw new IllegalStateException(file + ": no frame");
        }
        return frame;
    }

    /** Ends the process. */
    @Override
    public void close() throws IOException {
        decoder.close();
    }
}
