package org.patchreel.impl.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads OpenTimelineIO as strictly as its documentation allows: every object has a schema of these versions, and exactly the
 * fields that the schema has (<a
 * href="https://opentimelineio.readthedocs.io/en/latest/tutorials/otio-serialized-schema-only-fields.html">serialized
 * schema</a>).
 */
final class OtioReader {
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "Timeline.1", Set.of("metadata", "name", "global_start_time", "tracks"),
            "Stack.1", Set.of("metadata", "name", "source_range", "effects", "markers", "enabled", "children"),
            "Track.1", Set.of("metadata", "name", "source_range", "effects", "markers", "enabled", "children", "kind"),
            "Clip.1", Set.of("metadata", "name", "source_range", "effects", "markers", "enabled", "media_reference"),
            "ExternalReference.1", Set.of("metadata", "name", "available_range", "target_url"),
            "TimeRange.1", Set.of("start_time", "duration"),
            "RationalTime.1", Set.of("rate", "value"));

    private OtioReader() {}

    /** What a timeline says. */
    record Timeline(String name, double startSeconds, List<Clip> clips) {
        double seconds() {
            return clips.stream().mapToDouble(Clip::seconds).sum();
        }
    }

    /** What a clip says. */
    record Clip(String name, String url, double startSeconds, double seconds, JsonNode metadata) {}

    static Timeline read(JsonNode root) {
        schema(root, "Timeline.1");
        JsonNode stack = schema(root.get("tracks"), "Stack.1");
        if (stack.get("children").size() != 1) {
            throw new IllegalArgumentException(stack.get("children").size() + " tracks");
        }
        JsonNode track = schema(stack.get("children").get(0), "Track.1");
        if (!track.get("kind").textValue().equals("Video")) {
            throw new IllegalArgumentException("kind " + track.get("kind"));
        }
        List<Clip> clips = new ArrayList<>();
        track.get("children").forEach(clip -> clips.add(clip(clip)));
        return new Timeline(root.get("name").textValue(), seconds(root.get("global_start_time")), clips);
    }

    private static Clip clip(JsonNode clip) {
        schema(clip, "Clip.1");
        JsonNode range = schema(clip.get("source_range"), "TimeRange.1");
        JsonNode reference = schema(clip.get("media_reference"), "ExternalReference.1");
        JsonNode available = schema(reference.get("available_range"), "TimeRange.1");
        if (seconds(range.get("start_time")) < seconds(available.get("start_time"))
                || seconds(range.get("duration")) > seconds(available.get("duration"))) {
            throw new IllegalArgumentException("the clip is longer than its medium: " + clip);
        }
        return new Clip(
                clip.get("name").textValue(),
                reference.get("target_url").textValue(),
                seconds(range.get("start_time")),
                seconds(range.get("duration")),
                clip.get("metadata"));
    }

    private static double seconds(JsonNode time) {
        schema(time, "RationalTime.1");
        if (!time.get("rate").isDouble() || !time.get("value").isDouble()) {
            throw new IllegalArgumentException("times are floating-point numbers: " + time);
        }
        return time.get("value").doubleValue() / time.get("rate").doubleValue();
    }

    private static JsonNode schema(JsonNode object, String schema) {
        Set<String> fields = new TreeSet<>();
        object.fieldNames().forEachRemaining(fields::add);
        Set<String> expected =
                new TreeSet<>(Optional.ofNullable(FIELDS.get(schema)).orElseThrow());
        expected.add("OTIO_SCHEMA");
        if (!object.path("OTIO_SCHEMA").asText().equals(schema) || !fields.equals(expected)) {
            throw new IllegalArgumentException("no " + schema + ", or with other fields than it has: " + object);
        }
        return object;
    }
}
