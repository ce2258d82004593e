package org.patchreel.benchmarks.watermark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.ClipInfo;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.impl.watermark.MarkId;
import org.patchreel.impl.watermark.MarkingFrames;
import org.patchreel.impl.watermark.WatermarkEmbedder;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * A clip that was marked as the pipeline does it: scaled to a format that the product makes if it has none, marked,
 * encoded by the product's encoder at its default quality.
 *
 * @param format of the marked clip
 * @param marking strength and visibility
 * @param picture a frame marked, unmarked, and their difference
 * @param fingerprint of the marked frames
 */
record MarkedClip(VideoFormat format, ClipResult.Marking marking, BufferedImage picture, Fingerprint fingerprint) {

    /**
     * Marks a clip.
     *
     * @param embedder with the key
     * @param id to embed
     * @param clip an MP4 file
     * @param marked is written
     * @return what was measured
     * @throws IOException if the clip cannot be read, has no format that could be made of it, or the file cannot be written
     */
    static MarkedClip make(WatermarkEmbedder embedder, MarkId id, Path clip, Path marked) throws IOException {
        long start = System.nanoTime();
        try (ClipReader reader = ClipReader.open(clip)) {
            VideoFormat format = format(clip, reader.info());
            FingerprintingSink fingerprinting =
                    new FingerprintingSink(format, VideoEncoders.standard().open(marked, format));
            Comparison comparison = new Comparison(format, fingerprinting);
            MarkingFrames marker = embedder.mark(id, format, comparison);
            try (FrameSink scaler = new FrameScaler(format.size(), new Unmarked(comparison, marker))) {
                for (int i = 0; i < format.frameCount(); i++) {
                    Optional<VideoFrame> frame = reader.next();
                    if (frame.isEmpty()) {
                        throw new IOException(clip + ": ends after " + i + " of " + format.frameCount() + " frames");
                    }
                    scaler.accept(frame.get());
                }
            }
            return new MarkedClip(
                    format,
                    comparison.marking(marker.meanStrength(), (System.nanoTime() - start) / 1e9),
                    comparison.picture(),
                    fingerprinting.fingerprint());
        }
    }

    /** The format nearest above the clip's size that the product makes, and nearest below its length. */
    private static VideoFormat format(Path clip, ClipInfo info) throws IOException {
        FrameSize size = info.size();
        long frames = Math.min(info.frameCount(), VideoFormat.MAX_FRAMES);
        int rate = (int) Math.round(info.frameRate());
        if (frames < 1 || rate < 1 || rate > 120) {
            throw new IOException(clip + ": " + frames + " frames, " + info.frameRate() + " a second");
        }
        return new VideoFormat(
                (size.width() + 15) / 16 * 16, (size.height() + 15) / 16 * 16, (int) ((frames - 1) / 4 * 4 + 1), rate);
    }

    /** Keeps the luma of what is about to be marked. */
    private static final class Unmarked extends ForwardingFrameSink {
        private final Comparison comparison;

        Unmarked(Comparison comparison, FrameSink next) {
            super(next);
            this.comparison = comparison;
        }

        @Override
        public void accept(VideoFrame frame) throws IOException {
            comparison.expect(frame);
            super.accept(frame);
        }
    }

    /** Compares marked frames, which may come late, with the unmarked ones, and hands them on. */
    private static final class Comparison extends ForwardingFrameSink {
        private final VideoFormat format;
        private final PictureQuality quality = new PictureQuality();
        private final Deque<byte[]> unmarked = new ArrayDeque<>();
        private int expected;
        private int frames;
        private @Nullable BufferedImage before;
        private @Nullable BufferedImage picture;

        Comparison(VideoFormat format, FrameSink next) {
            super(next);
            this.format = format;
        }

        void expect(VideoFrame frame) {
            if (expected++ == format.frameCount() / 2) {
                before = image(frame);
            }
            unmarked.add(PictureQuality.luma(frame));
        }

        @Override
        public void accept(VideoFrame frame) throws IOException {
            quality.add(unmarked.remove(), PictureQuality.luma(frame), frame.width());
            if (frames++ == format.frameCount() / 2 && before != null) {
                picture = DifferencePicture.of(image(frame), before);
            }
            next.accept(frame);
        }

        ClipResult.Marking marking(double alpha, double seconds) {
            return new ClipResult.Marking(alpha, quality.psnr(), quality.worstPsnr(), quality.ssim(), seconds);
        }

        BufferedImage picture() throws IOException {
            if (picture == null) {
                throw new IOException("the watermark's sink dropped frames");
            }
            return picture;
        }

        private static BufferedImage image(VideoFrame frame) {
            BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
            ByteBuffer rgb = frame.rgb().duplicate();
            for (int y = 0; y < frame.height(); y++) {
                for (int x = 0; x < frame.width(); x++) {
                    image.setRGB(x, y, (rgb.get() & 255) << 16 | (rgb.get() & 255) << 8 | (rgb.get() & 255));
                }
            }
            return image;
        }
    }
}
