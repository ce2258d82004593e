package org.patchreel.benchmarks.longclips;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WanFamily;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelTask;

/**
 * Makes long clips of the prompts that it is given, in the model's native size and rate, and prints two tables: a line for each
 * clip, and the means of all clips second by second.
 */
public final class LongClips {

    /** Frames on either side of a joint whose changes it is compared with. */
    private static final int NEIGHBOURS = 4;

    private LongClips() {}

    /**
     * Runs the benchmark.
     *
     * @param args the checkpoint's folder, the folder for native libraries, the length of the clips in seconds, then the prompts;
     *     the seeds count from 1
     * @throws Exception if a clip cannot be made
     */
    public static void main(String[] args) throws Exception {
        TorchEngine.configure(new TorchEngine.Settings(Path.of(args[1]), Optional.empty(), "", 0));
        ModelFamilies families = new ModelFamilies(List.of(new WanFamily()));
        List<List<FrameCurves.Frame>> clips = new ArrayList<>();
        try (CheckpointModel model = new CheckpointModel(
                "model", Path.of(args[0]), "benchmark", RuntimeOptions.CPU, families, new ResidentSlot())) {
            ModelCapabilities capabilities = model.descriptor().capabilities().orElseThrow();
            VideoFormat own = capabilities.defaults().nativeFormat();
            int frames = capabilities.grid().atLeast((int) own.frameRate().frames(Double.parseDouble(args[2])));
            VideoFormat format = new VideoFormat(own.width(), own.height(), frames, own.frameRate());
            System.out.println(
                    "| prompt | seed | joints | at joints | at other latent frames | colour, % | sharpness, % | s |");
            System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (int i = 3; i < args.length; i++) {
                ModelTask task = new ModelTask(
                        args[i],
                        capabilities.defaults().negativePrompt(),
                        format,
                        new SamplingParameters(
                                i - 2L,
                                capabilities.defaults().steps(),
                                capabilities.defaults().guidanceScale()),
                        List.of());
                FrameCurves curves = new FrameCurves();
                long begin = System.nanoTime();
                model.generate(task, curves, GenerationMonitor.UNWATCHED);
                double seconds = (System.nanoTime() - begin) / 1e9;
                clips.add(curves.frames());
                System.out.println(line(
                        task, curves.frames(), joints(model.plan(task), capabilities, frames), capabilities, seconds));
            }
            printCurves(clips, own);
        }
    }

    /** The first new frame of each window but the first. */
    private static List<Integer> joints(SamplingPlan plan, ModelCapabilities model, int frames) {
        int stride = model.grid().temporalStride();
        List<Integer> joints = new ArrayList<>();
        int step = switch (plan.method()) {
            case WHOLE -> frames;
            case ROLLING, BLENDED -> plan.windowFrames() - 1 + stride - plan.overlapFrames();
            case CHAINED -> plan.windowFrames() - 1;
        };
        for (int joint = plan.windowFrames(); joint < frames; joint += step) {
            joints.add(joint);
        }
        return joints;
    }

    private static String line(
            ModelTask task,
            List<FrameCurves.Frame> frames,
            List<Integer> joints,
            ModelCapabilities model,
            double seconds) {
        List<Double> atJoints = new ArrayList<>();
        List<Double> elsewhere = new ArrayList<>();
        int stride = model.grid().temporalStride();
        for (int frame = 1; frame < frames.size() - 1; frame += stride) {
            (joints.contains(frame) ? atJoints : elsewhere).add(ratio(frames, frame));
        }
        int second = second(task.format());
        List<FrameCurves.Frame> first = frames.subList(0, second);
        List<FrameCurves.Frame> last = frames.subList(frames.size() - second, frames.size());
        double colour = 0;
        for (int channel = 0; channel < 3; channel++) {
            int c = channel;
            colour = Math.max(
                    colour,
                    Math.abs(mean(last, f -> f.colour().get(c))
                                    - mean(first, f -> f.colour().get(c)))
                            / 2.55);
        }
        double sharpness =
                100 * (mean(last, FrameCurves.Frame::sharpness) / mean(first, FrameCurves.Frame::sharpness) - 1);
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.2f | %.2f | %.1f | %+.1f | %.0f |",
                task.prompt(),
                task.sampling().seed(),
                joints.size(),
                median(atJoints),
                median(elsewhere),
                colour,
                sharpness,
                seconds);
    }

    /** How much a frame differs from the one before, as a multiple of the median of its neighbours' differences. */
    private static double ratio(List<FrameCurves.Frame> frames, int frame) {
        List<Double> around = new ArrayList<>();
        for (int i = Math.max(1, frame - NEIGHBOURS); i <= Math.min(frames.size() - 1, frame + NEIGHBOURS); i++) {
            if (i != frame) {
                around.add(frames.get(i).change());
            }
        }
        return frames.get(frame).change() / median(around);
    }

    private static void printCurves(List<List<FrameCurves.Frame>> clips, VideoFormat format) {
        System.out.println();
        System.out.println("| second | flicker | red | green | blue | sharpness |");
        System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
        int second = second(format);
        int seconds = clips.get(0).size() / second;
        for (int i = 0; i < seconds; i++) {
            int from = i * second;
            List<FrameCurves.Frame> all = clips.stream()
                    .flatMap(clip -> clip.subList(from, from + second).stream())
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.2f | %.1f | %.1f | %.1f | %.2f |%n",
                    i + 1,
                    mean(all, FrameCurves.Frame::change),
                    mean(all, f -> f.colour().get(0)),
                    mean(all, f -> f.colour().get(1)),
                    mean(all, f -> f.colour().get(2)),
                    mean(all, FrameCurves.Frame::sharpness));
        }
    }

    private static int second(VideoFormat format) {
        return Math.max(1, (int) format.frameRate().frames(1));
    }

    private static double mean(List<FrameCurves.Frame> frames, ToDoubleFunction<FrameCurves.Frame> value) {
        return frames.stream().mapToDouble(value).average().orElseThrow();
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                .average()
                .orElseThrow();
    }
}
