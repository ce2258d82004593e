package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.Bars;
import org.patchreel.impl.media.LumaFrame;
import org.patchreel.impl.media.LumaListener;
import org.patchreel.impl.media.LumaReader;
import org.patchreel.impl.media.LumaSize;
import org.patchreel.impl.media.PictureArea;

/**
 * The residuals of a file, summed over short stretches of time, those of the frames coded on their own also apart: where
 * the camera moves, it is they that keep the mark. There are two levels: the working grid, or the file's own size if that
 * is smaller, and half of it for pictures that were enlarged. Memory is bounded whatever the file's length: when there are
 * too many stretches, neighbours become one.
 */
final class ClipResiduals {
    /** Levels of size. */
    static final int LEVELS = 2;

    private static final int MAX_STRETCHES = 24;

    /** From this number of samples on only every second one is taken, from twice the number on every fourth, and so on. */
    private static final int SAMPLES_BEFORE_THINNING = 30_000;

    private static final double STRETCH_SECONDS = 1;
    private static final double SAMPLES_PER_SECOND = 12;
    private static final int MIN_SAMPLES = 16;

    /** Size of level 0 over that of a working grid of the whole picture; at most 1. */
    final double nativeScale;

    /** Shorter side of the file's frames in pixels. */
    final int nativeSide;

    final FrameSize[] sizes;
    final List<Stretch> stretches = new ArrayList<>();

    /** The picture without bars around it. */
    Region picture = Region.WHOLE;

    /** Sums over a stretch of time. */
    static final class Stretch {
        final float[][] all;
        final float @Nullable [][] intra;
        final int frames;
        final int intraFrames;
        final double start;
        final double end;

        Stretch(float[][] all, float @Nullable [][] intra, int frames, int intraFrames, double start, double end) {
            this.all = all;
            this.intra = intra;
            this.frames = frames;
            this.intraFrames = intraFrames;
            this.start = start;
            this.end = end;
        }

        static Stretch sum(List<Stretch> stretches) {
            Stretch first = stretches.get(0);
            float[][] all = zeros(first.all);
            float @Nullable [][] intra = null;
            int frames = 0;
            int intraFrames = 0;
            double end = first.end;
            for (Stretch stretch : stretches) {
                add(stretch.all, all);
                if (stretch.intra != null) {
                    if (intra == null) {
                        intra = zeros(first.all);
                    }
                    add(stretch.intra, intra);
                }
                frames += stretch.frames;
                intraFrames += stretch.intraFrames;
                end = Math.max(end, stretch.end);
            }
            return new Stretch(all, intra, frames, intraFrames, first.start, end);
        }
    }

    /** A part of the picture, in shares of its sides. */
    record Region(double left, double top, double right, double bottom) {
        static final Region WHOLE = new Region(0, 0, 1, 1);

        double width() {
            return right - left;
        }

        double height() {
            return bottom - top;
        }
    }

    /**
     * A part of the file, transformed.
     *
     * @param level of size
     * @param region of the picture
     * @param perspective from which the region was straightened; null if it was not
     * @param spectra of all frames and, if it is another, of those coded on their own
     */
    record Part(int level, Region region, @Nullable Perspective perspective, List<Spectrum> spectra) {}

    private ClipResiduals(FrameSize nativeFrames, FrameSize size) {
        nativeSide = Math.min(nativeFrames.width(), nativeFrames.height());
        nativeScale = (double) Math.min(size.width(), size.height()) / WorkingGrid.SHORT_SIDE;
        sizes = new FrameSize[] {size, new FrameSize(Math.max(1, size.width() / 2), Math.max(1, size.height() / 2))};
    }

    /**
     * Reads a file.
     *
     * @param file a video or a picture
     * @return its residuals
     * @throws IOException if it has no frame that can be decoded
     */
    static ClipResiduals read(Path file) throws IOException {
        Collector collector = new Collector();
        LumaReader.read(file, List.of(collector));
        return collector.residuals(file);
    }

