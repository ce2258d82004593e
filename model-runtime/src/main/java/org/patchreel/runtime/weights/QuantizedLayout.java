package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands beside tensors of 8-bit numbers: a tensor is its codes times a scale. The layouts are those of ComfyUI, older
 * and newer ({@code X.scale_weight}, {@code X.weight_scale} with {@code X.comfy_quant}), and of LightX2V and musubi-tuner (a
 * scale for each row, or for each part of a row).
 *
 * @see <a href="https://github.com/comfyanonymous/ComfyUI/blob/master/QUANTIZATION.md">ComfyUI's layout</a>
 */
final class QuantizedLayout {
    private static final List<String> SCALES = List.of(".scale_weight", ".weight_scale");
    private static final String DESCRIPTION = ".comfy_quant";

    /** Of activations, for products of 8-bit numbers, which are not made here. */
    private static final List<String> UNUSED = List.of(".scale_input", ".input_scale");

    /** An empty tensor whose type names the format. */
    private static final String MARKER = "scaled_fp8";

    /** A second scale, of blocks of 4-bit numbers. */
    private static final String NVFP4 = ".weight_scale_2";

    private static final Set<String> FORMATS = Set.of("float8_e4m3fn", "float8_e5m2");
    private static final String ROTATED = "convrot";

    private QuantizedLayout() {}

    /** Reads the text that a tensor of bytes holds. */
    @FunctionalInterface
    interface Texts {
        String of(String name) throws IOException;
    }

    /** {@return whether a tensor is no weight, but belongs to one} */
    static boolean isCompanion(String name) {
        return name.equals(MARKER)
                || name.endsWith("." + MARKER)
                || name.endsWith(DESCRIPTION)
                || SCALES.stream().anyMatch(name::endsWith)
                || UNUSED.stream().anyMatch(name::endsWith);
    }

    /**
     * Finds the scales.
     *
     * @param directory of the files, for messages
     * @param names of all tensors, as stored
     * @param texts reads those that describe others
     * @return the name of the scale by the name of the tensor
     * @throws CheckpointException if a layout is not read; the message names it
     */
    static Map<String, String> scales(Path directory, Set<String> names, Texts texts) throws IOException {
        Map<String, String> found = new HashMap<>();
        for (String name : names) {
            if (name.endsWith(NVFP4)) {
                throw refused(directory, name, "nvfp4");
            }
            if (name.endsWith(DESCRIPTION)) {
                checkDescription(directory, name, texts.of(name));
            }
            for (String suffix : SCALES) {
                if (name.endsWith(suffix)) {
                    String weight = name.substring(0, name.length() - suffix.length()) + ".weight";
                    if (!names.contains(weight)) {
                        throw new CheckpointException("tensor " + shown(name) + " of " + directory + " is the scale of "
                                + shown(weight) + ", which is not there");
                    }
                    if (found.put(weight, name) != null) {
                        throw new CheckpointException(
                                "tensor " + shown(weight) + " of " + directory + " has two scales");
                    }
                }
            }
        }
        return found;
    }

    private static void checkDescription(Path directory, String name, String text) throws CheckpointException {
        try {
            JsonNode description = JsonText.read(text);
            String format = description.path("format").asText("");
            if (!FORMATS.contains(format) || description.has(ROTATED)) {
                throw refused(directory, name, description.has(ROTATED) ? ROTATED : format);
            }
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson("tensor " + shown(name) + " of " + directory, e);
        }
    }

    private static CheckpointException refused(Path directory, String name, String format) {
        return new CheckpointException(
                "the weights in " + directory + " are quantized as " + shown(format) + ", as the tensor " + shown(name)
                        + " shows; of 8 bits, float8_e4m3fn, float8_e5m2 and int8 with a scale for each row are read");
    }

    /**
     * Checks that a scale fits: one number, one for each row, or one for each part of a row.
     *
     * @throws CheckpointException if it does not
     */
    static void checkScale(TensorInfo tensor, StoredTensor scale, Path directory) throws CheckpointException {
        List<Long> shape = scale.shape();
        List<Long> codes = tensor.shape();
        boolean matrix = tensor.type().quantized() && tensor.type().blockElements() == 1 && codes.size() == 2;
        boolean fits = matrix
                && scale.type().equals(WeightType.F32.name())
                && fits(scale.length() / Float.BYTES, shape, codes.get(0), codes.get(1));
        if (!fits) {
            throw new CheckpointException(
                    "tensor " + shown(scale.name()) + " of " + directory + ", of type " + scale.type() + " and shape "
                            + shape + ", is no scale of a tensor of type " + tensor.type() + " and shape " + codes);
        }
    }

    private static boolean fits(long factors, List<Long> shape, long rows, long columns) {
        if (factors == 1) {
            return true;
        }
        return rows > 0
                && factors >= rows
                && shape.get(0) == rows
                && factors % rows == 0
                && columns % (factors / rows) == 0;
    }
}
