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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.Requester;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Source.Interpolation;
import org.patchreel.impl.store.FileSourceStore;

class ContinueCommandsTest {

    private static final Requester ANNA = Requester.of("anna");
    private static final Media ABC =
            new Media.Upload("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "a.mp4");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Path folder;
    private OneAssetStore store;
    private FakeGenerator generator;
    private ContinueCommands commands;
    private Console console;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        folder = directory;
        store = new OneAssetStore(Files.writeString(folder.resolve("clip.mp4"), "a clip"));
        generator = new FakeGenerator(new JobState.Completed(store.asset.reference()));
        commands = new ContinueCommands(
                generator,
                store,
                new FileSourceStore(
                        new FileSourceStore.Limits(folder.resolve("sources"), 1 << 20, 1 << 20, Duration.ofDays(1)),
                        InstantSource.system()));
        PrintStream stream = new PrintStream(out, true, UTF_8);
        console = new Console(stream, stream, () -> 80, false, false);
        Files.writeString(folder.resolve("a.mp4"), "abc");
    }

    @Test
    void extendsAFileAfterItsEndOrBeforeItsBeginning() throws Exception {
        commands.extend(folder, ANNA, console, "a.mp4", "the ball rolls on", "--seconds", "3");
        commands.extend(folder, ANNA, console, "--before", "a.mp4", "the ball comes");
        assertEquals(
                GenerationRequest.builder("the ball rolls on")
                        .source(new Continuation(ABC, Side.AFTER))
                        .seconds(3)
                        .build(),
                generator.requests.get(0));
        assertEquals(
                List.of(new Continuation(ABC, Side.BEFORE)),
                generator.requests.get(1).shots().get(0).sources());
    }

    @Test
    void takesThePromptOfAnAssetIfNoneIsGiven() throws Exception {
        String id = store.asset.reference().id();
        commands.extend(folder, ANNA, console, id);
        assertEquals(
                GenerationRequest.builder(store.asset.metadata().prompt())
                        .source(new Continuation(new Media.Asset(id), Side.AFTER))
                        .build(),
                generator.requests.get(0));
        assertRefused(
                "prompt is missing: a.mp4 is no asset of which one is known",
                () -> commands.extend(folder, ANNA, console, "a.mp4"));
    }

    @Test
    void loopsAClip() throws Exception {
        commands.loop(folder, ANNA, console, "a.mp4", "the ball rolls");
        assertEquals(
                GenerationRequest.builder("the ball rolls")
                        .source(new Continuation(ABC, Side.AFTER))
                        .loop(true)
                        .build(),
                generator.requests.get(0));
    }

    @Test
    void blendsTwoClips() throws Exception {
        String id = store.asset.reference().id();
        commands.blend(folder, ANNA, console, "a.mp4", id, "the sun sets", "--seconds", "2");
        assertEquals(
                GenerationRequest.builder("the sun sets")
                        .source(new Continuation(ABC, Side.AFTER))
                        .source(new Continuation(new Media.Asset(id), Side.BEFORE))
                        .seconds(2)
                        .build(),
                generator.requests.get(0));
    }

    @Test
    void makesFramesBetweenThoseOfAClip() throws Exception {
        commands.interpolate(folder, ANNA, console, "a.mp4", "the ball rolls");
        commands.interpolate(folder, ANNA, console, "a.mp4", "the ball rolls", "--factor", "4", "--steps", "9");
        assertEquals(
                List.of(new Interpolation(ABC, 2)),
                generator.requests.get(0).shots().get(0).sources());
        assertEquals(
                GenerationRequest.builder("the ball rolls")
                        .source(new Interpolation(ABC, 4))
                        .steps(9)
                        .build(),
                generator.requests.get(1));
        assertRefused(
                "factor is from 2 to 8: 9",
                () -> commands.interpolate(folder, ANNA, console, "lost.mp4", "a ball", "--factor", "9"));
        assertRefused(
                "an interpolated clip is as long as it was, and no length can be given",
                () -> commands.interpolate(folder, ANNA, console, "a.mp4", "a ball", "--seconds", "2"));
    }

    @Test
    void refusesWhatIsMissing() {
        assertRefused("clip is missing; --help shows how", () -> commands.extend(folder, ANNA, console));
        assertRefused(
                "clip: there is neither a file nor an asset lost.mp4",
                () -> commands.loop(folder, ANNA, console, "lost.mp4", "a ball"));
        assertRefused(
                "two clips and a prompt are expected, not 2 operands; --help shows how",
                () -> commands.blend(folder, ANNA, console, "a.mp4", "a ball"));
        assertRefused(
                "a clip and a prompt are expected, not 3 operands; put the prompt in quotes: ball",
                () -> commands.extend(folder, ANNA, console, "a.mp4", "a", "ball"));
        assertTrue(generator.requests.isEmpty());
    }

    @Test
    void showsHelpForEach() throws Exception {
        commands.extend(folder, ANNA, console, "--help");
        commands.loop(folder, ANNA, console, "--help");
        commands.blend(folder, ANNA, console, "--help");
        String help = out.toString(UTF_8);
        for (String option :
                List.of("--before", "--seconds S", "--fit F", "extend CLIP", "loop CLIP", "blend CLIP CLIP")) {
            assertTrue(help.contains(option), option);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertRefused(String message, Call call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
