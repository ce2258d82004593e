package org.patchreel.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.Media;
import org.patchreel.api.MediaUse;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StepCache;
import org.patchreel.api.Storyboard;

class GenerateClipInputTest {

    private static final Optional<SourceStore> NO_STORE = Optional.empty();

    /** A line is a shot: its prompt and, behind a bar, its first picture. The name stands before the first prompt. */
    private static final Storyboard.Reader READER = (name, text) -> new Storyboard((name + " " + text)
            .lines()
            .map(line -> line.split(" [|] ", 2))
            .map(parts -> new Storyboard.Panel(
                    new Shot(parts[0], "", Optional.empty()),
                    parts.length == 1
                            ? List.of()
                            : List.of(new Storyboard.Named("image", parts[1], new MediaUse.Frame(Position.FIRST)))))
            .toList());

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
        GenerationRequest request = input.request(BALL, NO_STORE, READER);
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
                "prompt = a ; frames = 50 ; frame.rate = 29.97 ; frame.interpolation = blend ; camera = pan left"
                        + " ; step.cache = fast ; guidance.mode = cfg-zero-star");
        assertEquals(Camera.of(CameraMove.PAN_LEFT), request.shots().get(0).camera());
        assertEquals(
                Optional.of(new ClipLength.Frames(50)), request.shots().get(0).length());
        assertEquals(Optional.of(new FrameRate(30_000, 1001)), request.frameRate());
        assertEquals(FrameInterpolation.BLEND, request.frameInterpolation());
        assertEquals(
                new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)),
                request.sampling().denoising());
    }

    /** As text from a word processor or a web page, and files of Windows' editor, have it. */
    @Test
    void passesOverByteOrderMarksAndSpacesThatDoNotBreak() throws IOException {
        GenerationRequest request = GenerateClipInput.parse(
                        "\uFEFFprompt\u00A0=\u00A0a\u00A0ball\u00A0\n\u00A0\u2007seed = 7\u200B\n\u00A0# x\n")
                .request(BALL, NO_STORE, READER);
        assertEquals("a\u00A0ball", request.shots().get(0).prompt());
        assertEquals(OptionalLong.of(7), request.sampling().seed());
        assertEquals(
                OptionalLong.of(7),
                GenerateClipInput.of(Map.of("\uFEFFprompt", "a", "seed\u00A0", "7"))
                        .request(BALL, NO_STORE, READER)
                        .sampling()
                        .seed());
    }

    @Test
    void leavesTheHostsArgumentsToItAndNamesThem() throws IOException {
        assertEquals(
                "a",
                GenerateClipInput.parse("prompt = a\non.failure = route", "on.failure")
                        .request(BALL, NO_STORE, READER)
                        .shots()
                        .get(0)
                        .prompt());
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> GenerateClipInput.parse("on.fail = route", "on.failure"))
                .getMessage());
        assertTrue(message.endsWith("fit, kind, storyboard, storyboard.property, on.failure"), message);
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

    @Test
    void choosesLorasByName() throws Exception {
        assertEquals(
                List.of(new Adapter("snow", 0.8), new Adapter("ball", 1)),
                request("prompt = a ; lora = snow:0.8, ball").adapters());
        assertEquals(List.of(), request("prompt = a").adapters());
    }

    @Test
    void statesRightsWithWhatThePayloadSays() throws Exception {
        assertEquals(
                new Rights(
                        Optional.of("Studio Red ball"),
                        Optional.of("© Red ball"),
                        Optional.of(Instant.parse("2027-06-30T00:00:00Z"))),
                request("prompt = a ; creator = Studio {title} ; copyright = © {title} ; expires = 2027-06-30")
                        .rights());
        assertEquals(Rights.NONE, request("prompt = a").rights());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expires = soon|expires must be like 2027-06-30 or 2027-06-30T18:00:00Z: soon",
                "creator = {blank}|the payload has no property blank, which {blank} stands for",
                "prompt|an argument is NAME = VALUE on a line of its own: prompt",
                "= x|an argument is NAME = VALUE on a line of its own: = x",
                "seed = 1 ; seed = 2|the argument seed appears twice",
                "sed = 1|unknown argument sed, known: prompt, prompt.property, prompt.asset, negative.prompt, model, size,"
                        + " seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, step.cache,"
                        + " guidance.mode, lora, folder, title,"
                        + " creator, copyright, expires,"
                        + " camera, image, last.image, keyframes, from, strength, mask, control, character.NAME, extend, extend.side, lead.to,"
                        + " interpolate, factor, loop, fit, kind, storyboard, storyboard.property",
                "lora = a:b|lora is NAME or NAME:STRENGTH, a number from -10 to 10: a:b",
                "lora = a, a|the adapter a is given twice",
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
                "step.cache = slow|step.cache must be off, safe or fast: slow",
                "guidance.mode = none|guidance.mode must be cfg, cfg-zero-star or apg: none",
                "frame.interpolation = mix|frame.interpolation must be repeat or blend: mix",
                "seconds = 1 ; frames = 5|seconds and frames both say how long the clip is: 1.0 and 5; give one of them",
                "prompt = a ; prompt.asset = b|only one of prompt, prompt.property and prompt.asset can be given",
                "prompt = {mood} ball|the payload has no property mood, which {mood} stands for",
                "prompt = {blank}|the payload has no property blank, which {blank} stands for",
                "prompt.property = mood|the payload has no property mood, which should hold the prompt",
                "prompt = a ; strength = 0.5|strength goes with from, which is missing",
                "prompt = a ; extend.side = before|extend.side goes with extend, which is missing",
                "prompt = a ; extend = /a.mp4 ; extend.side = left|extend.side must be after or before: left",
                "prompt = a ; from = /a.mp4 ; strength = 1.5|strength is above 0 and at most 1: 1.5",
                "prompt = a ; from = /a.mp4 ; image = /a.png|a shot that restyles a clip has no other picture or clip, this"
                        + " one has 1",
                "prompt = a ; extend = /a.mp4 ; extend.side = before ; lead.to = /b.mp4|a shot continues one clip on each"
                        + " side, not two",
                "prompt = a ; keyframes = /a.png|keyframes must be SECONDS=PICTURE: /a.png",
                "prompt = a ; keyframes = 1 =|keyframes must be SECONDS=PICTURE: 1 =",
                "prompt = a ; keyframes = one = /a.png|keyframes must be a number: one",
                "prompt = a ; keyframes = 1 = /a.png, 1.0 = /b.png|two pictures for one frame of a shot: 1.0 s",
                "prompt = a ; factor = 3|factor goes with interpolate, which is missing",
                "prompt = a ; interpolate = /a.mp4 ; factor = 9|factor is from 2 to 8: 9",
                "prompt = a ; interpolate = /a.mp4 ; factor = 2.5|factor must be a whole number: 2.5",
                "prompt = a ; kind = film|kind must be clip or still: film",
                "prompt = a ; kind = still ; seconds = 1|a still has no length",
                "prompt = a ; loop = yes|loop must be true or false: yes",
                "prompt = a ; fit = stretch|fit must be cover or contain: stretch",
                "prompt = a ; image = /none|image: there is no picture or clip /none",
                "prompt = a ; image = {mood}|the payload has no property mood, which {mood} stands for",
                "image = payload|the payload is the picture or clip of image and cannot hold the prompt, too: give prompt,"
                        + " prompt.property or prompt.asset",
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
                                () -> GenerateClipInput.parse("")
                                        .request(new Payload(Map.of(), Optional.empty()), NO_STORE, READER))
                        .getMessage());
    }

    private static GenerationRequest request(String arguments) throws IOException {
        return GenerateClipInput.parse(arguments.replace(" ; ", "\n")).request(BALL, Optional.of(new Kept()), READER);
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

        @Override
        public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
            String name = path.orElse("itself");
            return name.equals("/none")
                    ? Optional.empty()
                    : Optional.of(store.put(new ByteArrayInputStream(name.getBytes(UTF_8)), name));
        }
    }

    /** Keeps nothing but tells the digest. */
    private static final class Kept implements SourceStore {
        private final List<String> names = new ArrayList<>();

        @Override
        public Media.Upload put(InputStream content, String name) throws IOException {
            names.add(name);
            try {
                return new Media.Upload(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes())),
                        name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean contains(String sha256) {
            return false;
        }

        @Override
        public Optional<InputStream> open(String sha256) {
            return Optional.empty();
        }

        @Override
        public long maxBytes() {
            return Long.MAX_VALUE;
        }
    }

    private static Media file(String name) throws IOException {
        return new Kept().put(new ByteArrayInputStream(name.getBytes(UTF_8)), name);
    }

    private static List<Source> sources(String arguments) throws IOException {
        return request(arguments).shots().get(0).sources();
    }

    @Test
    void readsPicturesInTheOrderOfTheirFrames() throws IOException {
        assertEquals(
                List.of(
                        new Source.Keyframe(file("itself"), Position.FIRST),
                        new Source.Keyframe(file("/a, b.png"), Position.at(1.5)),
                        new Source.Keyframe(file("/Red ball.png"), Position.at(3)),
                        new Source.Keyframe(file("/z.png"), Position.LAST)),
                sources(
                        "prompt = a ; last.image = /z.png ; keyframes = 1.5=/a, b.png, 3 = /{title}.png ; image = payload"));
    }

    @Test
    void readsTheClipThatIsRestyled() throws IOException {
        assertEquals(
                List.of(new Source.Restyle(file("/a.mp4"), 0.25)),
                sources("prompt = a ; from = /a.mp4 ; strength = 0.25"));
        assertEquals(List.of(new Source.Restyle(file("/a.mp4"), 0.6)), sources("prompt = a ; from = /a.mp4"));
    }

    @Test
    void readsWhatTheModelFollows() throws IOException {
        assertEquals(
                List.of(
                        new Source.Inpainting(file("/a.mp4"), Optional.of(file("/m.png"))),
                        new Source.Control(file("/d.mp4")),
                        new Source.Reference(file("/b.png"), "ball"),
                        new Source.Reference(file("/c.png"), "ball")),
                sources("prompt = a ; character.ball.2 = /c.png ; character.ball = /b.png ; control = /d.mp4"
                        + " ; from = /a.mp4 ; mask = /m.png"));
        assertEquals(
                List.of(new Source.Inpainting(file("/a.mp4"), Optional.empty())),
                sources("prompt = a ; from = /a.mp4 ; mask = borders ; fit = contain"));
        assertRefused("mask goes with from, which is missing", "prompt = a ; mask = /m.png");
        assertRefused(
                "strength is for a clip that is restyled, not for one with a mask",
                "prompt = a ; from = /a.mp4 ; mask = /m.png ; strength = 0.5");
        assertRefused("the payload is the picture or clip of from", "from = /a.mp4 ; mask = payload");
    }

    private void assertRefused(String reason, String arguments) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> sources(arguments))
                .getMessage());
        assertTrue(message.startsWith(reason), message);
    }

    @Test
    void readsTheClipsThatAreContinued() throws IOException {
        assertEquals(
                List.of(new Source.Continuation(file("itself"), Side.AFTER)), sources("prompt = a ; extend = payload"));
        assertEquals(
                List.of(new Source.Continuation(file("/a.mp4"), Side.BEFORE)),
                sources("prompt = a ; extend = /a.mp4 ; extend.side = BEFORE"));
        assertEquals(
                List.of(
                        new Source.Continuation(file("/a.mp4"), Side.AFTER),
                        new Source.Continuation(file("/b.mp4"), Side.BEFORE)),
                sources("prompt = a ; lead.to = /b.mp4 ; extend = /a.mp4"));
    }

    @Test
    void readsTheClipThatIsInterpolated() throws IOException {
        assertEquals(
                List.of(new Source.Interpolation(file("itself"), 2)), sources("prompt = a ; interpolate = payload"));
        assertEquals(
                List.of(new Source.Interpolation(file("/a.mp4"), 4)),
                sources("prompt = a ; interpolate = /a.mp4 ; factor = 4"));
    }

    @Test
    void readsWhatIsMade() throws IOException {
        assertEquals(OutputKind.CLIP, request("prompt = a").kind());
        assertEquals(OutputKind.STILL, request("prompt = a ; kind = STILL").kind());
        assertEquals(
                OutputKind.STILL,
                GenerateClipInput.parse("prompt = a\nkind = still\nfolder = /x")
                        .withoutFolder()
                        .kind());
    }

    @Test
    void readsHowPicturesFillTheFrameAndWhetherTheClipIsALoop() throws IOException {
        GenerationRequest request = request("prompt = a ; loop = TRUE ; fit = contain");
        assertTrue(request.loop());
        assertEquals(Fit.CONTAIN, request.fit());
        assertFalse(request("prompt = a ; loop = false").loop());
    }

    @Test
    void makesTheSameRequestOfTheSamePayload() throws IOException {
        String arguments = "prompt = a ; image = payload ; keyframes = 1=/a.png";
        assertArrayEquals(request(arguments).canonical(), request(arguments).canonical());
    }

    @Test
    void copiesNoFileForARequestThatIsWrongWithoutIt() {
        Kept store = new Kept();
        GenerateClipInput input = GenerateClipInput.parse("prompt = a\nimage = /a.png\nsize = 65x64");
        assertThrows(IllegalArgumentException.class, () -> input.request(BALL, Optional.of(store), READER));
        assertEquals(List.of(), store.names);
    }

    @Test
    void makesARequestOfAStoryboard() throws IOException {
        Payload payload =
                new Payload(Map.of("story", "a ball\na cube | /cube.png\na cone | payload"), Optional.of("a {x}\nb"));
        GenerationRequest request = GenerateClipInput.parse("storyboard.property = story\nsize = 64x64\nseed = 7")
                .request(payload, Optional.of(new Kept()), READER);
        assertEquals(
                List.of("story a ball", "a cube", "a cone"),
                request.shots().stream().map(Shot::prompt).toList());
        assertEquals(
                List.of(
                        List.of(),
                        List.of(new Source.Keyframe(file("/cube.png"), Position.FIRST)),
                        List.of(new Source.Keyframe(file("itself"), Position.FIRST))),
                request.shots().stream().map(Shot::sources).toList());
        assertEquals(Optional.of(new FrameSize(64, 64)), request.size());
        assertEquals(7, request.sampling().seed().orElseThrow());
        assertEquals(
                List.of("/a.yaml text of /a.yaml"),
                GenerateClipInput.parse("storyboard = /a.yaml").request(payload, NO_STORE, READER).shots().stream()
                        .map(Shot::prompt)
                        .toList());
        // braces of a storyboard name its characters, not properties of the payload
        assertEquals(
                List.of("storyboard a {x}", "b"),
                GenerateClipInput.parse("storyboard = payload").request(payload, NO_STORE, READER).shots().stream()
                        .map(Shot::prompt)
                        .toList());
    }

    @Test
    void saysWhatIsWrongWithAStoryboard() {
        Payload payload = new Payload(Map.of("story", "a ball\na cube | /none"), Optional.empty());
        assertStoryboardRefused(
                payload, "storyboard = /none", "there is no text asset /none, which should hold the storyboard");
        assertStoryboardRefused(
                payload, "storyboard.property = x", "the payload has no property x, which should hold the storyboard");
        assertStoryboardRefused(
                payload, "storyboard.property = story", "shot 2, image: there is no picture or clip /none");
        assertStoryboardRefused(
                payload, "storyboard = /a\nprompt = b", "only one of these can be given: prompt, storyboard");
        assertStoryboardRefused(
                payload,
                "storyboard = /a\nseconds = 2",
                "seconds cannot be given: a storyboard says that of each shot");
        assertStoryboardRefused(
                payload, "storyboard = /a\nimage = /b", "image cannot be given: a storyboard says that of each shot");
    }

    private static void assertStoryboardRefused(Payload payload, String arguments, String message) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> GenerateClipInput.parse(arguments)
                                        .request(payload, Optional.of(new Kept()), READER))
                        .getMessage());
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
