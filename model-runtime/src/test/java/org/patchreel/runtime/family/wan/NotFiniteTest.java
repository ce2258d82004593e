package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationMonitor;

/** Weights that are NaN end a job with a reason: no frame is made of them, whichever tensor they are in. */
class NotFiniteTest {

    /** A tensor's place in its file. */
    private record Stored(String name, int position, int length) {}

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "transformer, diffusion_pytorch_model.safetensors, FP32, the transformer in step 1 of 1",
        "transformer, diffusion_pytorch_model.safetensors, BF16, the transformer in step 1 of 1",
        "transformer, diffusion_pytorch_model.safetensors, INT8, the transformer in step 1 of 1",
        "text_encoder, model.safetensors, FP32, the text encoder",
        "text_encoder, model.safetensors, BF16, the text encoder",
        "vae, diffusion_pytorch_model.safetensors, FP32, the autoencoder's decoder in latent frame 1",
        "vae, diffusion_pytorch_model.safetensors, BF16, the autoencoder's decoder in latent frame 1"
    })
    void weightsOfNanAreFoundBeforeAFrameIsMade(String component, String file, Precision precision, String source)
            throws Exception {
        copy(Golden.root().resolve("pipeline_t2v_unipc"), folder);
        Path weights = folder.resolve(component).resolve(file);
        byte[] right = Files.readAllBytes(weights);
        List<Stored> tensors = kinds(component, weights);
        assertTrue(tensors.size() >= 10, "kinds of tensors: " + tensors.size());
        if (precision == Precision.BF16) {
            tensors = tensors.subList(0, 4); // the same code, other kernels
        }
        for (Stored tensor : tensors) {
            Files.write(weights, right);
            spoil(weights, tensor);
            RecordingSink sink = new RecordingSink();
            try (CheckpointModel model = model(precision)) {
                GenerationException failure = assertThrows(
                        GenerationException.class,
                        () -> model.generate(
                                SampleTask.of(
                                        "a cat", "", new VideoFormat(48, 32, 5, 8), new SamplingParameters(1, 1, 1)),
                                sink,
                                GenerationMonitor.UNWATCHED),
                        tensor::name);
                assertEquals(Reason.NOT_FINITE, failure.reason(), failure.getMessage());
                assertTrue(failure.getMessage().contains(source), failure.getMessage());
            }
            assertEquals(0, sink.count(), () -> "frames made of " + tensor.name());
        }
    }

    /**
     * One of each kind, that is of each name but for its numbers, of those that a clip made of a prompt depends on from the
     * first frame on.
     */
    private static List<Stored> kinds(String component, Path weights) throws IOException {
        byte[] file = Files.readAllBytes(weights);
        int header = Math.toIntExact(
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
        Map<String, Stored> tensors = new LinkedHashMap<>();
        new ObjectMapper().readTree(file, 8, header).propertyStream().forEach(entry -> {
            JsonNode offsets = entry.getValue().path("data_offsets");
            if (!offsets.isMissingNode()) {
                int from = offsets.path(0).intValue();
                tensors.put(
                        entry.getKey().replaceAll("[0-9]+", ""),
                        new Stored(
                                entry.getKey(),
                                8 + header + from,
                                offsets.path(1).intValue() - from));
            }
        });
        return tensors.values().stream()
                .filter(tensor -> !component.equals("vae")
                        || tensor.name().startsWith("decoder.")
                        || tensor.name().startsWith("post_quant_conv."))
                .filter(tensor -> !tensor.name().contains("time_conv")) // used from the second latent frame on
                .toList();
    }

    private CheckpointModel model(Precision precision) {
        return new CheckpointModel(
                "m",
                folder,
                folder.toString(),
                new RuntimeOptions("cpu", precision, TimestepGrid.CURRENT, true, Optional.empty()),
                new ModelFamilies(List.of(new WanFamily())),
                new ResidentSlot());
    }

    private static void spoil(Path weights, Stored tensor) throws IOException {
        byte[] file = Files.readAllBytes(weights);
        Arrays.fill(file, tensor.position(), tensor.position() + tensor.length(), (byte) 0xff); // NaN in every type
        Files.write(weights, file);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(from)) {
            walk.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
