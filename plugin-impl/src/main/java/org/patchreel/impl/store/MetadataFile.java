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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/**
 * {@code metadata.json}: how a clip was made, for people and programs. Instants are ISO 8601 in UTC, durations are seconds
 * with a decimal point, keys are always in the same order.
 */
final class MetadataFile {
    /** A prompt of the largest size is 40 kB; the rest is a list of weight files. */
    private static final int MAX_BYTES = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private MetadataFile() {}

    static void write(AssetMetadata metadata, Path file) throws IOException {
        Files.write(file, (JSON.writeValueAsString(toJson(metadata)) + "\n").getBytes(UTF_8));
    }

    /**
     * Reads a file back.
     *
     * @throws IOException if it cannot be read, is larger than 1 MiB or is damaged; the message names the file and what is
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
        ObjectNode root = JSON.createObjectNode()
                .put("id", metadata.id())
                .put("created", metadata.created().toString())
                .put("title", metadata.title().orElse(null))
                .put("prompt", metadata.prompt())
                .put("negativePrompt", metadata.negativePrompt());
        AssetMetadata.Model model = metadata.model();
        ArrayNode weights = root.putObject("model")
                .put("name", model.name())
                .put("family", model.family())
                .put("device", model.device())
                .put("precision", model.precision())
                .putArray("weights");
        for (WeightFile weight : model.weights()) {
            weights.addObject().put("path", weight.path()).put("sha256", weight.sha256());
        }
        root.putObject("sampling")
                .put("seed", metadata.sampling().seed())
                .put("steps", metadata.sampling().steps())
                .put("guidanceScale", metadata.sampling().guidanceScale());
        VideoFormat format = metadata.format();
        root.putObject("format")
                .put("width", format.width())
                .put("height", format.height())
                .put("frameCount", format.frameCount())
                .put("frameRate", format.frameRate().decimal());
        VideoFormat generated = metadata.generated();
        root.putObject("generated")
                .put("width", generated.width())
                .put("height", generated.height())
                .put("frameCount", generated.frameCount())
                .put("frameRate", generated.frameRate().decimal());
        root.put("frameInterpolation", metadata.frameInterpolation().label());
        root.put("codec", metadata.codec());
        ObjectNode timings = root.putObject("timings");
        metadata.timings().forEach((stage, time) -> timings.put(stage, seconds(time)));
        ArrayNode notes = root.putArray("notes");
        metadata.notes().forEach(notes::add);
        Provenance provenance = metadata.provenance();
        ObjectNode origin = root.putObject("provenance")
                .put("watermark", provenance.watermarkId().orElse(null));
        if (provenance.manifest().isPresent()) {
            SignedManifest manifest = provenance.manifest().get();
            origin.putObject("manifest")
                    .put("label", manifest.label())
                    .put("signer", manifest.signer())
                    .put("timestamped", manifest.timestamped());
        } else {
            origin.putNull("manifest");
        }
        return root.put("version", metadata.version());
    }

    private static AssetMetadata fromJson(JsonNode root) {
        JsonNode model = child(root, "model");
        List<WeightFile> weights = new ArrayList<>();
        for (JsonNode weight : child(model, "weights")) {
            weights.add(new WeightFile(text(weight, "path"), text(weight, "sha256")));
        }
        JsonNode sampling = child(root, "sampling");
        VideoFormat format = format(child(root, "format"));
        List<String> notes = new ArrayList<>();
        root.path("notes").forEach(note -> notes.add(note.asText()));
        Map<String, Duration> timings = new LinkedHashMap<>();
        child(root, "timings")
                .properties()
                .forEach(timing -> timings.put(timing.getKey(), duration(timing.getValue())));
        return new AssetMetadata(
                text(root, "id"),
                Instant.parse(text(root, "created")),
                root.hasNonNull("title") ? Optional.of(text(root, "title")) : Optional.empty(),
                text(root, "prompt"),
                text(root, "negativePrompt"),
                new AssetMetadata.Model(
                        text(model, "name"),
                        text(model, "family"),
                        text(model, "device"),
                        text(model, "precision"),
                        List.copyOf(weights)),
                new SamplingParameters(
                        number(sampling, "seed").longValueExact(),
                        integer(sampling, "steps"),
                        number(sampling, "guidanceScale").doubleValue()),
                format,
                generated(root, format),
                FrameInterpolation.parse(
                        "frameInterpolation",
                        root.path("frameInterpolation").asText(FrameInterpolation.REPEAT.label())),
                text(root, "codec"),
                Collections.unmodifiableMap(timings),
                List.copyOf(notes),
                provenance(root.path("provenance")),
                text(root, "version"));
    }

    private static VideoFormat format(JsonNode node) {
        return new VideoFormat(
                integer(node, "width"),
                integer(node, "height"),
                integer(node, "frameCount"),
                FrameRate.parse("frameRate", number(node, "frameRate").toPlainString()));
    }

    /** Clips of the first versions were scaled alone, and have the size alone. */
    private static VideoFormat generated(JsonNode root, VideoFormat format) {
        if (root.has("generated")) {
            return format(child(root, "generated"));
        }
        JsonNode size = child(root, "generatedSize");
        return format.withSize(new FrameSize(integer(size, "width"), integer(size, "height")));
    }

    /** Clips of the first versions have none. */
    private static Provenance provenance(JsonNode origin) {
        Optional<String> watermark =
                origin.hasNonNull("watermark") ? Optional.of(text(origin, "watermark")) : Optional.empty();
        if (!origin.hasNonNull("manifest")) {
            return new Provenance(watermark, Optional.empty());
        }
        JsonNode manifest = child(origin, "manifest");
        return new Provenance(
                watermark,
                Optional.of(new SignedManifest(
                        text(manifest, "label"), text(manifest, "signer"), flag(manifest, "timestamped"))));
    }

    private static boolean flag(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isBoolean()) {
            throw new IllegalArgumentException(name + " is missing or neither true nor false");
        }
        return value.booleanValue();
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

    private static JsonNode child(JsonNode parent, String name) {
        JsonNode child = parent.get(name);
        if (child == null || !child.isContainerNode()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return child;
    }

    private static String text(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(name + " is missing or no text");
        }
        return value.textValue();
    }

    private static BigDecimal number(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException(name + " is missing or no number");
        }
        return value.decimalValue();
    }

    private static int integer(JsonNode parent, String name) {
        return number(parent, name).intValueExact();
    }
}
