package org.patchreel.runtime.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** JSON of unknown origin: UTF-8 only, bounded in size, depth and number of tokens, duplicate keys refused. */
public final class JsonText {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_TOKENS = 4_000_000;

    /** Parsers made by this factory keep the bounds above, save the size, which their source must bound. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonText() {}

    /**
     * A JSON value.
     *
     * @param text of a bounded size
     */
    public static JsonNode read(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** The JSON object that a file of at most {@code maxBytes} holds. */
    static JsonNode readObject(Path file, int maxBytes) throws IOException {
        byte[] bytes = BoundedFile.read(file, maxBytes);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonNode root = MAPPER.readTree(new StringReader(text));
            if (!root.isObject()) {
                throw new CheckpointException(file + " does not hold a JSON object");
            }
            return root;
        } catch (CharacterCodingException e) {
            throw new CheckpointException(file + " is not UTF-8 text", e);
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson(file.toString(), e);
        }
    }
}
