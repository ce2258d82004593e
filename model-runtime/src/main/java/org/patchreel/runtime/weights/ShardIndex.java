package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The index of weights that are split over several files: {@code weight_map} gives the file of every tensor.
 *
 * @param fileOf plain file names by tensor name
 */
record ShardIndex(Map<String, String> fileOf) {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_SHARDS = 1000;

    static ShardIndex read(Path index) throws IOException {
        JsonNode map = JsonText.readObject(index, MAX_BYTES).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new CheckpointException(index + " has no weight_map");
        }
        Map<String, String> fileOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String file = entry.getValue().isTextual() ? entry.getValue().textValue() : "";
            if (!isPlainName(file)) {
                throw new CheckpointException(index + " names the file '" + shown(file) + "' for tensor "
                        + shown(entry.getKey()) + ", expected the plain name of a .safetensors file beside it");
            }
            fileOf.put(entry.getKey(), file);
        }
        ShardIndex result = new ShardIndex(fileOf);
        if (result.files().size() > MAX_SHARDS) {
            throw new CheckpointException(
                    index + " names " + result.files().size() + " files, the limit is " + MAX_SHARDS);
        }
        return result;
    }

    /** In the order of their names. */
    Set<String> files() {
        return new TreeSet<>(fileOf.values());
    }

    /** Whether it can name nothing but an entry of the index's own directory, on any system. */
    private static boolean isPlainName(String file) {
        return file.endsWith(".safetensors")
                && file.length() <= 255
                && file.chars().allMatch(c -> c >= ' ' && c != 0x7f && c != '/' && c != '\\' && c != ':');
    }
}
