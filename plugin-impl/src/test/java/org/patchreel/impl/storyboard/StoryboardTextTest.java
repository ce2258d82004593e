package org.patchreel.impl.storyboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;

class StoryboardTextTest {

    private static final String YAML = """
            # a comment
            characters:
              ball: a red ball
              cube: {description: "a blue: cube"}
            negative: blurred
            shots:
              - prompt: "{ball} rolls past a tree {x"
                seconds: 2.5
                transition: dissolve
              - prompt: |
                  { ball } and {cube}
                  on snow
                frames: 16
                negative: text
                camera: pan left then zoom in
                image: first.png
                lastImage: Last.PNG
                keyframes:
                  - {at: 1, image: 4711.jpg}
                transition: continue
              - prompt: the sun sets
                transition: Cut
              - {prompt: at night, from: day.mp4, strength: 0.7}
            """;

    private static final String JSON = """
            {"characters": {"ball": "a red ball", "cube": {"description": "a blue: cube"}}, "negative": "blurred", "shots": [
            {"prompt": "{ball} rolls past a tree {x", "seconds": 2.5, "transition": "dissolve"},
            {"prompt": "{ ball } and {cube}\\non snow", "frames": 16, "negative": "text", "camera": "pan left then zoom in",
            "image": "first.png", "lastImage": "Last.PNG", "keyframes": [{"at": 1, "image": "4711.jpg"}],
            "transition": "continue"},
            {"prompt": "the sun sets"}, {"prompt": "at night", "from": "day.mp4", "strength": 0.7}]}""";