    /** Sums the residuals of the frames of a file. Used by one thread. */
    static final class Collector implements LumaListener {
        private @Nullable ClipResiduals clip;
        private final Residual[] residuals = new Residual[LEVELS];
        private double length = STRETCH_SECONDS;
        private double nextSample;
        private int samples;
        private long candidates;
        private float[] luma = new float[0];
        private float[][] all = new float[0][];
        private float @Nullable [][] intra;
        private int frames;
        private int intraFrames;
        private boolean begun;
        private double start;
        private double end;

        @Override
        public LumaSize wanted() {
            return new LumaSize(WorkingGrid.SHORT_SIDE, WorkingGrid.MAX_LONG_SIDE);
        }

        @Override
        public void begin(FrameSize nativeSize, FrameSize size) {
            ClipResiduals made = new ClipResiduals(nativeSize, size);
            for (int level = 0; level < LEVELS; level++) {
                residuals[level] = new Residual(made.sizes[level].width(), made.sizes[level].height());
            }
            luma = new float[size.width() * size.height()];
            all = made.zeros();
            clip = made;
        }

        @Override
        public void accept(LumaFrame frame) throws IOException {
            ClipResiduals sums = Objects.requireNonNull(clip);
            double time = frame.time().toNanos() / 1e9;
            double frameSeconds = frame.duration().toNanos() / 1e9;
            if (!begun) {
                begun = true;
                start = time;
            }
            if (time - start >= length && frames > 0) {
                sums.stretches.add(new Stretch(all, intra, frames, intraFrames, start, Math.max(end, time)));
                if (sums.stretches.size() == MAX_STRETCHES) {
                    sums.mergeNeighbours();
                    length *= 2;
                }
                all = sums.zeros();
                intra = null;
                frames = 0;
                intraFrames = 0;
                start = time;
            }
            end = time + frameSeconds;
            boolean isIntra = frame.isIntra();
            boolean due = isIntra || samples < MIN_SAMPLES || time >= nextSample;
            boolean taken = due && candidates++ % (1L << (samples / SAMPLES_BEFORE_THINNING)) == 0;
            if (due) {
                nextSample = time + 1 / SAMPLES_PER_SECOND - frameSeconds / 2;
            }
            if (taken) {
                add(sums, frame.luma(), isIntra);
            }
        }

        private void add(ClipResiduals sums, byte[] pixels, boolean isIntra) {
            if (isIntra && intra == null) {
                intra = sums.zeros();
            }
            for (int i = 0; i < luma.length; i++) {
                luma[i] += pixels[i] & 0xff;
            }
            for (int level = 0; level < LEVELS; level++) {
                float[] residual = residuals[level].of(level == 0 ? pixels : sums.halved(pixels));
                ClipResiduals.add(residual, all[level]);
                if (isIntra && intra != null) {
                    ClipResiduals.add(residual, intra[level]);
                }
            }
            frames++;
            intraFrames += isIntra ? 1 : 0;
            samples++;
        }

        /**
         * Completes the sums, after the last frame. Called once.
         *
         * @param file for the message
         * @return the file's residuals
         * @throws IOException if no frame was decoded
         */
        ClipResiduals residuals(Path file) throws IOException {
            ClipResiduals sums = Objects.requireNonNull(clip);
            if (frames > 0) {
                sums.stretches.add(new Stretch(all, intra, frames, intraFrames, start, end));
            }
            if (sums.stretches.isEmpty()) {
                throw new IOException(file + ": no frame can be decoded");
            }
            for (int i = 0; i < luma.length; i++) {
                luma[i] /= Math.max(1, samples);
            }
            PictureArea area = Bars.within(luma, sums.sizes[0].width(), sums.sizes[0].height());
            sums.picture = new Region(area.left(), area.top(), area.right(), area.bottom());
            return sums;
        }
    }

