package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingParameters;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationMonitor;

/**
 * Given frames against diffusers' WanImageToVideoPipeline: first and last frame by channels, and by timesteps any frames.
 * Tolerances: those of the vectors' authors.
 */
class GivenFramesGoldenTest {

    private static final double ENCODED = 2e-4;
    private static final double LATENTS = 1e-3;

    /** Of a golden case, which names its frames. */
    private record Case(Golden golden, WanPipeline pipeline, FrameSize size, int frameCount) {

        ImageCondition condition(NavigableMap<Integer, GivenFrames.Pixels> frames) throws Exception {
            return pipeline.condition(frames, size, frameCount, GenerationMonitor.UNWATCHED, golden.manager());
        }

        /** {@return frames of {@code in.video}, by their index} */
        NavigableMap<Integer, GivenFrames.Pixels> frames(int... indexes) {
            NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
            for (int index : indexes) {
                frames.put(
                        index,
                        scope -> pixels(
                                golden.tensor("in.video").get(":, " + index).toType(DataType.FLOAT32, true),
                                255,
                                scope));
            }
            return frames;
        }

        NDArray denoise(ImageCondition condition) throws Exception {
            return denoise(new Conditioning(
                    golden.tensor("in.prompt_embeds"),
                    Optional.of(golden.tensor("in.negative_prompt_embeds")),
                    Optional.empty(),
                    condition));
        }

        NDArray denoise(Conditioning conditioning) throws Exception {
            return pipeline.denoise(
                    golden.tensor("in.noise"),
                    Optional.empty(),
                    conditioning,
                    sampling(),
                    golden.meta().path("guidance_scale_2").asDouble(sampling().guidanceScale()),
                    (level, latents) -> {},
                    GenerationMonitor.UNWATCHED,
                    golden.manager());
        }

        SamplingParameters sampling() {
            return new SamplingParameters(
                    0,
                    golden.meta().path("num_inference_steps").asInt(),
                    golden.meta().path("guidance_scale").asDouble());
        }
    }

    /** (1, H, W, 3) from 0 to most, as (1, 3, 1, H, W) from -1 to 1. */
    private static NDArray pixels(NDArray picture, double most, NDManager scope) {
        NDArray pixels = picture.div(most)
                .mul(2)
                .sub(1)
                .transpose(0, 3, 1, 2)
                .expandDims(2)
                .duplicate();
        pixels.attach(scope);
        return pixels;
    }

    @FunctionalInterface
    private interface Body {
        void run(Case each) throws Exception;
    }