    @ParameterizedTest
    @ValueSource(strings = {YAML, JSON})
    void readsWhatEachShotShows(String text) throws Exception {
        List<Shot> shots = StoryboardText.read("story", text).shots(path -> new Media.Asset(path.replace(".", "")));
        assertEquals(
                List.of(
                        new Shot(
                                "a red ball rolls past a tree {x",
                                "blurred",
                                Optional.of(new ClipLength.Seconds(2.5)),
                                List.of(),
                                Camera.UNSPECIFIED,
                                Transition.DISSOLVE),
                        new Shot(
                                "a red ball and a blue: cube\non snow",
                                "text",
                                Optional.of(new ClipLength.Frames(16)),
                                List.of(
                                        new Source.Keyframe(new Media.Asset("firstpng"), Position.FIRST),
                                        new Source.Keyframe(new Media.Asset("4711jpg"), Position.at(1)),
                                        new Source.Keyframe(new Media.Asset("LastPNG"), Position.LAST)),
                                Camera.parse("camera", "pan left then zoom in"),
                                Transition.CONTINUE),
                        new Shot("the sun sets", "blurred", Optional.empty()),
                        new Shot(
                                "at night",
                                "blurred",
                                Optional.empty(),
                                List.of(new Source.Restyle(new Media.Asset("daymp4"), 0.7)),
                                Camera.UNSPECIFIED)),
                shots);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | s: keys and values are expected, not nothing",
                "just words | s: keys and values are expected, not `\"just words\"`",
                "shots: [] | s: shots is empty or missing",
                "negative: x | s: shots is empty or missing",
                "shots: 7 | s: shots is not a list: 7",
                "shots: [a] | s, shot 1: keys and values are expected, not `\"a\"`",
                "title: x | s: unknown key title, known: characters, negative, shots",
                "shots: [{prompt: a}, {promt: b}] | s, shot 2: unknown key promt, known: camera, frames, from, image,"
                        + " keyframes, lastImage, negative, prompt, seconds, strength, transition",
                "shots: [{seconds: 1}] | s, shot 1: prompt is missing",
                "shots: [{prompt: 7}] | s, shot 1: prompt is not a text: 7",
                "shots: [{prompt: ' '}] | s, shot 1: prompt is not a text: `\" \"`",
                "shots: [{prompt: a, seconds: two}] | s, shot 1: seconds is not a number: `\"two\"`",
                "shots: [{prompt: a, seconds: -1}] | s, shot 1: seconds must be more than 0 and at most 3600: -1.0",
                "shots: [{prompt: a, seconds: 1, frames: 8}] | s, shot 1: seconds and frames both say how long the clip is:"
                        + " 1.0 and 8; give one of them",
                "shots: [{prompt: a, frames: 1.5}] | s, shot 1: frames is not a whole number: 1.5",
                "shots: [{prompt: a, frames: 99999999999}] | s, shot 1: frames is not a whole number: 99999999999",
                "shots: [{prompt: a, transition: wipe}] | s, shot 1: transition must be one of cut, dissolve, continue: wipe",
                "shots: [{prompt: a, transition: dissolve}] | s: the last shot passes into no other one, its transition"
                        + " cannot be dissolve",
                "shots: [{prompt: a, transition: continue}, {prompt: b, image: c.png}] | s, shot 2 begins with the last"
                        + " frame of the one before and has no first picture of its own",
                "shots: [{prompt: a}, {prompt: a, from: x, strength: 1.5}] | s, shot 2: strength is above 0 and at most 1:"
                        + " 1.5",
                "shots: [{prompt: a, strength: 0.5}] | s, shot 1: strength goes with from, which is missing",
                "shots: [{prompt: a, from: x, image: y}] | s, shot 1: a shot that restyles a clip has no other picture or"
                        + " clip, this one has 1",
                "shots: [{prompt: a, keyframes: [{image: x}]}] | s, shot 1: keyframe 1: at is missing",
                "shots: [{prompt: a, keyframes: [{at: -1, image: x}]}] | s, shot 1: keyframe 1: a place in a shot is 0"
                        + " seconds or more: -1.0",
                "shots: [{prompt: a, keyframes: [{at: 1, image: x}, {at: 1, image: y}]}] | s, shot 1: two pictures for one"
                        + " frame of a shot: 1.0 s",
                "shots: [{prompt: '{ball} rolls'}] | s, shot 1: unknown character ball, known: none",
                "`characters: {ball: a, cube: b}\nshots: [{prompt: c}, {prompt: 'a {cone}'}]` | s, shot 2: unknown character"
                        + " cone, known: ball, cube",
                "characters: {ball: 'beside {cube}', cube: 'beside {ball}'} | s: character ball: a description names no"
                        + " other character: {cube}",
                "characters: {ball: 'beside {ball}'} | s: character ball: a description names no other character: {ball}",
                "characters: {ball: {images: [x.png]}} | s: character ball: description is missing",
                "characters: {ball: {description: a, images: [7]}} | s: character ball: images has an entry that is no path: 7",
                "characters: {ball: {description: a, images: x.png}} | s: character ball: images is not a list: `\"x.png\"`",
                "characters: [ball] | s: characters is not a list of names and descriptions",
                "characters: {'a b': x} | s: characters: a name has 1 to 40 letters, digits, _ and -: a b",
                "characters: {ball: 7} | s: character ball: keys and values are expected, not 7",
                "`characters: {ball: ''}` | s: characters: ball is not a text: `\"\"`",
            })
    void namesTheTextTheShotTheKeyAndTheValue(String text, String message) {
        assertEquals(message.replace("`", ""), refusal(text));
    }

    /** Whether a model takes them, it says itself. */
    @Test
    void picturesOfACharacterGoWithTheShotsThatNameIt() throws Exception {
        String text = """
                characters:
                  ball: {description: a red ball, images: [front.png, back.png]}
                  cube: a blue cube
                shots:
                - prompt: "{ball} beside {cube} and {ball}"
                  image: first.png
                - prompt: "{cube}"
                """;
        List<Shot> shots = StoryboardText.read("s", text).shots(path -> new Media.Asset(path.replace(".", "")));
        assertEquals(
                "a red ball beside a blue cube and a red ball", shots.get(0).prompt());
        assertEquals(
                List.of(
                        new Source.Reference(new Media.Asset("frontpng"), "ball"),
                        new Source.Reference(new Media.Asset("backpng"), "ball"),
                        new Source.Keyframe(new Media.Asset("firstpng"), Position.FIRST)),
                shots.get(0).sources());
        assertEquals(List.of(), shots.get(1).sources());
    }

    @Test
    void refusesMoreShotsThanAClipHas() {
        assertEquals(
                "s: a storyboard has at most 100 shots, not 10000",
                refusal("shots:\n" + "- {prompt: a}\n".repeat(10_000)));
        assertEquals(
                "s: a storyboard has at most 262144 characters",
                refusal("shots:\n" + "- {prompt: a}\n".repeat(20_000)));
    }

    /** YAML can name what stands elsewhere again and again, and types of the program that reads it. */
    @Test
    void refusesAliasesAndTags() {
        String bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nshots: []\n";
        assertEquals("s: line 2: aliases are not read: *a", refusal(bomb));
        assertEquals(
                "s: line 1: tags are not read: tag:yaml.org,2002:javax.script.ScriptEngineManager",
                refusal("shots: !!javax.script.ScriptEngineManager [x]"));
        assertEquals(
                "s: line 1: tags are not read: tag:yaml.org,2002:binary",
                refusal("shots: [{prompt: !!binary aGVsbG8=}]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shots: [",
                "shots: [{prompt: a, prompt: b}]",
                "shots: []\nshots: []",
                "---\nshots: []\n---\nshots: []",
                "\tshots: x",
                "{\"shots\": [}",
                "{\"shots\": [], \"shots\": []}",
                "{} {}",
                "%YAML 9.9\n---\nshots: []",
                "shots: \u0000",
            })
    void refusesMalformedTextInOneLine(String text) {
        assertOneLine(refusal(text));
    }

    @Test
    void refusesTextsThatAreNestedWithoutEnd() {
        assertOneLine(refusal("[".repeat(200_000)));
        assertOneLine(refusal("{\"shots\":".repeat(20_000)));
        assertOneLine(refusal("- ".repeat(100_000)));
        assertOneLine(refusal("? ".repeat(100_000)));
    }

    private static void assertOneLine(String message) {
        assertTrue(message.startsWith("s") && message.lines().count() == 1 && message.length() < 300, message);
    }

    private static String refusal(String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> StoryboardText.read("s", text))
                .getMessage());
    }

    @Test
    void aStoryboardHasShots() {
        assertEquals(
                "a storyboard has at least one shot",
                assertThrows(IllegalArgumentException.class, () -> new Storyboard(List.of()))
                        .getMessage());
    }
}
