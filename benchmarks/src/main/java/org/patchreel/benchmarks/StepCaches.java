package org.patchreel.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingParameters;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.GuidanceOptions;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.family.wan.WanFamily;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/**
 * Makes the same clips with and without reuse of predictions, and prints a table: how much faster the denoising is, and how far
 * the clips are from those of which every step is computed.
 */
public final class StepCaches {

    private StepCaches() {}

    /** Denoising of a clip. */
    private record Clip(double seconds, List<byte[]> frames) {}

    /** Of the clips of one number of steps. */
    private static final class Column {
        private final List<Double> speedUps = new ArrayList<>();
        private final List<Double> psnrs = new ArrayList<>();
        private double seconds;
    }

    /**
     * Runs the benchmark.
     *
     * @param args the checkpoint's folder, the folder for native libraries, numbers of steps with commas between them, the
     *     guidance scale ({@code default}: the model's), then the prompts; the seeds count from 1
     * @throws Exception if a clip cannot be made
     */
    public static void main(String[] args) throws Exception {
        TorchEngine.configure(new TorchEngine.Settings(Path.of(args[1]), Optional.empty(), "", 0));
        System.out.println("| steps | `step.cache` | denoising of a clip, s | speed-up | PSNR, dB | lowest PSNR, dB |");
        System.out.println("| ---: | --- | ---: | ---: | ---: | ---: |");
        List<String> prompts = List.of(args).subList(4, args.length);
        for (String steps : args[2].split(",", -1)) {
            Map<StepCaching, Column> columns = new EnumMap<>(StepCaching.class);
            List<Clip> computed = new ArrayList<>();
            for (StepCaching caching : StepCaching.values()) {
                Column column = new Column();
                columns.put(caching, column);
                try (CheckpointModel model = model(Path.of(args[0]), caching)) {
                    denoise(model, args, prompts.get(0), 2, 0); // loads the model
                    for (int i = 0; i < prompts.size(); i++) {
                        Clip clip = denoise(model, args, prompts.get(i), Integer.parseInt(steps), i + 1L);
                        if (caching == StepCaching.OFF) {
                            computed.add(clip);
                        }
                        column.seconds += clip.seconds / prompts.size();
                        column.speedUps.add(computed.get(i).seconds / clip.seconds);
                        column.psnrs.add(psnr(computed.get(i).frames, clip.frames));
                    }
                }
            }
            columns.forEach((caching, column) -> System.out.println(line(steps, caching, column)));
        }
    }

    private static CheckpointModel model(Path directory, StepCaching caching) {
        RuntimeOptions cpu = RuntimeOptions.CPU;
        return new CheckpointModel(
                "model",
                directory,
                "benchmark",
                new RuntimeOptions(
                        cpu.device(),
                        cpu.precision(),
                        cpu.grid(),
                        cpu.batchedGuidance(),
                        cpu.tiling(),
                        new DenoisingOptions(caching, GuidanceOptions.AUTHORS),
                        cpu.sampling()),
                new ModelFamilies(List.of(new WanFamily())),
                new ResidentSlot());
    }

    private static Clip denoise(CheckpointModel model, String[] args, String prompt, int steps, long seed)
            throws GenerationException, GenerationCancelledException {
        ModelDefaults defaults = model.descriptor().capabilities().orElseThrow().defaults();
        double guidance = args[3].equals("default") ? defaults.guidanceScale() : Double.parseDouble(args[3]);
        Frames frames = new Frames();
        StageClock clock = new StageClock();
        model.generate(
                new ModelTask(
                        prompt,
                        defaults.negativePrompt(),
                        defaults.nativeFormat(),
                        new SamplingParameters(seed, steps, guidance),
                        List.of()),
                frames,
                clock);
        return new Clip(clock.stop().getOrDefault(Stage.SAMPLING, 0.0), frames.all);
    }

    private static final class Frames implements FrameSink {
        private final List<byte[]> all = new ArrayList<>();

        @Override
        public void accept(VideoFrame frame) throws IOException {
            ByteBuffer rgb = frame.rgb().duplicate();
            byte[] bytes = new byte[rgb.remaining()];
            rgb.get(bytes);
            all.add(bytes);
        }

        @Override
        public void close() {}
    }

    /** Of a whole clip, in dB; infinite for equal ones. */
    private static double psnr(List<byte[]> expected, List<byte[]> actual) {
        double squares = 0;
        long count = 0;
        for (int f = 0; f < expected.size(); f++) {
            for (int i = 0; i < expected.get(f).length; i++) {
                double difference = (expected.get(f)[i] & 0xff) - (actual.get(f)[i] & 0xff);
                squares += difference * difference;
                count++;
            }
        }
        return 10 * Math.log10(255.0 * 255.0 / (squares / count));
    }

    private static String line(String steps, StepCaching caching, Column column) {
        List<Double> speedUps = column.speedUps.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.1f | %.1f |",
                steps,
                caching.name().toLowerCase(Locale.ROOT),
                column.seconds,
                speedUps.get(speedUps.size() / 2),
                column.psnrs.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                column.psnrs.stream().mapToDouble(Double::doubleValue).min().orElseThrow());
    }
}
