package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelHealth.Status;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.PromptLanguage;
import org.patchreel.spi.VideoModel;

/** What doctor and models say of models. */
class ModelDiagnosticsTest {

    private record Model(ModelDescriptor descriptor, ModelHealth health) implements VideoModel {
        @Override
        public SamplingPlan plan(ModelTask task) {
            throw new AssertionError("the doctor plans nothing");
        }

        @Override
        public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor) {
            throw new UnsupportedOperationException();
        }
    }

    private static Model model(String source, Status status, String error, List<String> notes) {
        return model(source, Optional.of(capabilities(ImageConditioning.NONE)), status, error, notes);
    }

    private static ModelCapabilities capabilities(ImageConditioning image) {
        return new ModelCapabilities(
                "Wan 2.1",
                0,
                ModelLicense.UNKNOWN,
                new FrameGrid(16, 4, 81),
                new ModelDefaults(new VideoFormat(832, 480, 81, 16), new FrameSize(832, 480), 50, 5, ""),
                image,
                Set.of(),
                PromptLanguage.ANY);
    }

    private static Model model(
            String source, Optional<ModelCapabilities> capabilities, Status status, String error, List<String> notes) {
        ModelDescriptor descriptor = new ModelDescriptor("wan", source, "cpu", "fp32", capabilities);
        Optional<String> lastError = error.isEmpty() ? Optional.empty() : Optional.of(error);
        return new Model(
                descriptor, new ModelHealth(status, "cpu", Optional.empty(), Optional.empty(), 0, lastError, notes));
    }

    private static String listed(VideoModel model, String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        ModelsCommand.print(List.of(model), Console.lines(printed, printed), options.length > 0);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void blamesTheFilesOfAModelThatCannotBeLoaded() {
        assertEquals(
                List.of(Finding.bad(
                        "model wan",
                        "unavailable: vae is truncated",
                        "correct its files or its configuration: /models/wan")),
                Diagnostics.models(
                        List.of(model("/models/wan", Status.UNAVAILABLE, "vae is truncated", List.of())), List.of()));
    }

    @Test
    void passesOnTheRemedyOfWhatAModelComplainsOf() {
        String refusal = "libtorch was loaded in this process before";
        Problem problem = new Problem("libtorch", refusal, "restart the process", false);
        Finding finding = Diagnostics.models(
                        List.of(model("/models/wan", Status.UNAVAILABLE, refusal, List.of())), List.of(problem))
                .get(0);
        assertEquals("restart the process", finding.remedy());
    }

    @Test
    void warnsOfFilesThatAreNotUsed() {
        Finding finding = Diagnostics.models(
                        List.of(model("/models/wan", Status.READY, "", List.of("not used: lora.safetensors (LoRA)"))),
                        List.of())
                .get(0);
        assertEquals(Finding.Urgency.SOON, finding.urgency());
        assertTrue(finding.state().contains("not used: lora.safetensors (LoRA)"), finding.state());
    }

    @Test
    void warnsOfTwoModelsOfOneName() {
        List<Finding> findings = Diagnostics.models(
                List.of(
                        model("/models/one", Status.READY, "", List.of()),
                        model("/models/two", Status.READY, "", List.of())),
                List.of());
        assertEquals(
                Finding.soon(
                        "model wan",
                        "is the name of two models; requests get the one from /models/one",
                        "give the one from /models/two another name"),
                findings.get(2));
    }

    @Test
    void saysThatAModelNeedsAnImage() {
        VideoModel model = model(
                "/models/wan", Optional.of(capabilities(ImageConditioning.REQUIRED)), Status.READY, "", List.of());
        assertEquals(
                "ready, needs an image, cpu, licence unknown",
                Diagnostics.models(List.of(model), List.of()).get(0).state());
        assertTrue(listed(model).contains("ready, needs an image"), listed(model));
        assertTrue(listed(model, "--json").contains("\"needsImage\":true"), listed(model, "--json"));
    }

    @Test
    void saysNothingOfAModelThatCannotBeRead() {
        VideoModel model = model("/models/wan", Optional.empty(), Status.UNAVAILABLE, "no such folder", List.of());
        assertTrue(listed(model).contains("unknown"), listed(model));
        assertFalse(listed(model).contains(" 0.0 MB"), listed(model));
        assertTrue(listed(model).contains("unavailable: no such folder"), listed(model));
        assertFalse(listed(model, "--json").contains("native"), listed(model, "--json"));
    }
}
