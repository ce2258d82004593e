package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.LumaReader;

/**
 * The residuals of a file, summed over short stretches of time, those of the frames coded on their own also apart: where
 * the camera moves, it is they that keep the mark. Memory is bounded whatever the file's length: when there are too many
 * stretches, neighbours become one.
 */
final class ClipResiduals {
    private static final int MAX_STRETCHES = 48;
    private static final int MAX_FRAMES = 60_000;
    private static final double SAMPLES_PER_SECOND = 16;
    private static final int LEAST_SAMPLES = 48;

    final FrameSize nativeSize;
    final int width;
    final int height;
    final List<Stretch> stretches = new ArrayList<>();
    Duration end = Duration.ZERO;

    /** Sums over a stretch of time. */
    static final class Stretch {
        final float[] all;
        final float[] intra;
        int frames;
        int intraFrames;
        double start;
        double end;

        Stretch(int size, double start) {
            all = new float[size];
            intra = new float[size];
            this.start = start;
            this.end = start;
        }

        void add(Stretch later) {
            for (int i = 0; i < all.length; i++) {
                all[i] += later.all[i];
                intra[i] += later.intra[i];
            }
            frames += later.frames;
            intraFrames += later.intraFrames;
            end = Math.max(end, later.end);
        }
    }

    private ClipResiduals(FrameSize nativeSize, FrameSize size) {
        this.nativeSize = nativeSize;
        width = size.width();
        height = size.height();
    }

    /**
     * Reads a file.
     *
     * @param file a video or a picture
     * @return its residuals
     * @throws IOException if it has no frame that can be decoded
     */
    static ClipResiduals read(Path file) throws IOException {
        try (LumaReader reader = LumaReader.open(file, WorkingGrid.SHORT_SIDE, WorkingGrid.MAX_LONG_SIDE)) {
            ClipResiduals clip = new ClipResiduals(reader.nativeSize(), reader.size());
            clip.readAll(reader);
            if (clip.stretches.isEmpty()) {
                throw new IOException(file + ": no frame can be decoded");
            }
            return clip;
        }
    }

    private void readAll(LumaReader reader) throws IOException {
        Residual residual = new Residual(width, height);
        double length = 1; // of a stretch, in seconds
        double nextSample = 0;
        int samples = 0;
        Stretch current = new Stretch(width * height, 0);
        float[] single = new float[width * height];
        for (int frame = 0; frame < MAX_FRAMES && reader.advance(); frame++) {
            double time = reader.time().toNanos() / 1e9;
            double frameSeconds = reader.frameDuration().toNanos() / 1e9;
            if (time - current.start >= length && current.frames > 0) {
                stretches.add(current);
                if (stretches.size() == MAX_STRETCHES) {
                    mergeNeighbours();
                    length *= 2;
                }
                current = new Stretch(width * height, time);
            }
            current.end = Math.max(current.end, time + frameSeconds);
            boolean intra = reader.isIntra();
            if (intra || samples < LEAST_SAMPLES || time >= nextSample) {
                java.util.Arrays.fill(single, 0);
                residual.addTo(reader.luma(), single);
                add(single, current.all);
                current.frames++;
                samples++;
                nextSample = time + 1 / SAMPLES_PER_SECOND - frameSeconds / 2;
                if (intra) {
                    add(single, current.intra);
                    current.intraFrames++;
                }
            }
        }
        if (current.frames > 0) {
            stretches.add(current);
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
            Stretch stretch = stretches.get(i);
            if (i + 1 < stretches.size()) {
                stretch.add(stretches.get(i + 1));
            }
            merged.add(stretch);
        }
        stretches.clear();
        stretches.addAll(merged);
    }

    /** {@return the spectra of some stretches together: of all frames and, if it is another, of those coded alone} */
    List<Spectrum> spectra(List<Stretch> some) {
        Stretch sum = new Stretch(width * height, some.get(0).start);
        for (Stretch stretch : some) {
            sum.add(stretch);
        }
        List<Spectrum> spectra = new ArrayList<>();
        spectra.add(new Spectrum(sum.all, width, height));
        if (sum.intraFrames > 0 && sum.intraFrames < sum.frames) {
            spectra.add(new Spectrum(sum.intra, width, height));
        }
        return spectra;
    }
}
