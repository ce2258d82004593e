package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.Inpainting;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.Ability;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.Restyle;
import org.patchreel.spi.VideoFrame;

/** A miniature of VACE, which was trained with 9 frames: 3 latent frames. What it is told has an effect. */
class GuidesTest {

    private static final int WIDTH = 48;
    private static final int HEIGHT = 32;
    private static final String VACE = "pipeline_vace_wan21";

    @TempDir
    private Path folder;

    @BeforeEach
    void trainWithNineFrames() throws IOException {
        Files.writeString(
                folder.resolve("patchreel.json"), "{\"width\": 48, \"height\": 32, \"frames\": 9, \"frame_rate\": 8}");
    }

    @Test
    void aCheckpointOfVaceIsAKindOfItsOwn() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            ModelCapabilities can = model.descriptor().capabilities().orElseThrow();
            assertEquals("Wan 2.1, VACE, references, control and inpainting", can.family());
            assertEquals(EnumSet.allOf(Ability.class), can.abilities());
            assertEquals(ImageConditioning.OPTIONAL, can.imageConditioning());
            assertEquals(ModelHealth.Status.READY, model.health().status());
        }
        try (CheckpointModel model = Miniatures.model("pipeline_t2v_unipc", folder)) {
            assertEquals(
                    Set.of(), model.descriptor().capabilities().orElseThrow().abilities());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 33})
    void whatIsFollowedHasAnEffectInAShortClipAndInALongOne(int frames) throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            byte[] plain = generate(model, task(frames, Guides.NONE));
            byte[] shown = generate(model, task(frames, references(40)));
            assertFalse(Arrays.equals(plain, shown));
            assertArrayEquals(shown, generate(model, task(frames, references(40))), "the same task, the same frames");
            assertFalse(Arrays.equals(shown, generate(model, task(frames, references(200)))));
            assertFalse(Arrays.equals(
                    generate(model, task(frames, references(40, 200))),
                    generate(model, task(frames, references(200, 40)))));
            byte[] followed = generate(model, task(frames, control(frames, i -> 10 * i)));
            assertFalse(Arrays.equals(plain, followed));
            assertFalse(Arrays.equals(followed, generate(model, task(frames, control(frames, i -> 255 - 10 * i)))));
        }
    }

    @Test
    void aLongClipIsMadeInWindowsThatAllSeeTheReferences() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            SamplingPlan plan = model.plan(task(33, Guides.NONE));
            assertEquals(SamplingPlan.Method.BLENDED, plan.method());
            byte[] first = generate(model, task(33, references(40)));
            byte[] second = generate(model, task(33, references(200)));
            int tail = 3 * WIDTH * HEIGHT * 4;
            assertFalse(Arrays.equals(
                    Arrays.copyOfRange(first, first.length - tail, first.length),
                    Arrays.copyOfRange(second, second.length - tail, second.length)));
        }
    }

    @Test
    void whatIsUnderAMaskIsNotSeenUnlessItIsControl() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            byte[] hidden = generate(model, task(9, inpainting(i -> 10 * i, i -> 255)));
            assertArrayEquals(hidden, generate(model, task(9, inpainting(i -> 200, i -> 255))));
            assertArrayEquals(hidden, generate(model, task(9, Guides.NONE)), "nothing of it is kept");
            assertFalse(Arrays.equals(hidden, generate(model, task(9, inpainting(i -> 10 * i, i -> 0)))));
            Guides both = new Guides(
                    List.of(),
                    Optional.of(clip(9, i -> 10 * i)),
                    Optional.of(new Inpainting(clip(9, i -> 200), clip(9, i -> 255))));
            assertFalse(Arrays.equals(hidden, generate(model, task(9, both))));
        }
    }

    @Test
    void framesAreKnownWhollyOrInPart() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            byte[] plain = generate(model, task(9, Guides.NONE));
            byte[] known = generate(model, known(new KnownFrame(4, grey(40))));
            assertFalse(Arrays.equals(plain, known));
            byte[] open = generate(model, known(new KnownFrame(4, grey(40), Optional.of(grey(255)))));
            assertArrayEquals(plain, open, "all of the frame is made anew");
        }
    }

    @Test
    void goesWithALoopAndWithARestyledClip() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            byte[] open = generate(model, task(9, references(40)));
            byte[] loop = generate(model, task(9, references(40), Optional.empty(), true));
            assertFalse(Arrays.equals(open, loop));
            byte[] dark = restyled(model, references(40), 20);
            assertFalse(Arrays.equals(dark, restyled(model, references(200), 20)));
            assertFalse(Arrays.equals(dark, restyled(model, references(40), 220)));
        }
    }

    @Test
    void aClipWithTooFewFramesIsAFailure() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            GenerationException failure =
                    assertThrows(GenerationException.class, () -> generate(model, task(9, control(8, i -> 40))));
            assertTrue(
                    failure.getMessage().endsWith("the control clip has fewer frames than its format says"),
                    failure.getMessage());
        }
    }

    @Test
    void aModelThatCannotRefuses() throws Exception {
        Files.delete(folder.resolve("patchreel.json"));
        try (CheckpointModel model = Miniatures.model("pipeline_ti2v5b_t2v", folder)) {
            refuses("model m takes no references", model, task(9, references(40)));
            refuses("model m takes no control clip", model, task(9, control(9, i -> 40)));
            refuses("model m takes no clip to inpaint", model, task(9, inpainting(i -> 40, i -> 0)));
            refuses("model m takes no mask", model, known(new KnownFrame(4, grey(40), Optional.of(grey(255)))));
        }
    }

    @Test
    void aPipelineAndATransformerOfDifferentKindsDoNotFit() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            edit("model_index.json", json -> json.put("_class_name", "WanPipeline"));
            String error = model.health().lastError().orElseThrow();
            assertTrue(error.endsWith("a VACE transformer in a pipeline of another kind"), error);
        }
    }

    @Test
    void aConditionThatTheLatentsAndTheMaskDoNotMakeDoesNotFit() throws Exception {
        try (CheckpointModel model = Miniatures.model(VACE, folder)) {
            edit("transformer/config.json", json -> json.put("vace_in_channels", 96));
            String error = model.health().lastError().orElseThrow();
            assertTrue(error.contains("vace_patch_embedding.weight"), error);
        }
    }

    /** What a file says. */
    private interface Edit {
        void of(ObjectNode json);
    }

    private void edit(String name, Edit edit) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path file = folder.resolve(name);
        ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
        edit.of(json);
        mapper.writeValue(file.toFile(), json);
    }

    private static void refuses(String message, CheckpointModel model, ModelTask task) {
        GenerationException refusal = assertThrows(GenerationException.class, () -> generate(model, task));
        assertEquals(message, refusal.getMessage());
        assertEquals(Reason.UNSUPPORTED, refusal.reason());
    }

    private static byte[] restyled(CheckpointModel model, Guides guides, int level) throws Exception {
        return generate(model, task(9, guides, Optional.of(new Restyle(clip(9, i -> level), 0.5)), false));
    }

    private static byte[] generate(CheckpointModel model, ModelTask task) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(task, sink, GenerationMonitor.UNWATCHED);
        assertEquals(task.format().frameCount(), sink.count());
        return sink.bytes();
    }

    private static ModelTask task(int frames, Guides guides) {
        return task(frames, guides, Optional.empty(), false);
    }

    private static ModelTask known(KnownFrame frame) {
        ModelTask task = task(9, Guides.NONE);
        return task.with(List.of(frame), Optional.empty(), Guides.NONE);
    }

    private static ModelTask task(int frames, Guides guides, Optional<Restyle> restyle, boolean loop) {
        return new ModelTask(
                "a red ball",
                "",
                new VideoFormat(WIDTH, HEIGHT, frames, 8),
                new SamplingParameters(7, 2, 1),
                List.of(),
                restyle,
                loop,
                guides);
    }

    private static Guides references(int... levels) {
        return new Guides(
                Arrays.stream(levels).mapToObj(GuidesTest::grey).toList(), Optional.empty(), Optional.empty());
    }

    private static Guides control(int frames, IntUnaryOperator levels) {
        return new Guides(List.of(), Optional.of(clip(frames, levels)), Optional.empty());
    }

    private static Guides inpainting(IntUnaryOperator levels, IntUnaryOperator mask) {
        return new Guides(List.of(), Optional.empty(), Optional.of(new Inpainting(clip(9, levels), clip(9, mask))));
    }

    private static FrameSource clip(int frames, IntUnaryOperator levels) {
        return new FrameSource() {
            private int given;

            @Override
            public Optional<VideoFrame> next() {
                return given == frames ? Optional.empty() : Optional.of(grey(levels.applyAsInt(given++)));
            }

            @Override
            public void close() {}
        };
    }

    private static VideoFrame grey(int level) {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        Arrays.fill(rgb, (byte) level);
        return new VideoFrame(WIDTH, HEIGHT, ByteBuffer.wrap(rgb));
    }
}
