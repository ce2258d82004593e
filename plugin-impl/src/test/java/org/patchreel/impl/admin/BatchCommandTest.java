package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.ClipLength;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.contract.KeptSources;
import org.patchreel.impl.store.FileSourceStore;
import org.patchreel.impl.verify.ScriptedVerifier;

class BatchCommandTest {

    private static final Requester ANNA = Requester.of("anna");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final FakeGenerator generator = new FakeGenerator(new JobState.Cancelled());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt,size,seconds,steps,model#a ball,64x64,0.2,1,#b ball,64x64,0.2,1,nosuch|t.csv, row 2: unknown model: nosuch, installed: starter",
                "prompt,size#a ball,64x64#b ball,65x64|t.csv, row 2: width must be a multiple of 2: 65, nearest are 64 and 66",
                "prompt,frame.rate#a ball,12.5|t.csv, row 1: frame.rate must be a whole number from 1 to 120, or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): 12.5",
                "prompt,sise#a ball,64x64|t.csv, nothing uses the column sise: no placeholder {sise} stands for it, and the columns that need none are name, prompt, prompt.property, prompt.asset, negative.prompt, model, size, seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, step.cache, guidance.mode, lora, folder, title, creator, copyright, expires, camera, image, last.image, keyframes, from, strength, mask, control, character.NAME, extend, extend.side, lead.to, interpolate, factor, loop, fit, kind, storyboard, storyboard.property",
                "prompt,seed,prompt#a ball,1,a cube|t.csv: the column prompt appears twice",
                "text;size#a ball;64x64|t.csv, nothing uses the column text: no placeholder {text} stands for it, and the columns that need none are name, prompt, prompt.property, prompt.asset, negative.prompt, model, size, seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, step.cache, guidance.mode, lora, folder, title, creator, copyright, expires, camera, image, last.image, keyframes, from, strength, mask, control, character.NAME, extend, extend.side, lead.to, interpolate, factor, loop, fit, kind, storyboard, storyboard.property",
            })
    void namesWhatIsWrongInAnyRowBeforeAnythingIsGenerated(String table, String message) throws IOException {
        Files.writeString(folder.resolve("t.csv"), table.replace('#', '\n'));
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run("t.csv", "--out", "x"))
                        .getMessage());
        assertEquals(List.of(), generator.requests);
        assertTrue(Files.notExists(folder.resolve("x")));
    }

    @Test
    void makesRequestsOfTheRowsThatAreThere() throws Exception {
        Files.writeString(
                folder.resolve("t.csv"), "\uFEFFPrompt;Seconds;Camera\r\na ball;0,5;pan left, dolly in\r\n;\r\n;;\r\n");
        assertEquals(
                1,
                run(
                        "t.csv",
                        "--out",
                        "x",
                        "--fps",
                        "29.97",
                        "--interpolation",
                        "blend",
                        "--seed",
                        "7",
                        "--step-cache",
                        "safe"));
        GenerationRequest request = generator.requests.get(0);
        assertEquals(1, generator.requests.size());
        assertEquals(
                List.of(new Shot(
                        "a ball",
                        "",
                        Optional.of(new ClipLength.Seconds(0.5)),
                        List.of(),
                        Camera.of(CameraMove.PAN_LEFT, CameraMove.DOLLY_IN))),
                request.shots());
        assertEquals("29.97", request.frameRate().orElseThrow().toString());
        assertEquals("blend", request.frameInterpolation().label());
        assertEquals(
                "safe", request.sampling().denoising().stepCache().orElseThrow().label());
        assertEquals(List.of(ANNA), generator.requesters);
    }

    @Test
    void findsPicturesBesideTheTableAndClipsOfAssets() throws Exception {
        Path photos = Files.createDirectories(folder.resolve("tables/photos"));
        Files.writeString(photos.resolve("4711.png"), "a picture");
        Files.writeString(
                folder.resolve("tables/t.csv"),
                "image;from;strength\nphotos/4711.png;;\n;" + OneAssetStore.ID + ";0,25\n");
        run("tables/t.csv", "--out", "x", "--prompt", "a ball", "--strength", "0.5", "--loop");
        // The first one is cancelled, and the run goes on.
        GenerationRequest pictured = generator.requests.get(0);
        assertTrue(pictured.loop());
        assertEquals(
                List.of(new Source.Keyframe(
                        KeptSources.upload("4711.png", "a picture".getBytes(UTF_8)), Position.FIRST)),
                pictured.shots().get(0).sources());
        assertEquals(
                List.of(new Source.Restyle(new Media.Asset(OneAssetStore.ID), 0.25)),
                generator.requests.get(1).shots().get(0).sources());
    }

    @Test
    void readsStoryboardsBesideTheTable() throws Exception {
        Path tables = Files.createDirectories(folder.resolve("tables"));
        Files.writeString(tables.resolve("a.png"), "a picture");
        Files.writeString(tables.resolve("s.yaml"), "shots: [{prompt: a ball}, {prompt: a cube, image: a.png}]");
        Files.writeString(tables.resolve("t.csv"), "storyboard;prompt\ns.yaml;\n;a cone\n");
        run("tables/t.csv", "--out", "x");
        assertEquals(
                List.of(2, 1),
                generator.requests.stream()
                        .map(request -> request.shots().size())
                        .toList());
        assertEquals(
                List.of(new Source.Keyframe(KeptSources.upload("a.png", "a picture".getBytes(UTF_8)), Position.FIRST)),
                generator.requests.get(0).shots().get(1).sources());
        Files.writeString(tables.resolve("t.csv"), "storyboard\nnone.yaml\n");
        assertEquals(
                "tables/t.csv, row 1: there is no text asset none.yaml, which should hold the storyboard",
                assertThrows(IllegalArgumentException.class, () -> run("tables/t.csv", "--out", "y"))
                        .getMessage());
    }

    @Test
    void namesThePictureThatIsMissing() throws Exception {
        Files.writeString(folder.resolve("t.csv"), "prompt,image\na ball,ball.png\n");
        assertEquals(
                "t.csv, row 1: image: there is no picture or clip ball.png",
                assertThrows(IllegalArgumentException.class, () -> run("t.csv", "--out", "x"))
                        .getMessage());
    }

    private int run(String... arguments) throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        FileSourceStore sources = new FileSourceStore(
                new FileSourceStore.Limits(folder.resolve("sources"), 1 << 20, 1 << 20, Duration.ofDays(1)),
                InstantSource.system());
        return new BatchCommand(
                        generator,
                        new ScriptedVerifier(file -> {
                            throw new IOException("no clip is made here");
                        }),
                        new OneAssetStore(folder.resolve("clip.mp4")),
                        sources)
                .run(folder, ANNA, Console.lines(nowhere, nowhere), arguments);
    }
}
