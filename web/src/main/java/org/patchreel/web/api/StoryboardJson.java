package org.patchreel.web.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.patchreel.api.Camera;
import org.patchreel.api.Media;
import org.patchreel.api.Shot;
import org.patchreel.api.Storyboard;

/** A storyboard as JSON: shots as requests have them, whose sources name a path instead of a file. */
final class StoryboardJson {

    /** Uses are shown by the sources that they make; of which file does not matter. */
    private static final Media ANY = new Media.Asset("any");

    private StoryboardJson() {}

    static Map<String, Object> of(Storyboard storyboard) {
        return Map.of(
                "shots", storyboard.panels().stream().map(StoryboardJson::panel).toList());
    }

    private static Map<String, Object> panel(Storyboard.Panel panel) {
        Shot shot = panel.shot();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt", shot.prompt());
        json.put("negativePrompt", shot.negativePrompt());
        shot.length()
                .ifPresent(length -> length.<Object, RuntimeException>fold(
                        seconds -> json.put("seconds", seconds.value()), frames -> json.put("frames", frames.count())));
        if (!shot.camera().equals(Camera.UNSPECIFIED)) {
            json.put("camera", shot.camera().toString());
        }
        json.put("transition", shot.next().label());
        json.put("sources", panel.media().stream().map(StoryboardJson::source).toList());
        return json;
    }

    private static Map<String, Object> source(Storyboard.Named named) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", named.key());
        json.put("path", named.path());
        json.putAll(named.use()
                .source(ANY)
                .<Map<String, Object>, RuntimeException>fold(
                        keyframe -> Map.of(
                                "use",
                                "keyframe",
                                "at",
                                keyframe.at().seconds().isPresent()
                                        ? (Object) keyframe.at().seconds().getAsDouble()
                                        : "last"),
                        continuation -> Map.of(
                                "use",
                                "continue",
                                "side",
                                continuation.side().name().toLowerCase(Locale.ROOT)),
                        restyle -> Map.of("use", "restyle", "strength", restyle.strength()),
                        interpolation -> Map.of("use", "interpolate", "factor", interpolation.factor()),
                        reference -> Map.of("use", "reference", "name", reference.name()),
                        control -> Map.of("use", "control"),
                        inpainting -> Map.of("use", "inpaint")));
        return json;
    }
}
