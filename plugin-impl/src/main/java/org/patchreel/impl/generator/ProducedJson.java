package org.patchreel.impl.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.fingerprint.Fingerprint;

/** Writes what is known of a clip as JSON and reads it back on another machine. What is read may be hostile: it is checked. */
final class ProducedJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Of the text; a reader refuses what a later one has written. */
    private static final int VERSION = 1;

    private static final String ADAPTERS = "adapters";
    private static final String MASTER = "masterFingerprint";
    private static final int MAX_TEXT = 2000;
    private static final int MAX_ITEMS = 2000;
    private static final int MAX_STAGES = 100;

    private ProducedJson() {}

    /** {@return one line of JSON} */
    static String write(Produced clip) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("version", VERSION);
        ObjectNode model = json.putObject("model");
        model.put("name", clip.model().name())
                .put("family", clip.model().family())
                .put("device", clip.model().device())
                .put("precision", clip.model().precision());
        ArrayNode weights = model.putArray("weights");
        clip.model()
                .weights()
                .forEach(file -> weights.addObject().put("path", file.path()).put("sha256", file.sha256()));
        clip.model()
                .adapters()
                .forEach(used -> model.withArray("/" + ADAPTERS)
                        .addObject()
                        .put("name", used.adapter().name())
                        .put("strength", used.adapter().strength())
                        .put("path", used.file().path())
                        .put("sha256", used.file().sha256()));
        json.put("codec", clip.codec());
        ObjectNode timings = json.putObject("timings");
        clip.timings().forEach((stage, time) -> timings.put(stage, time.toNanos()));
        clip.notes().forEach(json.putArray("notes")::add);
        clip.watermark().ifPresent(mark -> {
            ObjectNode watermark = json.putObject("watermark");
            watermark.put("algorithm", mark.algorithm()).put("id", mark.id());
            mark.span().ifPresent(span -> watermark.put("start", span.start()).put("end", span.end()));
        });
        json.put("fingerprint", base64(clip.fingerprint()));
        clip.master().ifPresent(master -> json.put(MASTER, base64(master)));
        return json.toString();
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param text JSON
     * @return what is known of the clip
     * @throws IllegalArgumentException if it is something else, or a value is wrong; the message names it
     */
    static Produced read(String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a made clip: " + e.getOriginalMessage(), e);
        }
        long version = number(json, "version");
        if (version != VERSION) {
            throw new IllegalArgumentException("made clip of version " + version + ", version " + VERSION + " is read");
        }
        JsonNode model = value(json, "model");
        return new Produced(
                new AssetMetadata.Model(
                        string(model, "name"),
                        string(model, "family"),
                        string(model, "device"),
                        string(model, "precision"),
                        weights(model),
                        model.has(ADAPTERS) ? adapters(model) : List.of()),
                string(json, "codec"),
                timings(value(json, "timings")),
                notes(json),
                json.has("watermark") ? Optional.of(mark(json.get("watermark"))) : Optional.empty(),
                fingerprint(json, "fingerprint"),
                json.has(MASTER) ? Optional.of(fingerprint(json, MASTER)) : Optional.empty());
    }

    private static String base64(Fingerprint fingerprint) {
        return Base64.getEncoder().encodeToString(fingerprint.toBytes());
    }

    private static List<WeightFile> weights(JsonNode json) {
        List<WeightFile> files = new ArrayList<>();
        for (JsonNode file : list(json, "weights")) {
            files.add(new WeightFile(string(file, "path"), string(file, "sha256")));
        }
        return List.copyOf(files);
    }

    private static List<AdapterFile> adapters(JsonNode json) {
        List<AdapterFile> files = new ArrayList<>();
        for (JsonNode file : list(json, ADAPTERS)) {
            JsonNode strength = value(file, "strength");
            if (!strength.isNumber()) {
                throw new IllegalArgumentException("made clip: the strength of an adapter is no number: " + strength);
            }
            files.add(new AdapterFile(
                    new Adapter(string(file, "name"), strength.doubleValue()),
                    new WeightFile(string(file, "path"), string(file, "sha256"))));
        }
        return List.copyOf(files);
    }

    private static Map<String, Duration> timings(JsonNode json) {
        if (json.size() > MAX_STAGES) {
            throw new IllegalArgumentException("made clip: timings of more than " + MAX_STAGES + " stages");
        }
        Map<String, Duration> timings = new LinkedHashMap<>();
        json.fieldNames().forEachRemaining(stage -> timings.put(stage, time(json, stage)));
        return timings;
    }

    private static Duration time(JsonNode json, String stage) {
        long nanos = number(json, stage);
        if (nanos < 0) {
            throw new IllegalArgumentException("made clip: the time of stage " + stage + " is negative: " + nanos);
        }
        return Duration.ofNanos(nanos);
    }

    private static List<String> notes(JsonNode json) {
        List<String> notes = new ArrayList<>();
        for (JsonNode note : list(json, "notes")) {
            if (!note.isTextual() || note.textValue().length() > MAX_TEXT) {
                throw new IllegalArgumentException("made clip: a note is no text, or too long");
            }
            notes.add(note.textValue());
        }
        return List.copyOf(notes);
    }

    private static SoftBinding mark(JsonNode json) {
        return new SoftBinding(
                string(json, "algorithm"),
                string(json, "id"),
                json.has("start")
                        ? Optional.of(new SoftBinding.Span(number(json, "start"), number(json, "end")))
                        : Optional.empty());
    }

    private static Fingerprint fingerprint(JsonNode json, String name) {
        JsonNode value = value(json, name);
        return Fingerprint.fromBytes(Base64.getDecoder().decode(value.asText()));
    }

    private static JsonNode list(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isArray() || value.size() > MAX_ITEMS) {
            throw new IllegalArgumentException("made clip: " + name + " is not a list of at most " + MAX_ITEMS);
        }
        return value;
    }

    private static long number(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("made clip: " + name + " is not a whole number: " + value);
        }
        return value.longValue();
    }

    private static String string(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isTextual() || value.textValue().length() > MAX_TEXT) {
            throw new IllegalArgumentException("made clip: " + name + " is not a text of at most " + MAX_TEXT);
        }
        return value.textValue();
    }

    private static JsonNode value(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("made clip: " + name + " is missing");
        }
        return value;
    }
}
