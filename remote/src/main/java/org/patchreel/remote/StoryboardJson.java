package org.patchreel.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.MediaUse;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;

/** A storyboard as the API answers it. */
final class StoryboardJson {

    private StoryboardJson() {}

    static Storyboard read(JsonFields storyboard) throws RemoteFailure {
        List<Storyboard.Panel> panels = new ArrayList<>();
        for (JsonFields shot : storyboard.objects("shots")) {
            List<Storyboard.Named> media = new ArrayList<>();
            for (JsonFields source : shot.objects("sources")) {
                MediaUse use = source.made(() -> use(source));
                media.add(new Storyboard.Named(source.text("key"), source.text("path"), use));
            }
            panels.add(new Storyboard.Panel(shot.made(() -> shot(shot)), media));
        }
        return storyboard.made(() -> new Storyboard(panels));
    }

    private static Shot shot(JsonFields shot) throws RemoteFailure {
        Optional<Double> seconds = shot.optionalNumber("seconds");
        Optional<Integer> frames = shot.optionalInteger("frames");
        Optional<String> camera = shot.optionalText("camera");
        return new Shot(
                shot.text("prompt"),
                shot.text("negativePrompt"),
                ClipLength.of(
                        seconds.isPresent() ? OptionalDouble.of(seconds.get()) : OptionalDouble.empty(),
                        frames.isPresent() ? OptionalInt.of(frames.get()) : OptionalInt.empty()),
                List.of(),
                camera.isPresent() ? Camera.parse("camera", camera.get()) : Camera.UNSPECIFIED,
                shot.word("transition", List.of(Transition.values()), Transition::label));
    }

    private static MediaUse use(JsonFields source) throws RemoteFailure {
        String use = source.text("use");
        return switch (use) {
            case "keyframe" -> new MediaUse.Frame(at(source));
            case "continue" ->
                new MediaUse.Continued(source.word(
                        "side",
                        List.of(Source.Continuation.Side.values()),
                        side -> side == Source.Continuation.Side.AFTER ? "after" : "before"));
            case "restyle" -> new MediaUse.Restyled(source.number("strength"));
            case "interpolate" -> new MediaUse.Interpolated(source.integer("factor"));
            case "reference" -> new MediaUse.Referenced(source.text("name"));
            case "control" -> new MediaUse.Controlled();
            default -> throw source.wrong("use", "one that this version knows");
        };
    }

    /** Seconds, or the word for the last frame. */
    private static Position at(JsonFields source) throws RemoteFailure {
        return source.isText("at") ? Position.LAST : Position.at(source.number("at"));
    }
}
