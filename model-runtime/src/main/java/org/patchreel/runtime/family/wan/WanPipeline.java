package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.Resident;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.family.wan.text.PromptCleaner;
import org.patchreel.runtime.family.wan.text.TokenIds;
import org.patchreel.runtime.torch.FiniteNumbers;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.family.wan.vae.FrameDecoder;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** From a prompt to frames: encode the prompt, denoise, decode. For one thread at a time. */
final class WanPipeline implements Resident {
    private final WanCheckpoint checkpoint;
    private final Placement placement;
    private final FrameGrid grid;
    private final GenerationDefaults defaults;
    private final Denoiser denoiser;
    private final Optional<Tiling> tiling;

    /**
     * Creates a pipeline.
     *
     * @param checkpoint closed with the pipeline
     * @param placement of the transformer
     * @param options see {@link RuntimeOptions}
     * @throws IOException if the checkpoint's defaults cannot be read
     */
    WanPipeline(WanCheckpoint checkpoint, Placement placement, RuntimeOptions options) throws IOException {
        this.checkpoint = checkpoint;
        this.placement = placement;
        this.grid = WanFamily.grid(
                checkpoint.transformer().config(), checkpoint.vae().config());
        this.defaults = GenerationDefaults.read(checkpoint.index(), grid);
        this.denoiser = new Denoiser(checkpoint, options.batchedGuidance());
        this.tiling = options.tiling();
    }

    @Override
    public long bytes() {
        return checkpoint.bytes();
    }

    @Override
    public void close() {
        checkpoint.close();
    }

    @Override
    public void generate(ModelTask task, FrameSink frames, GenerationMonitor monitor)
            throws IOException, GenerationException, GenerationCancelledException {
        try (NDManager scope = TorchEngine.newManager(placement.device())) {
            monitor.progress(new GenerationProgress(Stage.ENCODING_PROMPT, 0, 1));
            double scale = task.sampling().guidanceScale();
            Conditioning conditioning = new Conditioning(
                    encode("prompt", task.prompt(), monitor, scope),
                    scale == 1
                            ? Optional.empty()
                            : Optional.of(encode("negative prompt", task.negativePrompt(), monitor, scope)),
                    Optional.empty(),
                    imageCondition(task, monitor, scope));
            monitor.progress(new GenerationProgress(Stage.ENCODING_PROMPT, 1, 1));

            int steps = task.sampling().steps();
            monitor.progress(new GenerationProgress(Stage.SAMPLING, 0, steps));
            NDArray noise = TorchEngine.randn(task.sampling().seed(), latents(task.format()), scope);
            NDArray latents = denoiser.denoise(
                    noise, conditioning, steps, scale, defaults.secondScale(scale), monitor, (x, i) -> {}, scope);

            decode(latents, task.format(), frames, monitor, scope);
        }
    }

    /** Shape of the latents of a clip: (1, z, F, h, w). */
    private Shape latents(VideoFormat format) {
        VaeConfig vae = checkpoint.vae().config();
        return new Shape(
                1,
                vae.zDim(),
                grid.latentFrames(format.frameCount()),
                format.height() / vae.scaleFactorSpatial(),
                format.width() / vae.scaleFactorSpatial());
    }

    /** States of the text encoder for a prompt, (1, K, width). */
    NDArray encode(String prompt, NDManager scope) throws IOException, GenerationException {
        return encode("prompt", prompt, GenerationMonitor.UNWATCHED, scope);
    }

    private NDArray encode(String name, String prompt, GenerationMonitor monitor, NDManager scope)
            throws IOException, GenerationException {
        TokenIds tokens = checkpoint.tokenizer().encode(PromptCleaner.clean(prompt));
        if (tokens.dropped() > 0) {
            monitor.note("the " + name + " is longer than the model reads: the last " + tokens.dropped() + " of its "
                    + (tokens.length() - 1 + tokens.dropped()) + " tokens (parts of words) had no effect");
        }
        NDArray states = checkpoint.textEncoder().encode(tokens, scope);
        FiniteNumbers.require(
                states,
                "the text encoder",
                "its weights may be damaged (compare their digests with the publisher's), or precision bf16 too narrow"
                        + " (try fp32)");
        return states;
    }

    private ImageCondition imageCondition(ModelTask task, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        if (task.firstFrame().isEmpty()) {
            return new ImageCondition.None();
        }
        VideoFrame frame = task.firstFrame().get();
        NDArray bytes = scope.create(frame.rgb(), new Shape(frame.height(), frame.width(), 3), DataType.UINT8);
        NDArray image = bytes.toType(DataType.FLOAT32, true)
                .div(127.5)
                .sub(1)
                .transpose(2, 0, 1)
                .reshape(1, 3, 1, frame.height(), frame.width());
        return imageCondition(image, task.format().frameCount(), monitor, scope);
    }

    /**
     * A first frame as condition.
     *
     * @param image (1, 3, 1, H, W) in [-1, 1]
     * @param frameCount of the clip
     */
    ImageCondition imageCondition(NDArray image, int frameCount, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        if (checkpoint.index().expandTimesteps()) {
            return new ImageCondition.FirstFrame(checkpoint.vae().encode(image, tiling, monitor, scope));
        }
        Shape shape = image.getShape();
        NDArray video = frameCount == 1
                ? image
                : NDArrays.concat(
                        new NDList(image, scope.zeros(new Shape(1, 3, frameCount - 1L, shape.get(3), shape.get(4)))),
                        2);
        NDArray latents = checkpoint.vae().encode(video, tiling, monitor, scope);
        // One mask channel for each frame of a latent frame: 1 where it is given. The first latent frame has one frame,
        // which counts for all.
        Shape mask = new Shape(
                1,
                checkpoint.vae().config().scaleFactorTemporal(),
                latents.getShape().get(2),
                latents.getShape().get(3),
                latents.getShape().get(4));
        NDArray given = scope.ones(new Shape(1, mask.get(1), 1, mask.get(3), mask.get(4)));
        NDArray masks = mask.get(2) == 1
                ? given
                : NDArrays.concat(
                        new NDList(
                                given,
                                scope.zeros(new Shape(1, mask.get(1), mask.get(2) - 1, mask.get(3), mask.get(4)))),
                        2);
        return new ImageCondition.Channels(NDArrays.concat(new NDList(masks, latents), 1));
    }

    /** Decodes latent frame by latent frame and pushes the frames; none is kept. */
    private void decode(
            NDArray latents, VideoFormat format, FrameSink frames, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        int done = 0;
        monitor.progress(new GenerationProgress(Stage.DECODING, done, format.frameCount()));
        try (FrameDecoder decoder = checkpoint.vae().decoder(latents, tiling)) {
            while (decoder.hasNext()) {
                monitor.checkCancelled();
                try (NDManager chunk = scope.newSubManager()) {
                    NDArray bytes = decoder.toBytes(decoder.next(monitor, chunk), chunk);
                    ByteBuffer rgb = bytes.toByteBuffer(true);
                    int frameBytes = 3 * format.width() * format.height();
                    for (int i = 0; i < bytes.getShape().get(0); i++) {
                        frames.accept(
                                new VideoFrame(format.width(), format.height(), rgb.slice(i * frameBytes, frameBytes)));
                        done++;
                    }
                } catch (IOException e) {
                    throw new GenerationException(Reason.ENCODING, "the clip cannot be written: " + e.getMessage(), e);
                }
                monitor.progress(new GenerationProgress(Stage.DECODING, done, format.frameCount()));
            }
        }
    }
}
