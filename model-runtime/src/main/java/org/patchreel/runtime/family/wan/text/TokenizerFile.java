package org.patchreel.runtime.family.wan.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.weights.BoundedFile;
import org.patchreel.runtime.weights.CheckpointException;

/**
 * A {@code tokenizer.json} (<a href="https://huggingface.co/docs/tokenizers">Hugging Face tokenizers</a>), checked and cut
 * down to what a T5 tokenizer consists of. The native library panics on some files, which ends the process: on a replacement
 * table that points out of itself, on a template that names a token it does not define, and perhaps on more in the parts
 * that text encoders of this family have no use for. These parts are refused, or left out where they only matter for
 * decoding.
 *
 * @param json what the native library is given: the vocabulary, added tokens, normalizer and pre-tokenizer
 * @param endToken the ID that the post-processor puts after a prompt, {@code </s>}
 */
record TokenizerFile(String json, long endToken) {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_STEPS = 16;
    private static final int MAX_REPLACEMENT = 16;

    private static final Set<String> MODELS = Set.of("Unigram", "WordLevel");
    private static final Set<String> MODEL_KEYS = Set.of("type", "unk_id", "vocab", "byte_fallback", "unk_token");
    private static final Set<String> NORMALIZERS = Set.of("Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Strip");
    private static final Set<String> PRE_TOKENIZERS = Set.of("Metaspace", "Whitespace", "WhitespaceSplit");

    /** The one regular expression that tokenizers converted from sentencepiece contain. */
    private static final String RUN_OF_SPACES = " {2,}";

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxTokenCount(8_000_000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /** Reads and checks a file of at most 64 MiB. */
    static TokenizerFile read(Path file) throws IOException {
        byte[] bytes = BoundedFile.read(file, MAX_BYTES);
        try {
            return reduced(bytes);
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson(file.toString(), e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + " is not a usable tokenizer: " + e.getMessage(), e);
        }
    }

    private static TokenizerFile reduced(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        JsonNode postProcessor = MAPPER.nullNode();
        try (JsonParser in = MAPPER.createParser(new String(bytes, UTF_8));
                JsonGenerator generator = MAPPER.createGenerator(out)) {
            require(in.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
            generator.writeStartObject();
            generator.writeStringField("version", "1.0");
            for (@Nullable String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                in.nextToken();
                switch (key) {
                    case "model" -> copyModel(in, generator);
                    case "added_tokens" -> copyTree(key, checkedAddedTokens(MAPPER.readTree(in)), generator);
                    case "normalizer" -> copyTree(key, checkedNormalizer(MAPPER.readTree(in)), generator);
                    case "pre_tokenizer" -> copyTree(key, checkedPreTokenizer(MAPPER.readTree(in)), generator);
                    case "post_processor" -> postProcessor = MAPPER.readTree(in);
                    default -> in.skipChildren();
                }
            }
            require(in.nextToken() == null, "something follows the JSON object");
            generator.writeEndObject();
        }
        return new TokenizerFile(out.toString(UTF_8), endToken(postProcessor));
    }

    private static void copyTree(String key, JsonNode value, JsonGenerator generator) throws IOException {
        generator.writeFieldName(key);
        generator.writeTree(value);
    }

    /** Event by event: a vocabulary has a quarter of a million entries. */
    private static void copyModel(JsonParser in, JsonGenerator generator) throws IOException {
        require(in.currentToken() == JsonToken.START_OBJECT, "its model is not a JSON object");
        String type = "";
        generator.writeObjectFieldStart("model");
        for (@Nullable String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            if (key.equals("type") && token == JsonToken.VALUE_STRING) {
                type = in.getText();
            }
            if (MODEL_KEYS.contains(key)) {
                generator.writeFieldName(key);
                generator.copyCurrentStructure(in);
            } else {
                in.skipChildren();
            }
        }
        generator.writeEndObject();
        requireOneOf("model type", type, MODELS);
    }

    private static JsonNode checkedAddedTokens(JsonNode tokens) {
        for (JsonNode token : tokens) {
            require(!token.path("content").asText().isBlank(), "it has an added token without content");
        }
        return tokens;
    }

    private static JsonNode checkedNormalizer(JsonNode normalizer) {
        for (JsonNode step : steps(normalizer, "normalizers")) {
            switch (type(step)) {
                case "Precompiled" ->
                    ReplacementTable.check(step.path("precompiled_charsmap").asText());
                case "Replace" -> checkReplace(step);
                default -> requireOneOf("normalizer", type(step), NORMALIZERS);
            }
        }
        return normalizer;
    }

    private static void checkReplace(JsonNode step) {
        JsonNode pattern = step.path("pattern");
        String regex = pattern.path("Regex").asText(RUN_OF_SPACES);
        require(regex.equals(RUN_OF_SPACES), "only the regular expression \"" + RUN_OF_SPACES + "\" is supported");
        require(
                pattern.has("Regex") || !pattern.path("String").asText().isEmpty(),
                "its normalizer replaces an empty string");
        require(
                step.path("content").asText().length() <= MAX_REPLACEMENT,
                "its normalizer puts in more than " + MAX_REPLACEMENT + " characters");
    }

    private static JsonNode checkedPreTokenizer(JsonNode preTokenizer) {
        for (JsonNode step : steps(preTokenizer, "pretokenizers")) {
            requireOneOf("pre-tokenizer", type(step), PRE_TOKENIZERS);
        }
        return preTokenizer;
    }

    /** The steps of a sequence, or the only one, or none. */
    private static Iterable<JsonNode> steps(JsonNode node, String key) {
        if (node.isNull()) {
            return Set.of();
        }
        if (!type(node).equals("Sequence")) {
            return Set.of(node);
        }
        require(
                node.path(key).isArray() && node.path(key).size() <= MAX_STEPS,
                "its " + key + " are not a list of at most " + MAX_STEPS);
        return node.path(key);
    }

    private static String type(JsonNode step) {
        return step.path("type").asText();
    }

    private static long endToken(JsonNode postProcessor) {
        JsonNode single = postProcessor.path("single");
        require(
                type(postProcessor).equals("TemplateProcessing")
                        && single.size() == 2
                        && single.path(0).has("Sequence")
                        && single.path(1).has("SpecialToken"),
                "its post-processor does not put one token after a prompt");
        String name = single.path(1).path("SpecialToken").path("id").asText();
        JsonNode ids = postProcessor.path("special_tokens").path(name).path("ids");
        require(
                ids.size() == 1 && ids.path(0).canConvertToInt() && ids.path(0).intValue() >= 0,
                "its post-processor does not define its end token");
        return ids.path(0).intValue();
    }

    private static void requireOneOf(String what, String value, Set<String> supported) {
        require(supported.contains(value), what + " is not one of " + String.join(", ", new TreeSet<>(supported)));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
