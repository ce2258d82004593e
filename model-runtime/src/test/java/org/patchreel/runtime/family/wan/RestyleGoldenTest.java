package org.patchreel.runtime.family.wan;

import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.denoise.Start;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

/** Clips that start from others, against diffusers' WanVideoToVideoPipeline. Tolerances: those of the vectors' authors. */
class RestyleGoldenTest {

    @ParameterizedTest
    @CsvSource({
        "unipc.s030, 0.3",
        "unipc.s060, 0.6",
        "unipc.s090, 0.9",
        "unipc.s100, 1",
        "euler.s030, 0.3",
        "euler.s060, 0.6",
        "euler.s090, 0.9",
        "euler.s100, 1"
    })
    void agreesWithTheReferenceAtEveryStrength(String name, double strength, @TempDir Path directory) throws Exception {
        try (Golden golden = Golden.open("pipeline_v2v_wan21");
                WanCheckpoint checkpoint = new WanCheckpoint(
                        WanIndex.read(withScheduler(golden.folder(), name, directory)),
                        Placement.CPU,
                        TimestepGrid.CURRENT)) {
            RuntimeOptions options =
                    new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, false, Optional.empty());
            WanPipeline pipeline = new WanPipeline(checkpoint, Placement.CPU, options);
            NDManager scope = golden.manager();
            FrameGrid grid = WanFamily.positions(
                    checkpoint.transformer().config(), checkpoint.vae().config());
            int frames = grid.frames(
                    grid.latentFrames(golden.meta().path("num_frames").asInt() + 1) - 1);
            NDArray latents = new ClipEncoder(checkpoint.vae(), grid, Optional.empty())
                    .encode(frames(golden), new VideoFormat(48, 32, frames, 16), GenerationMonitor.UNWATCHED, scope);
            assertClose("encoded", golden.tensor("mid.encoded_latents"), latents, 2e-4);

            int steps = golden.meta().path("num_inference_steps").asInt();
            try (Scheduler scheduler = checkpoint.scheduler().create(steps, scope)) {
                Start start = Start.from(latents, golden.tensor("in.noise"), strength, scheduler);
                assertClose("start", golden.tensor(name + ".mid.start_latents"), start.latents(), 2e-4);
            }
            NDArray after = golden.tensor(name + ".mid.latents_after_step");
            int skipped = steps - (int) after.getShape().get(0);
            pipeline.denoise(
                    golden.tensor("in.noise"),
                    Optional.of(new Restyle(latents, strength)),
                    new Conditioning(
                            golden.tensor("in.prompt_embeds"),
                            Optional.of(golden.tensor("in.negative_prompt_embeds")),
                            Optional.empty(),
                            new ImageCondition.None()),
                    new SamplingParameters(
                            0, steps, golden.meta().path("guidance_scale").asDouble()),
                    1,
                    (level, x) -> assertClose(
                            "latents after step " + level.step(), after.get(level.step() - skipped), x, 1e-3),
                    GenerationMonitor.UNWATCHED,
                    scope);
        }
    }

    private static FrameSource frames(Golden golden) {
        return new FrameSource() {
            private int given;

            @Override
            public Optional<VideoFrame> next() {
                try (NDManager scope = golden.manager().newSubManager()) {
                    NDArray frame = golden.tensor("in.video").get(":, " + given++);
                    frame.attach(scope);
                    return Optional.of(new VideoFrame(
                            48, 32, frame.toType(DataType.UINT8, true).toByteBuffer(true)));
                }
            }

            @Override
            public void close() {}
        };
    }

    /** The vectors have one checkpoint and two schedulers. */
    private static Path withScheduler(Path folder, String name, Path directory) throws Exception {
        if (name.startsWith("unipc")) {
            return folder;
        }
        Golden.copyCheckpoint(folder, directory);
        Files.copy(
                folder.resolve("scheduler_euler/scheduler_config.json"),
                directory.resolve("scheduler/scheduler_config.json"),
                StandardCopyOption.REPLACE_EXISTING);
        return directory;
    }
}
