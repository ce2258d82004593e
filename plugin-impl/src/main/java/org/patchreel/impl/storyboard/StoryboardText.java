package org.patchreel.impl.storyboard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.MediaUse;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Storyboard.Named;
import org.patchreel.api.Storyboard.Panel;
import org.patchreel.api.Transition;

/**
 * Reads the text of a storyboard, JSON (<a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>) if it begins with a
 * brace, else YAML (<a href="https://yaml.org/spec/1.1/">1.1</a>) without tags and aliases. The keys are described in
 * docs/modes.md.
 */
public final class StoryboardText {

    private static final Set<String> KEYS = Set.of("characters", "negative", "shots");

    private static final Set<String> SHOT_KEYS = Set.of(
            "prompt",
            "negative",
            "seconds",
            "frames",
            "camera",
            "image",
            "lastImage",
            "keyframes",
            "from",
            "strength",
            "transition");

    private static final Set<String> KEYFRAME_KEYS = Set.of("at", "image");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Characters characters;
    private final Optional<String> negative;

    private StoryboardText(Characters characters, Optional<String> negative) {
        this.characters = characters;
        this.negative = negative;
    }

    /**
     * Reads a storyboard.
     *
     * @param name of the text, for messages
     * @param text at most {@value Storyboard#MAX_LENGTH} characters
     * @return the storyboard; its shots go together as those of a request
     * @throws IllegalArgumentException if it is none; the message names the text, the shot, the key and the value
     */
    public static Storyboard read(String name, String text) {
        if (text.length() > Storyboard.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    name + ": a storyboard has at most " + Storyboard.MAX_LENGTH + " characters");
        }
        try {
            Storyboard read = storyboard(new Keys("", tree(text)));
            GenerationRequest.builder(read.shots(StoryboardText::any)).build();
            return read;
        } catch (JsonProcessingException e) {
            String reason =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            String place =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException(name + place + ": " + reason, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(name + (message.startsWith("shot ") ? ", " : ": ") + message, e);
        }
    }

    /** Stands for a picture or clip while the shots are checked: the same for the same path. */
    private static Media any(String path) {
        return new Media.Upload(String.format("%064x", path.hashCode() & 0xffffffffL), path);
    }

    private static JsonNode tree(String text) throws IOException {
        ObjectMapper format = text.stripLeading().startsWith("{") ? JSON : YAML;
        if (format == YAML) {
            refuseReferences(text);
        }
        return format.readTree(text);
    }

    /** An alias stands for what is elsewhere, and a tag for a type: a storyboard needs neither. */
    private static void refuseReferences(String text) throws IOException {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String line = "line " + parser.currentTokenLocation().getLineNr();
                if (parser.isCurrentAlias()) {
                    throw new IllegalArgumentException(line + ": aliases are not read: *" + parser.getText());
                }
                if (parser.getTypeId() != null) {
                    throw new IllegalArgumentException(line + ": tags are not read: " + parser.getTypeId());
                }
            }
        }
    }

    private static Storyboard storyboard(Keys root) {
        root.check(KEYS);
        StoryboardText text = new StoryboardText(Characters.of(root), root.text("negative"));
        List<JsonNode> shots = root.list("shots");
        if (shots.isEmpty()) {
            throw new IllegalArgumentException("shots is empty or missing");
        }
        if (shots.size() > GenerationRequest.MAX_SHOTS) {
            throw new IllegalArgumentException(
                    "a storyboard has at most " + GenerationRequest.MAX_SHOTS + " shots, not " + shots.size());
        }
        List<Panel> panels = new ArrayList<>();
        for (JsonNode shot : shots) {
            panels.add(text.panel(new Keys("shot " + (panels.size() + 1) + ": ", shot)));
        }
        return new Storyboard(panels);
    }

    private Panel panel(Keys shot) {
        shot.check(SHOT_KEYS);
        String prompt = shot.text("prompt").orElseThrow(() -> shot.refused("prompt is missing"));
        OptionalDouble seconds = shot.number("seconds");
        OptionalInt frames = shot.integer("frames");
        return shot.checked(() -> new Panel(
                new Shot(
                        characters.described(prompt),
                        shot.text("negative").or(() -> negative).orElse(""),
                        ClipLength.of(seconds, frames),
                        List.of(),
                        shot.text("camera")
                                .map(text -> Camera.parse("camera", text))
                                .orElse(Camera.UNSPECIFIED),
                        shot.text("transition")
                                .map(text -> Transition.parse("transition", text))
                                .orElse(Transition.CUT)),
                media(shot, prompt)));
    }

    private List<Named> media(Keys shot, String prompt) {
        List<Named> media = new ArrayList<>(characters.pictures(prompt));
        OptionalDouble strength = shot.number("strength");
        Optional<String> from = shot.text("from");
        if (strength.isPresent() && from.isEmpty()) {
            throw new IllegalArgumentException("strength goes with from, which is missing");
        }
        from.ifPresent(path -> media.add(
                new Named("from", path, new MediaUse.Restyled(strength.orElse(Source.Restyle.DEFAULT_STRENGTH)))));
        shot.text("image").ifPresent(path -> media.add(new Named("image", path, new MediaUse.Frame(Position.FIRST))));
        int number = 0;
        for (JsonNode each : shot.list("keyframes")) {
            Keys keyframe = new Keys(shot.place() + "keyframe " + ++number + ": ", each);
            keyframe.check(KEYFRAME_KEYS);
            double at = keyframe.number("at").orElseThrow(() -> keyframe.refused("at is missing"));
            String path = keyframe.text("image").orElseThrow(() -> keyframe.refused("image is missing"));
            Position position = keyframe.checked(() -> Position.at(at));
            media.add(new Named("keyframes", path, new MediaUse.Frame(position)));
        }
        shot.text("lastImage")
                .ifPresent(path -> media.add(new Named("lastImage", path, new MediaUse.Frame(Position.LAST))));
        return media;
    }
}
