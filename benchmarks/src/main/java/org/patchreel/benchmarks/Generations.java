package org.patchreel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingParameters;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WanFamily;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelTask;

/**
 * Generates clips in the model's native format one after the other and drops their frames. After each it collects
 * garbage and prints a JSON object: {@code seconds} of each stage, {@code rssKiB} resident memory.
 */
public final class Generations {

    private Generations() {}

    /**
     * Runs the generations.
     *
     * @param args the checkpoint's directory, the folder for native libraries, how many clips, denoising steps of each
     *     ({@code default}: the model's), the prompt
     * @throws Exception if a generation fails
     */
    public static void main(String[] args) throws Exception {
        TorchEngine.configure(new TorchEngine.Settings(Path.of(args[1]), Optional.empty(), "", 0));
        ModelFamilies families = new ModelFamilies(List.of(new WanFamily()));
        try (CheckpointModel model = new CheckpointModel(
                "model", Path.of(args[0]), "benchmark", RuntimeOptions.CPU, families, new ResidentSlot())) {
            ModelDefaults defaults =
                    model.descriptor().capabilities().orElseThrow().defaults();
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                System.out.println(measured(model, task(defaults, args[3], args[4], i)));
            }
        }
    }

    private static ModelTask task(ModelDefaults model, String steps, String prompt, long seed) {
        return new ModelTask(
                prompt,
                model.negativePrompt(),
                model.nativeFormat(),
                new SamplingParameters(
                        seed, steps.equals("default") ? model.steps() : Integer.parseInt(steps), model.guidanceScale()),
                List.of());
    }

    private static String measured(CheckpointModel model, ModelTask task)
            throws GenerationException, GenerationCancelledException, IOException {
        StageClock clock = new StageClock();
        model.generate(task, FrameSink.discarding(), clock);
        String seconds = clock.stop().entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT, "\"%s\": %.6f", entry.getKey().label(), entry.getValue()))
                .collect(Collectors.joining(", "));
        System.gc();
        return "{\"seconds\": {" + seconds + "}, \"rssKiB\": " + residentKiB() + "}";
    }

    /** Resident memory of this process. @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status</a> */
    private static long residentKiB() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status has no line VmRSS");
    }
}
