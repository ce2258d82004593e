package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.global.avutil;
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
 * <p>Clips that stand whole at the beginning or the end ({@link KeptClip}) are not encoded again if they are files as this encoder
 * makes them, in the format of the clip: their coded frames are copied, and decode to the same pixels. Encoded frames after them
 * begin with a frame with which decoding can begin.
 *
 * <p>The file is complete when {@link #close()} has returned without an exception. After a failure, and when closed
 * before the format's last frame, the file is deleted.
 */
public final class Mp4Encoder implements FrameSink {
    private final Path file;
    private final VideoFormat format;
    private final List<KeptClip> kept;
    private final NativeScope scope = new NativeScope();
    private final Picture rgb;
    private final Picture yuv;
    private final ColorConverter converter;
    private final MovieFile movie;
    private int come;
    private boolean failed;
    private boolean closed;

    Mp4Encoder(
            Path file,
            VideoFormat format,
            List<KeptClip> kept,
            Map<String, String> metadata,
            Encoder encoder,
            int quality)
            throws IOException {
        this.file = file;
        this.format = format;
        this.kept = List.copyOf(kept);
        for (KeptClip clip : kept) {
            if (clip.first() != 0 && clip.first() + clip.frames() != format.frameCount()) {
                throw new IllegalArgumentException(clip + " is amid a clip of " + format.frameCount() + " frames");
            }
        }
        Ffmpeg.load();
        try {
            rgb = new Picture(format.size(), avutil.AV_PIX_FMT_RGB24);
            scope.onClose(rgb::close);
            yuv = new Picture(format.size(), avutil.AV_PIX_FMT_YUV420P);
            scope.onClose(yuv::close);
            converter = ColorConverter.toYuv420p(format.size());
            scope.onClose(converter::close);
            movie = open(metadata, encoder, quality);
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
        try {
            copyFrom(0);
        } catch (IOException | RuntimeException | Error e) {
            try (scope;
                    movie) {
                throw e;
            }
        }
    }

    private MovieFile open(Map<String, String> metadata, Encoder encoder, int quality) throws IOException {
        if ((long) format.width() * format.height() > encoder.maxPixels()) {
            throw new MediaException(
                    file,
                    encoder.ffmpegName() + " takes frames of at most " + encoder.maxPixels() + " pixels, not "
                            + format.size());
        }
        MovieFile.Layout layout = new MovieFile.Layout(
                "mp4", format.size(), format.frameRate(), avutil.AV_PIX_FMT_YUV420P, true, Map.of(), metadata);
        return new MovieFile(file, layout, encoder.find(), encoder.ffmpegName(), codec -> {
            codec.gop_size(2 * format.frameRate().nominal());
            encoder.configure(codec, quality);
        });
    }

    /** Copies the clip that begins with a frame, if there is one. */
    private void copyFrom(int frame) throws IOException {
        for (KeptClip clip : kept) {
            if (clip.first() == frame) {
                movie.copy(
                        clip.file(),
                        new VideoFormat(format.width(), format.height(), clip.frames(), format.frameRate()));
            }
        }
    }

    /**
     * Encodes a frame, unless it is copied with those of a clip that is kept.
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
        frame.checkSize(format.size());
        if (come == format.frameCount()) {
            throw new IllegalStateException(file + ": more than the " + come + " frames of its format");
        }
        if (come > 0) {
            copyFrom(come);
        }
        if (come == movie.frames()) {
            rgb.fillFromMiddle(frame);
            yuv.makeWritable();
            converter.convert(rgb.frame(), yuv.frame());
            movie.write(yuv.frame());
        } // else it was copied
        come++;
        failed = false;
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
        try (scope;
                movie) {
            if (failed || come == 0) {
                return;
            }
            if (come < format.frameCount()) {
                throw new MediaException(file, "closed after " + come + " of " + format.frameCount() + " frames");
            }
            movie.complete();
        }
    }
}
