package org.patchreel.impl.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes OpenTimelineIO (<a
 * href="https://opentimelineio.readthedocs.io/en/latest/tutorials/otio-file-format-specification.html">file format
 * specification</a>). Clips have version 1 of their schema, with one medium each: readers of every version take it, and
 * newer ones make version 2 of it.
 *
 * <p>Media are relative URLs, taken from the timeline's own place; what Patchreel knows of a clip is in its metadata under
 * {@code patchreel}.
 */
final class OtioText {
    private static final String NAMESPACE = "patchreel";
    private static final ObjectWriter WRITER = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private OtioText() {}

    static String of(Timeline timeline) {
        Map<String, Object> track = object("Track.1", "Video", Map.of());
        track.put("source_range", null);
        track.put("effects", List.of());
        track.put("markers", List.of());
        track.put("enabled", true);
        track.put("kind", "Video");
        track.put(
                "children",
                timeline.clips().stream().map(clip -> clip(timeline, clip)).toList());
        Map<String, Object> stack = object("Stack.1", "tracks", Map.of());
        stack.put("source_range", null);
        stack.put("effects", List.of());
        stack.put("markers", List.of());
        stack.put("enabled", true);
        stack.put("children", List.of(track));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("rate", timeline.rate().decimal());
        facts.put("timecode", timeline.start().toString());
        Map<String, Object> whole = object("Timeline.1", timeline.name(), facts);
        whole.put("global_start_time", time(timeline.start()));
        whole.put("tracks", stack);
        try {
            return WRITER.writeValueAsString(whole) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> clip(Timeline timeline, Timeline.Clip place) {
        Medium medium = place.medium();
        Map<String, Object> range = range(medium.start(), medium.frames());
        Map<String, Object> reference = object("ExternalReference.1", medium.fileName(), Map.of());
        reference.put("available_range", range);
        reference.put("target_url", medium.path());
        Map<String, Object> facts = new LinkedHashMap<>(medium.facts());
        facts.put("reel", medium.reel());
        facts.put("timecode", timeline.start().plus(place.start()).toString());
        Map<String, Object> clip = object("Clip.1", medium.name(), facts);
        clip.put("source_range", range);
        clip.put("effects", List.of());
        clip.put(
                "markers",
                medium.markers().stream().map(marker -> marker(medium, marker)).toList());
        clip.put("enabled", true);
        clip.put("media_reference", reference);
        return clip;
    }

    private static Map<String, Object> marker(Medium medium, Medium.Marker marker) {
        Map<String, Object> object = object("Marker.2", marker.name(), marker.facts());
        object.put("color", "GREEN");
        object.put("marked_range", range(medium.start().plus(marker.start()), marker.frames()));
        object.put("comment", marker.shot().prompt());
        return object;
    }

    private static Map<String, Object> object(String schema, String name, Map<String, Object> facts) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("OTIO_SCHEMA", schema);
        object.put("metadata", facts.isEmpty() ? Map.of() : Map.of(NAMESPACE, facts));
        object.put("name", name);
        return object;
    }

    private static Map<String, Object> range(Timecode start, long frames) {
        Map<String, Object> range = new LinkedHashMap<>();
        range.put("OTIO_SCHEMA", "TimeRange.1");
        range.put("start_time", time(start));
        range.put("duration", time(new Timecode(frames, start.rate())));
        return range;
    }

    private static Map<String, Object> time(Timecode time) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("OTIO_SCHEMA", "RationalTime.1");
        object.put("rate", (double) time.rate().numerator() / time.rate().denominator());
        object.put("value", (double) time.frames());
        return object;
    }
}
