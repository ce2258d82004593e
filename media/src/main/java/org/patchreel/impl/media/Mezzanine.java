package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/**
 * A clip made ready for editing: a QuickTime movie with a timecode track. The pictures go from the clip's 4:2:0 to 4:2:2
 * without a detour by RGB, in the same range and by the same matrix.
 *
 * @param codec of the pictures
 * @param format of the clip
 * @param repeat how many frames of the movie show one frame of the clip, so that a clip of 8 frames per second becomes a
 *     movie of 24
 * @param timecode of the first frame, {@code HH:MM:SS:FF}, non-drop
 * @param reel name of the reel in the timecode track
 */
public record Mezzanine(MezzanineCodec codec, VideoFormat format, int repeat, String timecode, String reel) {

    /** Receives the progress, frame by frame. */
    public interface Progress {
        /**
         * Takes note, or ends the work.
         *
         * @param done frames of the clip that are written
         * @throws InterruptedException if the work is to end
         */
        void frame(int done) throws InterruptedException;
    }

    /**
     * Makes the movie.
     *
     * @param clip an MP4 file of the format
     * @param movie is made, or replaced; after a failure there is none
     * @param progress called after each frame
     * @throws IllegalArgumentException if the frames are too small for the codec
     * @throws IOException if the clip cannot be decoded or is not of the format, or the movie cannot be written; the message
     *     names the file and the reason
     * @throws InterruptedException if the progress said so
     */
    public void write(Path clip, Path movie, Progress progress) throws IOException, InterruptedException {
        codec.checkSize(format.size());
        Ffmpeg.load();
        MovieFile.Layout layout = new MovieFile.Layout(
                "mov",
                format.size(),
                format.frameRate().times(repeat),
                codec.pixelFormat(),
                false,
                Map.of("timecode", timecode, "reel_name", reel),
                Map.of());
        try (TrackDecoder track = TrackDecoder.mp4(clip);
                Picture picture = new Picture(format.size(), codec.pixelFormat());
                MovieFile file = new MovieFile(
                        movie,
                        layout,
                        avcodec.avcodec_find_encoder_by_name(codec.ffmpegName()),
                        codec.ffmpegName(),
                        codec.configuration())) {
            int frames = transcode(track, picture, file, clip, progress);
            if (frames != format.frameCount()) {
                throw new MediaException(clip, "has " + frames + " frames instead of " + format.frameCount());
            }
            file.complete();
        }
    }

    private int transcode(TrackDecoder track, Picture picture, MovieFile file, Path clip, Progress progress)
            throws IOException, InterruptedException {
        int frames = 0;
        @Nullable ColorConverter converter = null;
        try {
            int pixelFormat = avutil.AV_PIX_FMT_NONE;
            for (AVFrame decoded = track.next(); decoded != null; decoded = track.next()) {
                checkSize(decoded, clip);
                if (converter == null) {
                    pixelFormat = decoded.format();
                    converter = ColorConverter.between(
                            format.size(),
                            pixelFormat,
                            codec.pixelFormat(),
                            decoded.color_range() == avutil.AVCOL_RANGE_JPEG);
                } else if (pixelFormat != decoded.format()) {
                    throw new MediaException(clip, "the pixel format changes within the clip");
                }
                picture.makeWritable();
                converter.convert(decoded, picture.frame());
                avutil.av_frame_unref(decoded);
                for (int i = 0; i < repeat; i++) {
                    file.write(picture.frame());
                }
                progress.frame(++frames);
            }
            return frames;
        } finally {
            if (converter != null) {
                converter.close();
            }
        }
    }

    private void checkSize(AVFrame decoded, Path clip) throws IOException {
        FrameSize size = format.size();
        if (decoded.width() != size.width() || decoded.height() != size.height()) {
            throw new MediaException(
                    clip, "a frame of " + decoded.width() + "x" + decoded.height() + " in a clip of " + size);
        }
    }
}
