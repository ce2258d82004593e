package org.patchreel.impl.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.ShotUse;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.Transition;

/**
 * {@code metadata.json}: how a clip was made, for people and programs. Instants are ISO 8601 in UTC, durations are seconds
 * with a decimal point, keys are always in the same order.
 */
final class MetadataFile {
    /** Prompts of the largest size, given and expanded, in all and shot by shot, are 3 MB; the rest is a list of weight files. */
    private static final int MAX_BYTES = 4 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Facts that do not stand at the top under their own names. */
    private static final Map<String, Place> PLACES = Map.ofEntries(
            Map.entry(AssetFacts.TITLE, Place.optional("title", "title")),
            Map.entry("model", Place.required("model.name")),
            Map.entry("family", Place.required("model.family")),
            Map.entry("device", Place.required("model.device")),
            Map.entry("precision", Place.required("model.precision")),
            Map.entry(AssetFacts.WEIGHTS, Place.required("model.weights")),
            Map.entry("seed", Place.required("sampling.seed")),
            Map.entry("steps", Place.required("sampling.steps")),
            Map.entry("guidanceScale", Place.required("sampling.guidanceScale")),
            Map.entry("stepCache", Place.required("sampling.stepCache")),
            Map.entry("guidanceMode", Place.required("sampling.guidanceMode")),
            Map.entry("width", Place.required("format.width")),
            Map.entry("height", Place.required("format.height")),
            Map.entry("frameCount", Place.required("format.frameCount")),
            Map.entry("frameRate", Place.required("format.frameRate")),
            Map.entry("generatedWidth", Place.required("generated.width")),
            Map.entry("generatedHeight", Place.required("generated.height")),
            Map.entry("generatedFrameCount", Place.required("generated.frameCount")),
            Map.entry("generatedFrameRate", Place.required("generated.frameRate")),
            Map.entry("watermark", Place.optional("provenance.watermark", "provenance.watermark")),
            Map.entry("manifest", Place.optional("provenance.manifest.label", "provenance.manifest")),
            Map.entry("signer", Place.required("provenance.manifest.signer")),
            Map.entry("timestamped", Place.required("provenance.manifest.timestamped")));

    private static final Map<String, String> GENERATED_SIDES =
            Map.of("width", "generatedWidth", "height", "generatedHeight");

    private MetadataFile() {}

    static void write(AssetMetadata metadata, Path file) throws IOException {
        Files.write(file, (JSON.writeValueAsString(toJson(metadata)) + "\n").getBytes(UTF_8));
    }

