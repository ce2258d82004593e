package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.spi.CheckpointExaminer;
import org.patchreel.spi.CheckpointReport;
import org.patchreel.spi.CheckpointReport.Kind;
import org.patchreel.spi.CheckpointReport.Memory;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.PromptLanguage;

class ModelsCommandTest {
    @TempDir
    private Path folder;

    private int status;

    private static final ModelCapabilities WAN = new ModelCapabilities(
            "Wan 2.1, text-to-video",
            17_000_000_000L,
            ModelLicense.UNKNOWN,
            new FrameGrid(16, 4, 81),
            new ModelDefaults(new VideoFormat(832, 480, 81, 16), new FrameSize(832, 480), 50, 5, ""),
            ModelCapabilities.ImageConditioning.NONE,
            Set.of(),
            PromptLanguage.ANY);

    /** Has one report for the folder {@code wan}, and for the model {@code mine}. */
    private record Fixed(CheckpointReport report) implements CheckpointExaminer {
        @Override
        public CheckpointReport examine(Path path) {
            assertEquals("wan", path.getFileName().toString());
            return report;
        }

        @Override
        public Optional<CheckpointReport> examineModel(String model) {
            return model.equals("mine") ? Optional.of(report) : Optional.empty();
        }
    }

    private String check(CheckpointReport report, String... options) throws Exception {
        Files.createDirectories(folder.resolve("wan"));
        return checkNamed("wan", report, options);
    }

    private String checkNamed(String checked, CheckpointReport report, String... options) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "--check";
        arguments[1] = checked;
        System.arraycopy(options, 0, arguments, 2, options.length);
        status = new ModelsCommand(new InstalledModels(), new Fixed(report), null)
                .run(folder, Console.lines(printed, printed), arguments);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysWhatACheckpointIsAndWhatItTakes() throws Exception {
        CheckpointReport report = new CheckpointReport(
                Kind.CHECKPOINT,
                "Wan 2.1, text-to-video",
                Optional.of(WAN),
                List.of(),
                List.of("not used: a.gguf"),
                List.of(
                        new Memory("cpu", "fp32", 28_600_000_000L, 6_100_000_000L),
                        new Memory("cuda", "bf16", 14_300_000_000L, 900_000_000L)));
        assertEquals("""
                what      Wan 2.1, text-to-video
                runs      yes: 832x480, 81 frames at 16 fps, 50 steps, guidance 5.0
                notes     not used: a.gguf
                licence   unknown; its configuration needs license.acknowledged.by
                memory    cpu, fp32: weights 28.6 GB, working memory about 6.1 GB
                          cuda, bf16: weights 14.3 GB, working memory about 900.0 MB
                time      unknown: no clip was made with it as an installed model
                """, check(report));
        assertEquals(0, status);
    }

    @Test
    void namesWhatIsMissingAndFails() throws Exception {
        CheckpointReport report = new CheckpointReport(
                Kind.CHECKPOINT,
                "Wan 2.1, text-to-video",
                Optional.of(WAN),
                List.of("wan has no vae", "wan has no tokenizer"),
                List.of(),
                List.of());
        assertEquals("""
                what      Wan 2.1, text-to-video
                runs      no
                missing   wan has no vae
                          wan has no tokenizer
                licence   unknown; its configuration needs license.acknowledged.by
                """, check(report));
        assertEquals(1, status);
        assertEquals(
                "{\"kind\":\"part\",\"what\":\"a text encoder\",\"runs\":false,\"problems\":[\"a part\"],\"notes\":[],"
                        + "\"memory\":[]}\n",
                check(
                        new CheckpointReport(
                                Kind.PART, "a text encoder", Optional.empty(), List.of("a part"), List.of(), List.of()),
                        "--json"));
    }

    @Test
    void examinesAnInstalledModelByItsName() throws Exception {
        CheckpointReport report = new CheckpointReport(
                Kind.CHECKPOINT, "Wan 2.1", Optional.of(WAN), List.of("no vae"), List.of(), List.of());
        assertEquals("""
                what      Wan 2.1
                runs      no
                missing   no vae
                licence   unknown; its configuration needs license.acknowledged.by
                """, checkNamed("mine", report));
        assertEquals(1, status);
    }

    @Test
    void refusesWhatIsNotThere() {
        CheckpointReport report =
                new CheckpointReport(Kind.UNKNOWN, "", Optional.empty(), List.of(), List.of(), List.of());
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> checkNamed("gone", report));
        assertEquals("no such file, folder or model: gone", refusal.getMessage());
    }
}
