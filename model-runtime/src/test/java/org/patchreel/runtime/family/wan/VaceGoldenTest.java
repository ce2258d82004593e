package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.denoise.Denoiser;
import org.patchreel.runtime.denoise.Guidance;
import org.patchreel.runtime.denoise.Start;
import org.patchreel.runtime.denoise.TwoPasses;
import org.patchreel.runtime.denoise.VelocityField;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.family.wan.vae.FrameDecoder;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.Inpainting;
import org.patchreel.spi.VideoFrame;

/**
 * References, control and clips of which parts are made anew, against diffusers' WanVACEPipeline. Tolerances: those of the
 * vectors' authors.
 */
class VaceGoldenTest {

    private static final VideoFormat FORMAT = new VideoFormat(48, 32, 9, 16);
    private static final double ENCODED = 2e-4;
    private static final double SAMPLED = 1e-3;

    @ParameterizedTest
    @CsvSource({
        "text_only, false",
        "refs, false",
        "refs, true",
        "inpaint, false",
        "outpaint, false",
        "extend3, false",
        "first_last, false",
        "inpaint_ref, false",
        "inpaint_ref, true"
    })
    void agreesWithTheReferenceFromPicturesToFrames(String name, boolean batchedGuidance) throws Exception {
        try (Golden golden = Golden.open("pipeline_vace_wan21");
                WanCheckpoint checkpoint =
                        new WanCheckpoint(WanIndex.read(golden.folder()), Placement.CPU, TimestepGrid.CURRENT)) {
            NDManager scope = golden.manager();
            ImageCondition.Guided condition = encode(checkpoint, references(golden, name), guides(golden, name), scope);
            check(golden, name, condition);
            NDArray expected = golden.tensor(name + ".out.latents");
            int references =
                    golden.meta().path("cases").path(name).path("references").asInt();
            assertEquals(references, condition.leading());
            int steps = golden.meta().path("num_inference_steps").asInt();
            RuntimeOptions options =
                    new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, batchedGuidance, Optional.empty());
            NDArray latents = new WanPipeline(checkpoint, Placement.CPU, options)
                    .denoise(
                            golden.tensor(name + ".in.noise"),
                            Optional.empty(),
                            new Conditioning(
                                    golden.tensor("in.prompt_embeds"),
                                    Optional.of(golden.tensor("in.negative_prompt_embeds")),
                                    Optional.empty(),
                                    condition),
                            new SamplingParameters(
                                    0,
                                    steps,
                                    golden.meta().path("guidance_scale").asDouble()),
                            1,
                            (level, x) -> {
                                if (level.step() == steps - 1) {
                                    assertClose("latents with references", expected, x, SAMPLED);
                                }
                            },
                            GenerationMonitor.UNWATCHED,
                            scope);
            assertClose("latents", expected.get(":, :, " + references + ":"), latents, SAMPLED);
            if (golden.has(name + ".out.frames")) {
                assertClose("frames", golden.tensor(name + ".out.frames"), decode(checkpoint, latents, scope), SAMPLED);
            }
        }
    }

    /** As the one case whose hints are scaled, which requests cannot ask for. */
    @Test
    void agreesWithTheReferenceWhereHintsAreScaled() throws Exception {
        try (Golden golden = Golden.open("pipeline_vace_wan21");
                WanCheckpoint checkpoint =
                        new WanCheckpoint(WanIndex.read(golden.folder()), Placement.CPU, TimestepGrid.CURRENT)) {
            NDManager scope = golden.manager();
            Guides guides = new Guides(List.of(), Optional.of(clip(golden, "in.control")), Optional.empty());
            ImageCondition.Guided condition = encode(checkpoint, List.of(), guides, scope);
            check(golden, "control", condition);
            NDArray noise = golden.tensor("control.in.noise");
            JsonNode meta = golden.meta();
            try (Scheduler scheduler = checkpoint
                    .scheduler()
                    .create(meta.path("num_inference_steps").asInt(), scope)) {
                NDArray latents = Denoiser.run(
                        Start.fromNoise(noise),
                        scheduler,
                        new Guidance(
                                new TwoPasses(
                                        scaled(checkpoint, golden, "in.prompt_embeds", condition),
                                        scaled(checkpoint, golden, "in.negative_prompt_embeds", condition)),
                                meta.path("guidance_scale").asDouble()),
                        (level, x) -> {},
                        scope);
                assertClose("latents", golden.tensor("control.out.latents"), latents, SAMPLED);
                assertClose("frames", golden.tensor("control.out.frames"), decode(checkpoint, latents, scope), SAMPLED);
            }
        }
    }

    /** The second reference as diffusers has squashed it, which is as wide as the frame. */
    @Test
    void aReferenceIsPutIntoTheMiddleOfAWhitePicture() throws Exception {
        try (Golden golden = Golden.open("pipeline_vace_wan21")) {
            NDArray expected = golden.tensor("mid.ref2_canvas");
            NDArray rows = expected.get(":, 8:24").add(1).mul(127.5).add(0.5).transpose(1, 2, 0);
            NDArray canvas = ReferenceCanvas.draw(frame(rows), FORMAT.size(), golden.manager());
            assertClose("canvas", expected, canvas.squeeze(2).squeeze(0), 1e-6);
        }
    }

    private static void check(Golden golden, String name, ImageCondition.Guided condition) {
        int latents =
                (int) golden.tensor(name + ".mid.control_latents").getShape().get(1);
        assertClose(
                "condition",
                golden.tensor(name + ".mid.control_latents"),
                condition.channels().get(":, :" + latents),
                ENCODED);
        assertClose(
                "mask",
                golden.tensor(name + ".mid.control_mask"),
                condition.channels().get(":, " + latents + ":"),
                0);
    }

    private static ImageCondition.Guided encode(
            WanCheckpoint checkpoint, List<NDArray> references, Guides guides, NDManager scope) throws Exception {
        FrameGrid grid = WanFamily.positions(
                checkpoint.transformer().config(), checkpoint.vae().config());
        return new GuideEncoder(checkpoint.vae(), grid, Optional.empty())
                .encode(pixels(references), guides, new TreeMap<>(), FORMAT, GenerationMonitor.UNWATCHED, scope);
    }

    private static VelocityField scaled(
            WanCheckpoint checkpoint, Golden golden, String prompt, ImageCondition.Guided condition) {
        Transformer transformer = checkpoint.transformer();
        NDManager scope = golden.manager();
        JsonNode scales = golden.meta().path("cases").path("control").path("conditioning_scale");
        Transformer.Control control = new Transformer.Control(
                condition.channels(),
                List.of(scales.get(0).asDouble(), scales.get(1).asDouble()));
        Transformer.Context context = transformer.context(golden.tensor(prompt), Optional.empty(), scope);
        return (x, level, step) -> transformer.velocity(
                x,
                Optional.of(control),
                step.create(new float[] {level.timestep()}, new Shape(1, 1)),
                context,
                transformer.positions(x.getShape(), 0, step),
                GenerationMonitor.UNWATCHED,
                step);
    }

    private static NDArray decode(WanCheckpoint checkpoint, NDArray latents, NDManager scope) throws Exception {
        NDList frames = new NDList();
        try (FrameDecoder decoder = checkpoint.vae().decoder(FORMAT.size(), Optional.empty())) {
            for (int i = 0; i < latents.getShape().get(2); i++) {
                frames.add(decoder.next(latents.get(":, :, " + i + ":" + (i + 1)), GenerationMonitor.UNWATCHED, scope));
            }
        }
        return NDArrays.concat(frames, 2).transpose(0, 2, 3, 4, 1).add(1).div(2);
    }

    private static List<NDArray> references(Golden golden, String name) {
        List<NDArray> references = new ArrayList<>();
        int count = golden.meta().path("cases").path(name).path("references").asInt();
        for (int i = 1; i <= count; i++) {
            references.add(golden.tensor("mid.ref" + i + "_canvas"));
        }
        return references;
    }

    private static List<GivenFrames.Pixels> pixels(List<NDArray> references) {
        List<GivenFrames.Pixels> pixels = new ArrayList<>();
        for (NDArray reference : references) {
            pixels.add(scope -> {
                NDArray picture = reference.expandDims(1).expandDims(0);
                picture.attach(scope);
                return picture;
            });
        }
        return pixels;
    }

    /** As meta.json describes them. The reference does not grey what is under a mask, so the clip controls itself there. */
    private static Guides guides(Golden golden, String name) {
        return switch (name) {
            case "inpaint", "inpaint_ref" ->
                guides(
                        golden,
                        i -> false,
                        i -> mask(golden.tensor("in.mask_inpaint").get(i)));
            case "outpaint" ->
                guides(
                        golden,
                        i -> false,
                        i -> mask(golden.tensor("in.mask_outpaint").get(i)));
            case "extend3" -> guides(golden, i -> i >= 3, i -> level(i >= 3 ? 255 : 0));
            case "first_last" -> guides(golden, i -> i > 0 && i < 8, i -> level(i > 0 && i < 8 ? 255 : 0));
            default -> Guides.NONE;
        };
    }

    private static Guides guides(Golden golden, IntFunction<Boolean> grey, IntFunction<VideoFrame> mask) {
        IntFunction<VideoFrame> frames = i ->
                grey.apply(i) ? level(128) : frame(golden.tensor("in.source").get(i));
        return new Guides(
                List.of(), Optional.of(source(frames)), Optional.of(new Inpainting(source(frames), source(mask))));
    }

    private static FrameSource clip(Golden golden, String name) {
        return source(i -> frame(golden.tensor(name).get(i)));
    }

    private static FrameSource source(IntFunction<VideoFrame> frames) {
        return new FrameSource() {
            private int given;

            @Override
            public Optional<VideoFrame> next() {
                return Optional.of(frames.apply(given++));
            }

            @Override
            public void close() {}
        };
    }

    /** (H, W, 3), uint8 */
    private static VideoFrame frame(NDArray rgb) {
        Shape shape = rgb.getShape();
        return new VideoFrame(
                (int) shape.get(1),
                (int) shape.get(0),
                rgb.toType(DataType.UINT8, true).toByteBuffer(true));
    }

    private static VideoFrame mask(NDArray grey) {
        NDArray plane = grey.expandDims(2);
        return frame(NDArrays.concat(new NDList(plane, plane, plane), 2));
    }

    private static VideoFrame level(int level) {
        byte[] rgb = new byte[3 * FORMAT.width() * FORMAT.height()];
        Arrays.fill(rgb, (byte) level);
        return new VideoFrame(FORMAT.width(), FORMAT.height(), ByteBuffer.wrap(rgb));
    }
}