    /**
     * Reads a file back.
     *
     * @throws IOException if it cannot be read, is larger than 4 MiB or is damaged; the message names the file and what is
     *     wrong
     */
    static AssetMetadata read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + ": larger than " + MAX_BYTES + " bytes");
        }
        try {
            return fromJson(JSON.readTree(bytes));
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            // Jackson tells a place within a place with notes on its own settings
            String reason = String.valueOf(e.getMessage())
                    .replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1")
                    .lines()
                    .findFirst()
                    .orElse("");
            throw new IOException(file + ": damaged: " + reason, e);
        }
    }

    private static ObjectNode toJson(AssetMetadata metadata) {
        Map<String, Object> facts = AssetFacts.of(metadata).values();
        ObjectNode root = JSON.createObjectNode();
        for (String name : AssetFacts.names()) {
            Place place = place(name);
            @Nullable Object value = facts.get(name);
            if (value != null) {
                parent(root, place.value()).set(place.value().last(), json(name, value));
            } else if (place.absent() != null) {
                parent(root, place.absent()).putNull(place.absent().last());
            }
        }
        return root;
    }

    private static ObjectNode parent(ObjectNode root, Keys keys) {
        ObjectNode parent = root;
        for (String key : keys.parents()) {
            parent = parent.withObjectProperty(key);
        }
        return parent;
    }

    private static JsonNode json(String name, Object value) {
        if (value instanceof List<?> entries) {
            return switch (name) {
                case AssetFacts.WEIGHTS -> weights(entries);
                case AssetFacts.TIMINGS -> timings(entries);
                case AssetFacts.SOURCES -> sources(entries);
                case AssetFacts.SHOTS -> shots(entries);
                default -> JSON.valueToTree(entries);
            };
        }
        return JSON.valueToTree(value);
    }

    private static ArrayNode weights(List<?> entries) {
        ArrayNode weights = JSON.createArrayNode();
        for (Object entry : entries) {
            String[] pair = entry.toString().split(" ", 2);
            weights.addObject().put("path", pair[1]).put("sha256", pair[0]);
        }
        return weights;
    }

    private static ObjectNode timings(List<?> entries) {
        ObjectNode timings = JSON.createObjectNode();
        for (Object entry : entries) {
            String[] pair = entry.toString().split(" ", 2);
            timings.put(pair[0], seconds(Duration.parse(pair[1])));
        }
        return timings;
    }

    private static ArrayNode sources(List<?> entries) {
        ArrayNode sources = JSON.createArrayNode();
        for (Object entry : entries) {
            SourceUse use = SourceUse.parse(entry.toString());
            ObjectNode source = sources.addObject().put("use", use.use()).put("sha256", use.sha256());
            use.asset().ifPresent(asset -> source.put("asset", asset));
            source.put("name", use.name());
            use.trace().watermark().ifPresent(mark -> source.put("watermark", mark));
            use.trace().asset().ifPresent(asset -> source.put("copyOf", asset));
            use.trace().manifest().ifPresent(label -> source.put("manifest", label));
        }
        return sources;
    }

    private static String source(JsonNode source) {
        return new SourceUse(
                        text(source, "use"),
                        text(source, "sha256"),
                        optional(source, "asset"),
                        text(source, "name"),
                        new SourceUse.Trace(
                                optional(source, "watermark"),
                                optional(source, "copyOf"),
                                optional(source, "manifest")))
                .toString();
    }

    private static ArrayNode shots(List<?> entries) {
        ArrayNode shots = JSON.createArrayNode();
        for (Object entry : entries) {
            ShotUse use = ShotUse.parse(entry.toString());
            ObjectNode shot = shots.addObject()
                    .put("start", use.start())
                    .put("frames", use.frames())
                    .put("opening", use.opening().label())
                    .put("seed", use.seed())
                    .put("prompt", use.prompt());
            use.expandedPrompt().ifPresent(text -> shot.put(AssetFacts.EXPANDED_PROMPT, text));
            shot.put("negativePrompt", use.negativePrompt());
        }
        return shots;
    }

    private static String shot(JsonNode shot) {
        return new ShotUse(
                        number(shot, "start").intValueExact(),
                        number(shot, "frames").intValueExact(),
                        Transition.parse("opening", text(shot, "opening")),
                        number(shot, "seed").longValueExact(),
                        text(shot, "prompt"),
                        shot.has(AssetFacts.EXPANDED_PROMPT)
                                ? Optional.of(text(shot, AssetFacts.EXPANDED_PROMPT))
                                : Optional.empty(),
                        text(shot, "negativePrompt"))
                .toString();
    }

    private static BigDecimal number(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException(name + " is missing or not a number");
        }
        return value.decimalValue();
    }

    private static Optional<String> optional(JsonNode source, String name) {
        return source.has(name) ? Optional.of(text(source, name)) : Optional.empty();
    }

    private static AssetMetadata fromJson(JsonNode root) {
        Map<String, Object> facts = new HashMap<>();
        for (String name : AssetFacts.names()) {
            Place place = place(name);
            JsonNode value = at(root, place.value());
            if (!value.isMissingNode() && !value.isNull()) {
                facts.put(name, value(name, value));
            } else if (place.absent() != null && !isAbsent(at(root, place.absent()))) {
                throw new IllegalArgumentException(place.value() + " is missing");
            }
        }
        // Clips of the first versions were scaled alone, and have the size alone.
        JsonNode size = root.path("generatedSize");
        for (Map.Entry<String, String> side : GENERATED_SIDES.entrySet()) {
            if (size.has(side.getKey())) {
                facts.putIfAbsent(side.getValue(), value(side.getValue(), size.path(side.getKey())));
            }
        }
        return AssetFacts.of(facts).metadata();
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static JsonNode at(JsonNode root, Keys keys) {
        JsonNode node = root;
        for (String key : keys.keys()) {
            if (!isAbsent(node) && !node.isObject()) {
                throw new IllegalArgumentException(
                        keys + " is not there: what should hold " + key + " is not an object");
            }
            node = node.path(key);
        }
        return node;
    }

    private static Object value(String name, JsonNode value) {
        if (name.equals(AssetFacts.WEIGHTS)) {
            List<String> entries = new ArrayList<>();
            value.forEach(weight -> entries.add(text(weight, "sha256") + " " + text(weight, "path")));
            return entries;
        } else if (name.equals(AssetFacts.TIMINGS)) {
            List<String> entries = new ArrayList<>();
            value.properties().forEach(timing -> entries.add(timing.getKey() + " " + duration(timing.getValue())));
            return entries;
        } else if (name.equals(AssetFacts.SOURCES)) {
            List<String> entries = new ArrayList<>();
            value.forEach(source -> entries.add(source(source)));
            return entries;
        } else if (name.equals(AssetFacts.SHOTS)) {
            List<String> entries = new ArrayList<>();
            value.forEach(shot -> entries.add(shot(shot)));
            return entries;
        } else if (value.isArray()) {
            List<Object> entries = new ArrayList<>();
            value.forEach(entry -> entries.add(scalar(name, entry)));
            return entries;
        }
        return scalar(name, value);
    }

    private static Object scalar(String name, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        } else if (value.isNumber()) {
            return value.decimalValue();
        } else if (value.isBoolean()) {
            return value.booleanValue();
        }
        throw new IllegalArgumentException(name + " is neither text nor a number nor a truth value");
    }

    private static BigDecimal seconds(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    private static Duration duration(JsonNode seconds) {
        if (!seconds.isNumber()) {
            throw new IllegalArgumentException("a timing is not a number");
        }
        return Duration.ofNanos(seconds.decimalValue().movePointRight(9).longValueExact());
    }

    private static String text(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(name + " is missing or not text");
        }
        return value.textValue();
    }

    private static Place place(String fact) {
        return PLACES.getOrDefault(fact, Place.required(fact));
    }

    /** The keys on the way to a value, outermost first. */
    private record Keys(List<String> keys) {

        static Keys of(String dotted) {
            return new Keys(List.of(dotted.split("\\.")));
        }

        List<String> parents() {
            return keys.subList(0, keys.size() - 1);
        }

        String last() {
            return keys.get(keys.size() - 1);
        }

        @Override
        public String toString() {
            return String.join(".", keys);
        }
    }

    /**
     * Where a fact stands in the file.
     *
     * @param value keys of its value
     * @param absent keys that are null if there is no such fact; null to leave it out
     */
    private record Place(Keys value, @Nullable Keys absent) {

        static Place required(String keys) {
            return new Place(Keys.of(keys), null);
        }

        static Place optional(String keys, String absent) {
            return new Place(Keys.of(keys), Keys.of(absent));
        }
    }
}
