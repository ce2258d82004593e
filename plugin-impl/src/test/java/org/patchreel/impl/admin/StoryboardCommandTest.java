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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Camera;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Transition;
import org.patchreel.contract.KeptSources;
import org.patchreel.impl.store.FileSourceStore;

class StoryboardCommandTest {

    private static final Requester ANNA = Requester.of("anna");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Path folder;
    private FakeGenerator generator;
    private StoryboardCommand command;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        folder = directory;
        OneAssetStore store = new OneAssetStore(Files.writeString(folder.resolve("clip.mp4"), "a clip"));
        generator = new FakeGenerator(new JobState.Completed(store.asset.reference()));
        command = new StoryboardCommand(
                generator,
                store,
                new FileSourceStore(
                        new FileSourceStore.Limits(folder.resolve("sources"), 1 << 20, 1 << 20, Duration.ofDays(1)),
                        InstantSource.system()));
        Files.createDirectories(folder.resolve("story"));
    }

    @Test
    void makesAClipOfTheShotsWithPicturesBesideTheFile() throws Exception {
        Files.writeString(folder.resolve("story/first.png"), "a picture");
        story("\uFEFFshots:\n- {prompt: a ball, transition: continue}\n- {prompt: a cube, lastImage: first.png}\n");
        run("story/story.yaml", "--seed", "7", "--size", "64x48", "--fps", "25");
        GenerationRequest request = generator.requests.get(0);
        assertEquals(
                List.of(
                        new Shot("a ball", "", Optional.empty(), List.of(), Camera.UNSPECIFIED, Transition.CONTINUE),
                        new Shot(
                                "a cube",
                                "",
                                Optional.empty(),
                                List.of(new Source.Keyframe(
                                        KeptSources.upload("first.png", "a picture".getBytes(UTF_8)), Position.LAST)),
                                Camera.UNSPECIFIED)),
                request.shots());
        assertEquals(7, request.sampling().seed().orElseThrow());
        assertEquals(Optional.of(new FrameSize(64, 48)), request.size());
        assertEquals("25", request.frameRate().orElseThrow().toString());
        assertEquals(List.of(ANNA), generator.requesters);
    }

    @Test
    void namesTheFileAndWhatIsWrong() throws Exception {
        assertRefused("storyboard is missing; --help shows how");
        assertRefused("there is no file none.yaml", "none.yaml");
        story("shots:\n- {prompt: a}\n- {prompt: b, image: none.png}\n");
        assertRefused("story.yaml, shot 2, image: there is neither a file nor an asset none.png", "story/story.yaml");
        story("shots: [{prompt: a, seconds: x}]");
        assertRefused("story.yaml, shot 1: seconds is not a number: \"x\"", "story/story.yaml");
        Files.write(folder.resolve("story/story.yaml"), new byte[] {(byte) 0xff, (byte) 0xff});
        assertRefused("story.yaml: is not UTF-8", "story/story.yaml");
        story(" ".repeat(800_000));
        assertRefused("story.yaml: a storyboard has at most 262144 characters", "story/story.yaml");
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> run("story/story.yaml", "--seconds", "2"))
                        .getMessage());
        assertTrue(message.startsWith("unknown option --seconds, known: "), message);
        assertTrue(Files.notExists(folder.resolve("sources")));
        assertEquals(List.of(), generator.requests);
    }

    @Test
    void tellsWhatWouldBeMadeAndHowToAsk() throws Exception {
        story("shots: [{prompt: a}, {prompt: b}]");
        run("story/story.yaml", "--dry-run");
        assertTrue(out.toString(UTF_8).startsWith("model   starter\n"), out.toString(UTF_8));
        run("--help");
        assertTrue(out.toString(UTF_8).contains("storyboard FILE [options]"), out.toString(UTF_8));
        assertEquals(List.of(), generator.requests);
    }

    private void story(String text) throws IOException {
        Files.writeString(folder.resolve("story/story.yaml"), text);
    }

    private void run(String... arguments) throws Exception {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        command.run(folder, ANNA, new Console(stream, stream, () -> 80, false, false), arguments);
    }

    private void assertRefused(String message, String... arguments) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run(arguments))
                        .getMessage());
    }
}
