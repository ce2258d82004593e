package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises weights that were quantized: their numbers are codes, of other shapes and types than the configuration says.
 * They are not read, and a list of tensors that do not fit would not say why.
 */
final class Quantization {
    private static final String KEY = "quantization_config";

    /** How bitsandbytes names what stands beside a tensor of 4 bit. */
    private static final Set<String> BITSANDBYTES_4_BIT = Set.of(".absmax", ".quant_map", ".nested_absmax");

    private static final String QUANT_STATE = ".quant_state.bitsandbytes__";

    private Quantization() {}

    /**
     * Refuses a component whose {@code config.json} says that it is quantized.
     *
     * @param path of the file
     * @throws CheckpointException naming the method
     */
    static void refuse(Path path, JsonNode config) throws CheckpointException {
        JsonNode quantization = config.get(KEY);
        if (quantization == null || quantization.isNull()) {
            return;
        }
        String method = quantization.path("quant_method").asText("an unknown method");
        String bits = quantization.path("load_in_4bit").asBoolean()
                        || quantization.path("_load_in_4bit").asBoolean()
                ? " in 4 bit"
                : quantization.path("load_in_8bit").asBoolean()
                                || quantization.path("_load_in_8bit").asBoolean()
                        ? " in 8 bit"
                        : "";
        throw refused(path + " has a " + KEY + ": the weights are quantized with " + shown(method) + bits);
    }

    /**
     * Refuses weights among which are tensors that only quantized ones have.
     *
     * @param directory of the weights
     * @param names of the tensors
     * @throws CheckpointException naming the first of them
     */
    static void refuse(Path directory, Set<String> names) throws CheckpointException {
        Optional<String> state = names.stream()
                .filter(name -> name.contains(QUANT_STATE)
                        || BITSANDBYTES_4_BIT.stream()
                                .anyMatch(end -> name.toLowerCase(Locale.ROOT).endsWith(end)))
                .findFirst();
        if (state.isPresent()) {
            throw refused("the weights in " + directory + " are quantized with bitsandbytes in 4 bit, as the tensor "
                    + shown(state.get()) + " shows");
        }
    }

    private static CheckpointException refused(String what) {
        return new CheckpointException(what
                + "; these are not read: take the model in float16, bfloat16 or float32, in 8-bit floats or as GGUF");
    }
}
