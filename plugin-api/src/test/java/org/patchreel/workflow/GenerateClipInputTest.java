package org.patchreel.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Destination;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;

class GenerateClipInputTest {

    private static final Payload BALL =
            new Payload(Map.of("title", " Red ball ", "dc:subject", "{title}"), Optional.of("a text"));

    @Test
    void readsOneArgumentALine() throws IOException {
        GenerateClipInput input = GenerateClipInput.parse("""
                # a comment
                prompt = a = b, {title}; {unclosed

                size=640X368
                seed = -7\r
                title = {title} / {dc:subject}
                folder = /content/dam/{title}
                """);
        GenerationRequest request = input.request(BALL);
        assertEquals("a = b, Red ball; {unclosed", request.shots().get(0).prompt());
        assertEquals(Optional.of(new FrameSize(640, 368)), request.size());
        assertEquals(OptionalLong.of(-7), request.sampling().seed());
        assertEquals(
                new Destination(Optional.of("/content/dam/Red ball"), Optional.of("Red ball / {title}")),
                request.destination());
    }

    @Test
    void readsRatesAndLengths() throws IOException {
        GenerationRequest request = request(
                "prompt = a ; frames = 50 ; frame.rate = 29.97 ; frame.interpolation = blend ; camera = pan left");
        assertEquals(Camera.of(CameraMove.PAN_LEFT), request.shots().get(0).camera());
        assertEquals(
                Optional.of(new ClipLength.Frames(50)), request.shots().get(0).length());
        assertEquals(Optional.of(new FrameRate(30_000, 1001)), request.frameRate());
        assertEquals(FrameInterpolation.BLEND, request.frameInterpolation());
    }

    /** As text from a word processor or a web page, and files of Windows' editor, have it. */
    @Test
    void passesOverByteOrderMarksAndSpacesThatDoNotBreak() throws IOException {
        GenerationRequest request = GenerateClipInput.parse(
                        "\uFEFFprompt\u00A0=\u00A0a\u00A0ball\u00A0\n\u00A0\u2007seed = 7\u200B\n\u00A0# x\n")
                .request(BALL);
        assertEquals("a\u00A0ball", request.shots().get(0).prompt());
        assertEquals(OptionalLong.of(7), request.sampling().seed());
        assertEquals(
                OptionalLong.of(7),
                GenerateClipInput.of(Map.of("\uFEFFprompt", "a", "seed\u00A0", "7"))
                        .request(BALL)
                        .sampling()
                        .seed());
    }

    @Test
    void leavesTheHostsArgumentsToItAndNamesThem() throws IOException {
        assertEquals(
                "a",
                GenerateClipInput.parse("prompt = a\non.failure = route", "on.failure")
                        .request(BALL)
                        .shots()
                        .get(0)
                        .prompt());
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> GenerateClipInput.parse("on.fail = route", "on.failure"))
                .getMessage());
        assertTrue(message.endsWith("folder, title, camera, on.failure"), message);
    }

    @Test
    void takesThePromptFromWhereItIsSaidToBe() throws IOException {
        assertEquals(
                "{title}",
                request("prompt.property = dc:subject").shots().get(0).prompt());
        assertEquals(
                "text of /a.txt",
                request("prompt.asset = /a.txt").shots().get(0).prompt());
        assertEquals("a text", request("").shots().get(0).prompt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt|an argument is NAME = VALUE on a line of its own: prompt",
                "= x|an argument is NAME = VALUE on a line of its own: = x",
                "seed = 1 ; seed = 2|the argument seed appears twice",
                "sed = 1|unknown argument sed, known: prompt, prompt.property, prompt.asset, negative.prompt, model, size,"
                        + " seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, folder, title,"
                        + " camera",
                "seed = many|seed must be a whole number: many",
                "steps = 2.5|steps must be a whole number: 2.5",
                "seconds = long|seconds must be a number: long",
                "size = 640|size must be WIDTHxHEIGHT, for example 640x368: 640",
                "steps = 0|steps must be 1 to 1000: 0",
                "seconds = NaN|seconds must be a number: NaN",
                "seconds = 0x1p3|seconds must be a number: 0x1p3",
                "seconds = 4d|seconds must be a number: 4d",
                "seconds = 1e3|seconds must be a number: 1e3",
                "seconds = ٤|seconds must be a number: ٤",
                "seconds = 0,5|seconds must be a number: 0,5",
                "seed = ٤|seed must be a whole number: ٤",
                "seed = 99999999999999999999|seed must be a whole number: 99999999999999999999",
                "steps = 4294967297|steps must be a whole number: 4294967297",
                "camera = pan left, pan right|camera: a camera cannot make the moves pan left and pan right at once",
                "frame.interpolation = mix|frame.interpolation must be repeat or blend: mix",
                "seconds = 1 ; frames = 5|seconds and frames both say how long the clip is: 1.0 and 5; give one of them",
                "prompt = a ; prompt.asset = b|only one of prompt, prompt.property and prompt.asset can be given",
                "prompt = {mood} ball|the payload has no property mood, which {mood} stands for",
                "prompt = {blank}|the payload has no property blank, which {blank} stands for",
                "prompt.property = mood|the payload has no property mood, which should hold the prompt",
                "prompt.asset = /none|there is no text asset /none, which should hold the prompt",
            })
    void namesWhatIsWrong(String arguments, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> request(arguments))
                        .getMessage());
    }

    @Test
    void saysWhatIsMissingWhenThePayloadIsNoText() {
        assertEquals(
                "the payload is not a text asset, and no prompt, prompt.property or prompt.asset is given",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> GenerateClipInput.parse("").request(new Payload(Map.of(), Optional.empty())))
                        .getMessage());
    }

    private static GenerationRequest request(String arguments) throws IOException {
        return GenerateClipInput.parse(arguments.replace(" ; ", "\n")).request(BALL);
    }

    private record Payload(Map<String, String> properties, Optional<String> own) implements StepPayload {
        @Override
        public Optional<String> property(String name) {
            return name.equals("blank") ? Optional.of(" ") : Optional.ofNullable(properties.get(name));
        }

        @Override
        public Optional<String> text(Optional<String> path) {
            return path.isEmpty()
                    ? own
                    : path.filter(asset -> !asset.equals("/none")).map(asset -> "text of " + asset);
        }
    }

    @Test
    void losesItsFolderAndNothingElse() {
        GenerateClipInput input = GenerateClipInput.parse("prompt = a ball\nsteps = 4\ntitle = Ball");
        assertEquals(
                input,
                GenerateClipInput.parse("prompt = a ball\nsteps = 4\ntitle = Ball\nfolder = /clips")
                        .withoutFolder());
    }
}
