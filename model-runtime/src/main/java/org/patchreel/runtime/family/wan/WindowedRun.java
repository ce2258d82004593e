package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.KeptWindows;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.family.wan.vae.FrameDecoder;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

/**
 * Makes a clip window after window: each is sampled, or taken from where it was kept, then decoded and pushed before the next
 * one is begun. What is held in memory does not depend on the number of windows. For one clip and one thread.
 */
final class WindowedRun {

    /** Samples the latents of one window. */
    @FunctionalInterface
    interface Sampler {

        /**
         * Samples a window.
         *
         * @param index of the window, from 0
         * @param before the windows before this one
         * @param done denoising steps of the clip that are done
         * @param scope will own the result, and what it takes to make it
         * @return (1, z, F, h, w), normalised, all latent frames of the window
         */
        NDArray sample(int index, Before before, StepProgress done, NDManager scope)
                throws GenerationException, GenerationCancelledException;
    }

    /** Called after each denoising step of a window with the number of its steps done. */
    @FunctionalInterface
    interface StepProgress {
        void done(int step);
    }

    /**
     * What the next window may start from.
     *
     * @param run the window before; empty for the first one
     * @param latents of that window, (1, z, F, h, w)
     * @param lastFrame of the clip so far, (1, 3, 1, H, W) in [-1, 1]
     * @param opening latents of the first window, likewise
     */
    record Before(
            Optional<WindowPlan.Run> run,
            Optional<NDArray> latents,
            Optional<NDArray> lastFrame,
            Optional<NDArray> opening) {

        static final Before NOTHING =
                new Before(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** {@return the last of its latent frames, from an index of the clip on; empty if there is no window before} */
        Optional<NDArray> tail(int first) {
            return run.map(before -> latents.orElseThrow().get(":, :, " + (first - before.first()) + ":"));
        }
    }

    private final WindowPlan plan;
    private final VideoFormat format;
    private final int steps;
    private final VideoAutoencoder vae;
    private final Optional<Tiling> tiling;
    private final FrameSink frames;
    private final GenerationMonitor monitor;
    private int pushed;

    /**
     * Prepares a run.
     *
     * @param plan of the clip
     * @param format of the clip
     * @param steps of denoising for each window
     * @param vae decodes the latents
     * @param tiling of the pictures; empty for none
     * @param frames takes the frames; not closed here
     * @param monitor receives progress, and says whether to stop
     */
    WindowedRun(
            WindowPlan plan,
            VideoFormat format,
            int steps,
            VideoAutoencoder vae,
            Optional<Tiling> tiling,
            FrameSink frames,
            GenerationMonitor monitor) {
        this.plan = plan;
        this.format = format;
        this.steps = steps;
        this.vae = vae;
        this.tiling = tiling;
        this.frames = frames;
        this.monitor = monitor;
    }

    /**
     * Makes the clip.
     *
     * @param latents shape of a whole clip's latents, of which the number of frames is not used
     * @param kept finished windows, of an earlier try and of this one
     * @param sampler makes those that are not kept
     * @param scope holds what one window leaves to the next, and nothing in the end
     */
    void run(Shape latents, KeptWindows kept, Sampler sampler, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        int windows = plan.runs().size();
        int total = windows * steps;
        int resumed = kept.leading(windows) * steps;
        Before before = Before.NOTHING;
        @Nullable NDArray opening = null;
        NDManager held = scope.newSubManager();
        try (NDManager whole = scope.newSubManager();
                Decoders decoders = new Decoders()) {
            for (int i = 0; i < windows; i++) {
                WindowPlan.Run run = plan.runs().get(i);
                int first = i * steps;
                StepProgress progress = step -> monitor.progress(
                        new GenerationProgress(Stage.SAMPLING, Math.max(resumed, first + step), total));
                progress.done(0);
                NDManager next = scope.newSubManager();
                try (NDManager window = scope.newSubManager()) {
                    Shape shape = new Shape(1, latents.get(1), run.count(), latents.get(3), latents.get(4));
                    Optional<NDArray> found = kept.load(i, shape, window);
                    NDArray sampled;
                    if (found.isPresent()) {
                        sampled = found.get();
                    } else {
                        sampled = sampler.sample(i, before, progress, window);
                        kept.keep(i, sampled);
                    }
                    NDArray last = decode(sampled, run, decoders, next);
                    sampled.attach(next);
                    if (i == 0 && windows > 1) {
                        opening = sampled.duplicate();
                        opening.attach(whole);
                    }
                    before = new Before(
                            Optional.of(run), Optional.of(sampled), Optional.of(last), Optional.ofNullable(opening));
                } catch (GenerationException | GenerationCancelledException | RuntimeException | Error e) {
                    next.close();
                    throw e;
                }
                held.close();
                held = next;
            }
        } finally {
            held.close();
        }
    }

    /** The decoder of the window: one for all of them, but that windows which start from an image are clips of their own. */
    private final class Decoders implements AutoCloseable {
        private FrameDecoder current = vae.decoder(format.size(), tiling);

        FrameDecoder of(WindowPlan.Run run) {
            if (plan.method() == Method.CHAINED && run.known() > 0) {
                current.close();
                current = vae.decoder(format.size(), tiling);
            }
            return current;
        }

        @Override
        public void close() {
            current.close();
        }
    }

    /** Decodes latent frame by latent frame and pushes the frames that are new; the last one stays in the scope. */
    private NDArray decode(NDArray latents, WindowPlan.Run run, Decoders decoders, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        FrameDecoder decoder = decoders.of(run);
        boolean again = plan.method() == Method.CHAINED; // the decoder needs what it has decoded for the window before
        monitor.progress(new GenerationProgress(Stage.DECODING, pushed, format.frameCount()));
        @Nullable NDArray last = null;
        for (int i = again ? 0 : run.known(); i < run.count(); i++) {
            monitor.checkCancelled();
            try (NDManager chunk = scope.newSubManager()) {
                NDArray latent = latents.get(":, :, " + i + ":" + (i + 1));
                latent.attach(chunk);
                NDArray pixels = decoder.next(latent, monitor, chunk);
                if (i >= run.known()) {
                    push(decoder.toBytes(pixels, chunk));
                }
                if (i == run.count() - 1) {
                    last = pixels.get(":, :, -1:").duplicate();
                    last.attach(scope);
                }
            }
            monitor.progress(new GenerationProgress(Stage.DECODING, pushed, format.frameCount()));
        }
        if (last == null) {
            throw new IllegalStateException("a window without a frame of its own: " + run);
        }
        return last;
    }

    /** Pushes (T, H, W, 3) as T frames. */
    private void push(NDArray bytes) throws GenerationException {
        ByteBuffer rgb = bytes.toByteBuffer(true);
        int frameBytes = 3 * format.width() * format.height();
        int count = Math.toIntExact(bytes.getShape().get(0));
        try {
            for (int i = 0; i < count; i++) {
                frames.accept(new VideoFrame(format.width(), format.height(), rgb.slice(i * frameBytes, frameBytes)));
            }
        } catch (IOException e) {
            throw new GenerationException(Reason.ENCODING, "the clip cannot be written: " + e.getMessage(), e);
        }
        pushed += count;
    }
}
