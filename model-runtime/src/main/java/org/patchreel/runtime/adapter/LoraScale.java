package org.patchreel.runtime.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.OptionalDouble;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.JsonText;

/**
 * How products of matrices are scaled where no tensor says it: by what PEFT wrote into a file's header, else by 1.
 *
 * @param config of PEFT, whose keys may have a prefix
 */
record LoraScale(JsonNode config) {
    private static final String KEY = "lora_adapter_metadata";
    private static final String COMPONENT = "transformer.";

    /**
     * Reads a header.
     *
     * @param metadata texts of the header
     * @param file for messages
     * @throws CheckpointException if they are damaged
     */
    static LoraScale of(Map<String, String> metadata, String file) throws CheckpointException {
        try {
            return new LoraScale(JsonText.read(metadata.getOrDefault(KEY, "{}")));
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson(KEY + " in the header of " + file, e);
        }
    }

    /**
     * {@return the factor of one module}
     *
     * @param module as the file names it, without a prefix
     * @param rank of its matrices
     * @param alpha that a tensor gives
     */
    double of(String module, long rank, OptionalDouble alpha) {
        JsonNode pattern = value("alpha_pattern").path(module);
        JsonNode common = value("lora_alpha");
        double numerator = alpha.orElseGet(() ->
                pattern.isNumber() ? pattern.doubleValue() : common.isNumber() ? common.doubleValue() : (double) rank);
        boolean rooted =
                alpha.isEmpty() && value("use_rslora").asBoolean() && (pattern.isNumber() || common.isNumber());
        return numerator / (rooted ? Math.sqrt((double) rank) : (double) rank);
    }

    private JsonNode value(String key) {
        JsonNode own = config.path(COMPONENT + key);
        return own.isMissingNode() ? config.path(key) : own;
    }
}
