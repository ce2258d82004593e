package org.patchreel.fuzzing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;

/** Reads files of weights, and the numbers of their tensors. The first byte of the input chooses the format. */
public final class WeightsTarget {
    private static final List<InputFile> FILES =
            List.of(new InputFile(".safetensors"), new InputFile(".gguf"), new InputFile(".pth"));

    private WeightsTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length < 1) {
            return;
        }
        Path file = FILES.get(Math.floorMod(input[0], FILES.size())).with(Arrays.copyOfRange(input, 1, input.length));
        WeightFiles.isLora(file);
        try (WeightFiles weights = WeightFiles.ofFile(file)) {
            weights.metadata();
            for (TensorInfo tensor : weights.tensors().values()) {
                ByteBuffer data = weights.map(tensor.name());
                if (data.remaining() != tensor.byteCount()) {
                    throw new IllegalStateException("tensor " + tensor.name() + " has " + data.remaining());
                }
                if (weights.scale(tensor.name()).isPresent()) {
                    weights.mapScale(tensor.name());
                }
            }
        } catch (CheckpointException e) {
            if (e.getMessage().lines().count() != 1) {
                throw new IllegalStateException("not one line: " + e.getMessage());
            }
        }
    }
}
