package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.Rights;
import org.patchreel.api.Source;
import org.patchreel.api.StepCache;
import org.patchreel.impl.export.UnsignedExport;
import org.patchreel.impl.store.FileSourceStore;

class GenerateCommandTest {

    private static final Requester ANNA = Requester.of("anna");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path folder;
    private OneAssetStore store;
    private FakeGenerator generator;
    private FileSourceStore sources;

    @BeforeEach
    void storeAClip(@TempDir Path directory) throws IOException {
        folder = directory;
        Path clip = Files.writeString(
                Files.createDirectory(folder.resolve("assets")).resolve("clip.mp4"), "a clip");
        store = new OneAssetStore(clip);
        sources = new FileSourceStore(
                new FileSourceStore.Limits(folder.resolve("sources"), 1 << 20, 1 << 20, Duration.ofDays(1)),
                InstantSource.system());
        generator = new FakeGenerator(new JobState.Completed(store.asset.reference()));
    }

    @Test
    void asksForNoMoreThanThePrompt() throws Exception {
        run("a red ball");
        assertEquals(GenerationRequest.of("a red ball"), generator.requests.get(0));
        assertEquals(ANNA, generator.requesters.get(0));
    }

    @Test
    void handsEveryOptionOn() throws Exception {
        run(
                "a red ball",
                "--negative",
                "grey",
                "--seed",
                "-5",
                "--steps",
                "4",
                "--guidance",
                "1.5",
                "--guidance-mode",
                "cfg-zero-star",
                "--step-cache",
                "fast",
                "--size",
                "640x368",
                "--seconds",
                "2.5",
                "--fps",
                "29.97",
                "--interpolation",
                "blend",
                "--camera",
                "pan left and dolly in",
                "--model",
                "wan",
                "--title",
                "Red",
                "--creator",
                "Anna",
                "--copyright",
                "© Studio",
                "--expires",
                "2027-06-30",
                "--lora",
                "snow:0.8",
                "--lora",
                "ball",
                "--folder",
                "/content/dam/spring");
        assertEquals(
                GenerationRequest.builder("a red ball")
                        .negativePrompt("grey")
                        .model("wan")
                        .size(640, 368)
                        .seconds(2.5)
                        .frameRate(new FrameRate(30_000, 1001))
                        .frameInterpolation(FrameInterpolation.BLEND)
                        .camera(Camera.of(CameraMove.PAN_LEFT, CameraMove.DOLLY_IN))
                        .seed(-5)
                        .steps(4)
                        .guidanceScale(1.5)
                        .denoising(new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)))
                        .adapters(List.of(new Adapter("snow", 0.8), new Adapter("ball", 1)))
                        .destination(new Destination(Optional.of("/content/dam/spring"), Optional.of("Red")))
                        .rights(new Rights(
                                Optional.of("Anna"),
                                Optional.of("© Studio"),
                                Optional.of(Instant.parse("2027-06-30T00:00:00Z"))))
                        .build(),
                generator.requests.get(0));
    }

    @Test
    void handsPicturesOnThatAreFiles() throws Exception {
        Files.writeString(folder.resolve("a.png"), "abc");
        Files.writeString(folder.resolve("b.png"), "abd");
        run(
                "a red ball",
                "--image",
                "a.png",
                "--keyframe",
                "1.5=b.png",
                "--keyframe=1=a.png",
                "--last-image",
                "b.png",
                "--loop");
        Media a = new Media.Upload("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "a.png");
        Media b = new Media.Upload("a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9", "b.png");
        assertEquals(
                GenerationRequest.builder("a red ball")
                        .source(new Source.Keyframe(a, Position.FIRST))
                        .source(new Source.Keyframe(b, Position.at(1.5)))
                        .source(new Source.Keyframe(a, Position.at(1)))
                        .source(new Source.Keyframe(b, Position.LAST))
                        .loop(true)
                        .build(),
                generator.requests.get(0));
        assertTrue(sources.find(((Media.Upload) a).sha256()).isPresent());
    }

    @Test
    void handsAnAssetOnThatIsRestyled() throws Exception {
        String id = store.asset.reference().id();
        run("a red ball", "--from", id, "--strength", "0.7");
        run("a red ball", "--from", id);
        assertEquals(
                List.of(new Source.Restyle(new Media.Asset(id), 0.7)),
                generator.requests.get(0).shots().get(0).sources());
        assertEquals(
                List.of(new Source.Restyle(new Media.Asset(id), 0.6)),
                generator.requests.get(1).shots().get(0).sources());
    }

    @Test
    void handsOnWhatTheModelFollows() throws Exception {
        Media.Asset asset = new Media.Asset(store.asset.reference().id());
        run(
                "a",
                "--character",
                "ball=" + asset.id(),
                "--control",
                asset.id(),
                "--from",
                asset.id(),
                "--mask",
                asset.id());
        assertEquals(
                List.of(
                        new Source.Inpainting(asset, Optional.of(asset)),
                        new Source.Control(asset),
                        new Source.Reference(asset, "ball")),
                generator.requests.get(0).shots().get(0).sources());
        run("a", "--from", asset.id(), "--mask", "borders", "--fit", "contain");
        assertEquals(
                List.of(new Source.Inpainting(asset, Optional.empty())),
                generator.requests.get(1).shots().get(0).sources());
        refuses("--mask goes with --from, which is missing", "a", "--mask", asset.id());
        refuses("--character is NAME=PICTURE, not ball", "a", "--character", "ball");
        refuses(
                "--strength is for a clip that is restyled, not for one with --mask",
                "a",
                "--from",
                asset.id(),
                "--mask",
                asset.id(),
                "--strength",
                "0.5");
    }

    private void refuses(String message, String... arguments) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run(arguments))
                        .getMessage());
    }

    @Test
    void namesEveryCameraMoveInItsHelp() throws Exception {
        run("--help");
        String help = out.toString(UTF_8).replaceAll("\\s+", " ");
        for (CameraMove move : CameraMove.values()) {
            assertTrue(help.contains(move.label()), move.label());
        }
    }

    @Test
    void printsOneJsonObjectAndNothingElseOnTheStandardOutput() throws Exception {
        run("a red ball", "--json", "--out", "ball.mp4");
        String text = out.toString(UTF_8);
        assertEquals(1, text.lines().count());
        JsonNode json = new ObjectMapper().readTree(text);
        assertEquals(OneAssetStore.ID, json.get("id").textValue());
        assertEquals(
                folder.resolve("assets/clip.mp4").toString(), json.get("file").textValue());
        assertEquals(9007199254740991L, json.get("seed").longValue());
        assertEquals("a \"red\" ball\nrolls $5 \u4e2d", json.get("prompt").textValue());
        assertEquals(folder.resolve("ball.mp4").toString(), json.get("out").textValue());
        assertEquals("a clip", Files.readString(folder.resolve("ball.mp4")));
    }

    @Test
    void printsForPeople() throws Exception {
        run("a red ball");
        assertEquals("""
                asset   01JD3V7Q0P8W5N2M4K6H8F0D2B
                clip    %s
                format  320x320, 17 frames at 8 fps, 2.125 s
                made    96x96, 17 frames at 8 fps: scaled to 320x320
                mark    0123456789abcdef
                signed  CN=Signer
                seed    9007199254740991
                model   starter
                took    1.5 s
                note    the prompt is longer than the model reads
                """.formatted(folder.resolve("assets/clip.mp4")), out.toString(UTF_8));
    }

    @Test
    void printsWhatWouldBeMade() throws Exception {
        run("a red ball", "--dry-run");
        assertEquals("""
                model   starter
                format  320x320, 1441 frames at 24 fps, 60.042 s
                made    96x96, 481 frames at 8 fps
                plan    rolling, 30 windows of 17 frames that overlap by 4
                steps   8 for each window, the network runs 240 times
                time    about 117.3 s, as clips of this model took before
                """, out.toString(UTF_8));
        assertTrue(generator.requests.isEmpty());
    }

    @Test
    void queuesAJobAndDoesNotWaitForIt() throws Exception {
        generator = new FakeGenerator(new JobState.Queued());
        run("a red ball", "--queue");
        assertEquals("job JOB1 queued\n", out.toString(UTF_8));
        assertEquals(1, generator.requests.size());
        assertEquals(
                "either --out, which waits for the clip, or --queue",
                assertThrows(IllegalArgumentException.class, () -> run("a ball", "--queue", "--out", "x.mp4"))
                        .getMessage());
        assertEquals(1, generator.requests.size());
    }

    @Test
    void printsWhatWouldBeMadeAsJson() throws Exception {
        run("a red ball", "--dry-run", "--json");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals("starter", json.get("model").textValue());
        assertEquals(1441, json.get("clip").get("frames").intValue());
        assertEquals(24, json.get("clip").get("frameRate").intValue());
        assertEquals(96, json.get("generated").get("width").intValue());
        assertEquals("rolling", json.get("method").textValue());
        assertEquals(30, json.get("windows").intValue());
        assertEquals(240, json.get("passes").intValue());
        assertEquals(117.34, json.get("estimatedSeconds").doubleValue());
        assertTrue(generator.requests.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--size|640|--size must be WIDTHxHEIGHT, for example 640x368: 640",
                "--size|0x0|each side must be 1 to 8192 pixels: 0x0",
                "--size|99999x16|each side must be 1 to 8192 pixels: 99999x16",
                "--seconds|-1|seconds must be more than 0 and at most 3600: -1.0",
                "--seconds|NaN|--seconds must be a number: NaN",
                "--fps|0|--fps must be a whole number from 1 to 120, or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): 0",
                "--fps|12.5|--fps must be a whole number from 1 to 120, or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): 12.5",
                "--step-cache|slow|--step-cache must be off, safe or fast: slow",
                "--guidance-mode|none|--guidance-mode must be cfg, cfg-zero-star or apg: none",
                "--interpolation|mix|--interpolation must be repeat or blend: mix",
                "--camera|pan left, pan right|--camera: a camera cannot make the moves pan left and pan right at once",
                "--size|641x360|width must be a multiple of 2: 641, nearest are 640 and 642",
                "--frames|0|frames must be 1 to 3601: 0",
                "--seconds|0x1p3|--seconds must be a number: 0x1p3",
                "--seconds|4d|--seconds must be a number: 4d",
                "--seconds|٤|--seconds must be a number: ٤",
                "--seconds|1e3|--seconds must be a number: 1e3",
                "--seed|٤|--seed must be a whole number: ٤",
                "--steps|1001|steps must be 1 to 1000: 1001",
                "--guidance|0.5|guidance scale must be 1 to 100: 0.5",
                "--seed|x|--seed must be a whole number: x",
                "--model|' '|model name is empty",
                "--out|''|--out names no file",
                "--creator|' '|creator is empty",
                "--expires|30.06.2027|--expires must be like 2027-06-30 or 2027-06-30T18:00:00Z: 30.06.2027",
                "--lora|a:b|--lora is NAME or NAME:STRENGTH, a number from -10 to 10: a:b",
                "--lora|/tmp/a.safetensors|--lora: an adapter's name has 1 to 128 letters, digits, '.', '_' or '-', the first a letter or digit: /tmp/a.safetensors",
                "--frame|5|unknown option --frame, known: --camera --character --control --copyright --creator --dry-run --expires --fit --folder --fps --frames --from --guidance --guidance-mode --help --image --interpolation --json --keyframe --last-image --loop --lora --mask --model --negative --out --queue --quiet --seconds --seed --size --step-cache --steps --still --strength --title",
                "--strength|0.5|--strength goes with --from, which is missing",
                "--image|lost.png|--image: there is neither a file nor an asset lost.png",
                "--keyframe|a.png|--keyframe must be SECONDS=PICTURE: a.png",
                "--fit|stretch|--fit must be cover or contain: stretch",
            })
    void refusesBadValuesBeforeAnythingIsGenerated(String option, String value, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run("a ball", option, value))
                        .getMessage());
        assertTrue(generator.requests.isEmpty());
    }

    @Test
    void makesAStillAndCopiesItsPicture() throws Exception {
        Path still = Files.writeString(folder.resolve("assets").resolve("still.png"), "a picture");
        store = OneAssetStore.ofStill(still);
        Files.writeString(folder.resolve("a.png"), "abc");
        run("a ball", "--still", "--from", "a.png", "--out", "ball.png");
        Media a = new Media.Upload("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "a.png");
        assertEquals(
                GenerationRequest.builder("a ball")
                        .kind(OutputKind.STILL)
                        .source(new Source.Restyle(a, 0.6))
                        .build(),
                generator.requests.get(0));
        assertEquals("a picture", Files.readString(folder.resolve("ball.png")));
        String printed = out.toString(UTF_8);
        assertTrue(printed.contains("still   " + still) && printed.contains("format  320x320 pixels"), printed);
    }

    @Test
    void copiesAStillAsAJpegFileIfItsNameSaysSo() throws Exception {
        Path still = folder.resolve("assets").resolve("still.png");
        ImageIO.write(new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB), "png", still.toFile());
        store = OneAssetStore.ofStill(still);
        Files.writeString(folder.resolve("ball.JPG"), "is replaced");
        run("a ball", "--still", "--out", "ball.JPG");
        byte[] jpeg = Files.readAllBytes(folder.resolve("ball.JPG"));
        assertEquals(0xFFD8, (jpeg[0] & 0xFF) << 8 | (jpeg[1] & 0xFF));
        assertEquals(32, ImageIO.read(folder.resolve("ball.JPG").toFile()).getWidth());
        try (Stream<Path> files = Files.list(folder)) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith(".")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds|2|a still has no length",
                "--frames|5|a still has no length",
                "--fps|24|a still has no frame rate",
                "--out|ball.mp4|--out: the name of a still must end with .png, .jpg or .jpeg: ball.mp4",
                "--image|a.png|a still is one frame: the picture would be the result; restyle it instead",
            })
    void refusesOfAStillWhatOnlyAClipHas(String option, String value, String message) throws IOException {
        Files.writeString(folder.resolve("a.png"), "abc");
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run("a ball", "--still", option, value))
                        .getMessage());
        assertTrue(generator.requests.isEmpty());
    }

    @Test
    void refusesTwoLengths() {
        assertEquals(
                "seconds and frames both say how long the clip is: 2.0 and 5; give one of them",
                assertThrows(IllegalArgumentException.class, () -> run("a ball", "--seconds", "2", "--frames", "5"))
                        .getMessage());
    }

    @Test
    void readsValuesThatWereCopiedWithInvisibleSpace() throws Exception {
        run("a ball", "--seed", "\u00A07\uFEFF", "--size", "\uFEFF64x64 ");
        assertEquals(GenerationRequest.builder("a ball").seed(7).size(64, 64).build(), generator.requests.get(0));
    }

    @Test
    void refusesAnEmptyPrompt() {
        assertThrows(IllegalArgumentException.class, () -> run(" "));
        assertThrows(IllegalArgumentException.class, () -> run());
    }

    @Test
    void refusesToCopyIntoAMissingFolderBeforeAnythingIsGenerated() {
        assertThrows(IllegalArgumentException.class, () -> run("a ball", "--out", "no/such/folder/ball.mp4"));
        assertTrue(generator.requests.isEmpty());
    }

    @Test
    void failsWithTheJobsReason() {
        GenerationException cause = new GenerationException(Reason.MEMORY, "no room");
        generator = new FakeGenerator(new JobState.Failed(cause));
        assertSame(cause, assertThrows(GenerationException.class, () -> run("a ball", "--out", "ball.mp4")));
        assertTrue(Files.notExists(folder.resolve("ball.mp4")));
        assertEquals("", out.toString(UTF_8));
    }

    @Test
    void saysThatTheJobWasCancelled() {
        generator = new FakeGenerator(new JobState.Cancelled());
        assertThrows(CancellationException.class, () -> run("a ball"));
    }

    @Test
    void cancelsTheJobWhenItIsInterrupted() {
        generator = new FakeGenerator(new JobState.Queued());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> run("a ball"));
        assertTrue(generator.cancelled);
    }

    @Test
    void showsHelpWithAnExample() throws Exception {
        run("--help");
        assertTrue(out.toString(UTF_8).contains("example: generate"));
        assertTrue(generator.requests.isEmpty());
    }

    private void run(String... arguments) throws Exception {
        new GenerateCommand(generator, store, sources, UnsignedExport.create())
                .run(
                        folder,
                        ANNA,
                        Console.lines(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)),
                        arguments);
    }
}
