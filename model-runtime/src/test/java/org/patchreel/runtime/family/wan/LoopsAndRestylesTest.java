package org.patchreel.runtime.family.wan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.Restyle;
import org.patchreel.spi.VideoFrame;

/** The networks here were trained with 9 frames: 3 latent frames. */
class LoopsAndRestylesTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 32;
    private static final String TIMESTEPS = "pipeline_ti2v5b_t2v";
    private static final String TEXT_ONLY = "pipeline_t2v_unipc";

    @TempDir
    private Path folder;

    private Path work;

    @BeforeEach
    void trainWithNineFrames() throws IOException {
        Files.writeString(
                folder.resolve("patchreel.json"), "{\"width\": 64, \"height\": 32, \"frames\": 9, \"frame_rate\": 8}");
        work = folder.resolveSibling(folder.getFileName() + "-work");
    }

    @ParameterizedTest
    @CsvSource({TIMESTEPS + ",9", TIMESTEPS + ",33", TEXT_ONLY + ",9", TEXT_ONLY + ",33"})
    void aLoopEndsWithItsFirstLatentFrame(String checkpoint, int frames) throws Exception {
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            generate(model, task(frames, Optional.empty(), true));
            assertArrayEquals(first(0), last(lastWindow()));
            generate(model, task(frames, Optional.empty(), false));
            assertFalse(Arrays.equals(first(0), last(lastWindow())));
        }
    }

    @ParameterizedTest
    @CsvSource({TIMESTEPS + ",9", TIMESTEPS + ",33", TEXT_ONLY + ",9", TEXT_ONLY + ",33"})
    void aRestyledClipFollowsItsFrames(String checkpoint, int frames) throws Exception {
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            byte[] plain = generate(model, task(frames, Optional.empty(), false));
            byte[] dark = restyled(model, frames, 40, 0.5);
            assertArrayEquals(dark, restyled(model, frames, 40, 0.5), "the same task, the same frames");
            assertFalse(Arrays.equals(plain, dark));
            assertFalse(Arrays.equals(dark, restyled(model, frames, 200, 0.5)));
        }
    }

    @Test
    void aClipWithFewerFramesThanItsFormatSaysIsRefused() throws Exception {
        try (CheckpointModel model = Miniatures.model(TIMESTEPS, folder)) {
            ModelTask task = task(9, Optional.of(new Restyle(grey(8, 40), 0.5)), false);
            assertThrows(GenerationException.class, () -> generate(model, task));
        }
    }

    private byte[] restyled(CheckpointModel model, int frames, int level, double strength) throws Exception {
        return generate(model, task(frames, Optional.of(new Restyle(grey(frames, level), strength)), false));
    }

    private static ModelTask task(int frames, Optional<Restyle> restyle, boolean loop) {
        return new ModelTask(
                "a red ball",
                "",
                new VideoFormat(WIDTH, HEIGHT, frames, 8),
                new SamplingParameters(7, 2, 1),
                List.of(),
                restyle,
                loop,
                Guides.NONE);
    }

    private static FrameSource grey(int frames, int level) {
        return new FrameSource() {
            private int given;

            @Override
            public Optional<VideoFrame> next() {
                if (given++ == frames) {
                    return Optional.empty();
                }
                byte[] rgb = new byte[3 * WIDTH * HEIGHT];
                Arrays.fill(rgb, (byte) (level + given));
                return Optional.of(new VideoFrame(WIDTH, HEIGHT, ByteBuffer.wrap(rgb)));
            }

            @Override
            public void close() {}
        };
    }

    private byte[] generate(CheckpointModel model, ModelTask task) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(task, Optional.of(work), sink, GenerationMonitor.UNWATCHED);
        assertEquals(task.format().frameCount(), sink.count());
        return sink.bytes();
    }

    private int lastWindow() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            return (int) files.count() - 1;
        }
    }

    private float[] first(int window) throws IOException {
        return latent(window, false);
    }

    private float[] last(int window) throws IOException {
        return latent(window, true);
    }

    /** The first or the last latent frame of a kept window. */
    private float[] latent(int window, boolean last) throws IOException {
        byte[] file = Files.readAllBytes(work.resolve("window-" + window + ".latents"));
        int begin = 0;
        while (file[begin] != '\n') {
            begin++;
        }
        int[] sides = Stream.of(new String(file, 0, begin, US_ASCII).split(", ", -1)[3].split("x", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        FloatBuffer data = ByteBuffer.wrap(file, begin + 1, file.length - begin - 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        int area = sides[3] * sides[4];
        float[] frame = new float[sides[1] * area];
        for (int channel = 0; channel < sides[1]; channel++) {
            int index = last ? sides[2] - 1 : 0;
            data.get((channel * sides[2] + index) * area, frame, channel * area, area);
        }
        return frame;
    }
}