    private static void with(String folder, Body body) throws Exception {
        try (Golden golden = Golden.open(folder);
                WanCheckpoint checkpoint =
                        new WanCheckpoint(WanIndex.read(golden.folder()), Placement.CPU, TimestepGrid.CURRENT)) {
            RuntimeOptions options =
                    new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, false, Optional.empty());
            body.run(new Case(
                    golden,
                    new WanPipeline(checkpoint, Placement.CPU, options),
                    new FrameSize(
                            golden.meta().path("width").asInt(),
                            golden.meta().path("height").asInt()),
                    golden.meta().path("num_frames").asInt()));
        }
    }

    @Test
    void givesFirstAndLastFrameAsChannels() throws Exception {
        with("pipeline_flf2v_a14b", each -> {
            Golden golden = each.golden();
            NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
            frames.put(0, scope -> pixels(golden.tensor("in.first"), 1, scope));
            frames.put(each.frameCount() - 1, scope -> pixels(golden.tensor("in.last"), 1, scope));
            ImageCondition.Channels condition = (ImageCondition.Channels) each.condition(frames);
            assertClose("mask", golden.tensor("mid.mask"), condition.channels().get(":, :4"), 0);
            assertClose(
                    "condition",
                    golden.tensor("mid.condition"),
                    condition.channels().get(":, 4:"),
                    ENCODED);
            assertClose("latents", golden.tensor("out.latents"), each.denoise(condition), LATENTS);
        });
    }

    @ParameterizedTest
    @CsvSource({"first, 0", "first_last, 0 12", "start5, 0 1 2 3 4", "last_only, 12"})
    void givesFramesByTheTimestepOfTheirLatentFrame(String name, String indexes) throws Exception {
        with("pipeline_ti2v5b_given_frames", each -> {
            ImageCondition condition = each.condition(each.frames(List.of(indexes.split(" ")).stream()
                    .mapToInt(Integer::parseInt)
                    .toArray()));
            Golden golden = each.golden();
            NDArray mask = golden.tensor(name + ".in.mask");
            NDArray nothing =
                    golden.manager().zeros(golden.tensor(name + ".in.condition").getShape());
            assertClose(
                    "condition",
                    golden.tensor(name + ".in.condition").mul(mask.neg().add(1)),
                    condition.complete(nothing),
                    ENCODED);
            assertClose("latents", golden.tensor(name + ".out.latents"), each.denoise(condition), LATENTS);
        });
    }

    @Test
    void knowsLatentFramesWithinAClip() throws Exception {
        with("pipeline_ti2v5b_given_frames", each -> {
            NDArray clip = each.golden().tensor("inner.in.condition");
            ImageCondition condition = new ImageCondition.Known(
                    List.of(new KnownLatents(0, clip.get(":, :, 0:1")), new KnownLatents(2, clip.get(":, :, 2:3"))));
            assertClose("latents", each.golden().tensor("inner.out.latents"), each.denoise(condition), LATENTS);
        });
    }

    @Test
    void encodesARunOfFramesFromTheFirstOnThatALatentFrameEndsWith() throws Exception {
        with("pipeline_ti2v5b_given_frames", each -> {
            ImageCondition.Known known = (ImageCondition.Known) each.condition(each.frames(3, 4, 5, 6, 7, 8, 9, 11));
            assertEquals(2, known.known().size());
            assertEquals(1, known.known().get(0).first());
            assertEquals(
                    new Shape(1, 6, 2, 4, 6), known.known().get(0).latents().getShape());
            assertEquals(3, known.known().get(1).first(), "frame 11 stands for the latent frame that ends with 12");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline_i2v_wan21_clip", "pipeline_flf2v_wan21_clip"})
    void givesPicturesThroughTheImageEncoder(String folder) throws Exception {
        with(folder, each -> {
            Golden golden = each.golden();
            NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
            frames.put(0, scope -> pixels(golden.tensor("in.first"), 1, scope));
            if (golden.has("in.last")) {
                frames.put(each.frameCount() - 1, scope -> pixels(golden.tensor("in.last"), 1, scope));
            }
            NDArray embedding = each.pipeline()
                    .embedding(frames, each.frameCount(), golden.manager())
                    .orElseThrow();
            assertClose("embedding", golden.tensor("mid.image_embeds"), embedding, 0.02);
            ImageCondition.Channels condition = (ImageCondition.Channels) each.condition(frames);
            assertClose("mask", golden.tensor("mid.mask"), condition.channels().get(":, :4"), 0);
            assertClose(
                    "condition",
                    golden.tensor("mid.condition"),
                    condition.channels().get(":, 4:"),
                    ENCODED);
            Conditioning conditioning = new Conditioning(
                    padded(golden, "in.prompt_embeds"),
                    Optional.of(padded(golden, "in.negative_prompt_embeds")),
                    Optional.of(golden.tensor("mid.image_embeds")),
                    condition);
            assertClose("latents", golden.tensor("out.latents"), each.denoise(conditioning), LATENTS);
        });
    }

    /** The vectors leave the rows of padding out. */
    private static NDArray padded(Golden golden, String name) {
        NDArray states = golden.tensor(name);
        long rows = golden.meta().path("text_rows").asLong() - states.getShape().get(1);
        return states.concat(
                golden.manager().zeros(new Shape(1, rows, states.getShape().get(2))), 1);
    }

    @Test
    void saysWhichFrameAModelNeeds() throws Exception {
        with("pipeline_flf2v_wan21_clip", each -> {
            NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
            frames.put(0, scope -> pixels(each.golden().tensor("in.first"), 1, scope));
            assertEquals(
                    "the model needs the first frame and the last one: frame 8 is not given",
                    assertThrows(
                                    GenerationException.class,
                                    () -> each.pipeline()
                                            .embedding(
                                                    frames,
                                                    each.frameCount(),
                                                    each.golden().manager()))
                            .getMessage());
        });
    }

    /** The last frame is encoded alone, as the vectors' is, so that its place is all that differs. */
    @Test
    void aFrameBetweenStandsForTheNearestLatentFrame() throws Exception {
        with("pipeline_ti2v5b_given_frames", each -> {
            NavigableMap<Integer, GivenFrames.Pixels> frames = new TreeMap<>();
            frames.put(10, each.frames(12).get(12));
            ImageCondition.Known known = (ImageCondition.Known) each.condition(frames);
            assertEquals(3, known.known().get(0).first());
            assertClose(
                    "latent",
                    each.golden().tensor("mid.encode_last_alone"),
                    known.known().get(0).latents(),
                    ENCODED);
        });
    }
}