    private byte[] halved(byte[] luma) {
        int width = sizes[0].width();
        int w = sizes[1].width();
        int h = sizes[1].height();
        byte[] half = new byte[w * h];
        int right = width > 1 ? 1 : 0;
        int below = sizes[0].height() > 1 ? width : 0;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int at = 2 * y * width + 2 * x;
                int sum = (luma[at] & 0xff)
                        + (luma[at + right] & 0xff)
                        + (luma[at + below] & 0xff)
                        + (luma[at + right + below] & 0xff);
                half[y * w + x] = (byte) ((sum + 2) / 4);
            }
        }
        return half;
    }

    private float[][] zeros() {
        return new float[][] {
            new float[sizes[0].width() * sizes[0].height()], new float[sizes[1].width() * sizes[1].height()]
        };
    }

    private static float[][] zeros(float[][] like) {
        return new float[][] {new float[like[0].length], new float[like[1].length]};
    }

    private static void add(float[][] from, float[][] to) {
        for (int level = 0; level < LEVELS; level++) {
            add(from[level], to[level]);
        }
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    private void mergeNeighbours() {
        List<Stretch> merged = new ArrayList<>();
        for (int i = 0; i < stretches.size(); i += 2) {
            merged.add(Stretch.sum(stretches.subList(i, Math.min(i + 2, stretches.size()))));
        }
        stretches.clear();
        stretches.addAll(merged);
    }

    /**
     * Transforms a part of the file.
     *
     * @param sum of its stretches
     * @param level of size
     * @param region of the picture
     * @return the part
     */
    Part part(Stretch sum, int level, Region region) {
        return part(sum, level, region, null);
    }

    /**
     * Transforms a part of the file.
     *
     * @param sum of its stretches
     * @param level of size
     * @param region of the picture
     * @param perspective to straighten it from; null for none
     * @return the part
     */
    Part part(Stretch sum, int level, Region region, @Nullable Perspective perspective) {
        List<Spectrum> spectra = new ArrayList<>();
        spectra.add(spectrum(crop(sum.all[level], level, region), perspective));
        if (sum.intra != null && sum.intraFrames < sum.frames) {
            spectra.add(spectrum(crop(sum.intra[level], level, region), perspective));
        }
        return new Part(level, region, perspective, spectra);
    }

    private static Spectrum spectrum(Crop crop, @Nullable Perspective perspective) {
        float[] residual = perspective == null
                ? crop.residual
                : perspective.straighten(crop.residual, crop.size.width(), crop.size.height());
        return new Spectrum(residual, crop.size.width(), crop.size.height());
    }

    /** Residuals of a region. */
    static final class Crop {
        final float[] residual;
        final FrameSize size;

        private Crop(float[] residual, FrameSize size) {
            this.residual = residual;
            this.size = size;
        }
    }

    /** {@return residuals of all frames and of those coded on their own, so that both count alike} */
    float[] allAndIntra(Stretch sum) {
        float[] all = sum.all[0];
        if (sum.intra == null || sum.intraFrames == sum.frames) {
            return all;
        }
        float[] intra = sum.intra[0];
        double squaresOfAll = 1e-9;
        double squaresOfIntra = 1e-9;
        for (int i = 0; i < all.length; i++) {
            squaresOfAll += all[i] * all[i];
            squaresOfIntra += intra[i] * intra[i];
        }
        float share = (float) Math.sqrt(squaresOfAll / squaresOfIntra);
        float[] both = new float[all.length];
        for (int i = 0; i < all.length; i++) {
            both[i] = all[i] + share * intra[i];
        }
        return both;
    }

    /** {@return a region of sums of residuals} */
    Crop crop(float[] sum, int level, Region region) {
        int width = sizes[level].width();
        int height = sizes[level].height();
        int left = (int) Math.min(width - 1, region.left * width);
        int top = (int) Math.min(height - 1, region.top * height);
        int right = (int) Math.max(left + 1, Math.min(width, region.right * width));
        int bottom = (int) Math.max(top + 1, Math.min(height, region.bottom * height));
        FrameSize size = new FrameSize(right - left, bottom - top);
        if (size.equals(sizes[level])) {
            return new Crop(sum, size);
        }
        float[] part = new float[size.width() * size.height()];
        for (int y = top; y < bottom; y++) {
            System.arraycopy(sum, y * width + left, part, (y - top) * size.width(), size.width());
        }
        return new Crop(part, size);
    }
}
