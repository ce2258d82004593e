package org.patchreel.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;

/** What every host's workflow step must do, whatever it is called there. */
@Timeout(60)
public abstract class GenerateClipStepContract {

    /** How a workflow ended that had the step in it. */
    public enum End {
        /** The step is done, and the workflow goes on. */
        COMPLETED,
        /** The workflow takes the way that its author has laid for a refusal, or fails for good. */
        REFUSED,
        /** The workflow failed, in the host's own way. */
        FAILED,
        /** Somebody stopped the workflow. */
        CANCELLED
    }

    /**
     * What the host shows of a workflow that ended.
     *
     * @param end how
     * @param comment what the host's history or log says; empty if all went well
     * @param asset where the clip is, in the host's terms
     */
    public record Ended(End end, String comment, Optional<String> asset) {}

    /** A workflow instance in the host under test. */
    public interface Workflow {

        /** {@return how it ended; waits for it} */
        Ended await() throws Exception;

        /** Stops it, or purges it, as a person would by the host's own means. */
        void stop() throws Exception;

        /**
         * Stops the host's components that make the step, and starts them again, as an update of their bundle does; the generator
         * stays, and the workflow goes on by the host's own means.
         */
        void updateStep() throws Exception;

        /** Ends the host's process as a crash would, and starts it again; the workflow goes on by the host's own means. */
        void restart() throws Exception;
    }

    /** The generator that the step finds. */
    protected ScriptedGenerator generator;

    /** Creates the tests. */
    @SuppressWarnings("NullAway.Init")
    protected GenerateClipStepContract() {}

    @BeforeEach
    final void prepare(@TempDir Path directory) throws Exception {
        generator = new ScriptedGenerator(directory);
        start(generator);
    }

    @AfterEach
    final void end() throws Exception {
        close();
    }

    /**
     * Starts the host, with this generator and its {@linkplain ScriptedGenerator#sources source store} as its services.
     *
     * @param present the generator
     */
    protected abstract void start(ScriptedGenerator present) throws Exception;

    /** Takes the generator away, as uninstalling its bundle does. */
    protected abstract void removeGenerator() throws Exception;

    /** Takes the source store away. */
    protected abstract void removeSourceStore() throws Exception;

    /**
     * Adds a picture or clip to the host's assets, which the workflow may read.
     *
     * @param name of the file
     * @param content its bytes
     * @return its path, in the host's terms
     */
    protected abstract String file(String name, byte[] content) throws Exception;

    /**
     * Starts a workflow that has the step in it, and a picture or clip as its payload.
     *
     * @param arguments as for {@link #begin}
     * @param file from {@link #file}
     * @return the workflow
     */
    protected abstract Workflow beginOn(Map<String, String> arguments, String file) throws Exception;

    /**
     * Starts a workflow that has the step in it.
     *
     * @param arguments of the step, by their names in {@link org.patchreel.workflow.GenerateClipInput}
     * @param properties of the payload; {@code title} is what the host shows as title
     * @return the workflow
     */
    protected abstract Workflow begin(Map<String, String> arguments, Map<String, String> properties) throws Exception;

    /** {@return who starts the workflows that {@link #begin} starts, as the host names them} */
    protected abstract String user();

    /** {@return a folder that the workflow may write to, in the host's terms} */
    protected abstract String folder() throws Exception;

    /** {@return a folder that is there, but that the workflow may not write to; empty if the host knows no such thing} */
    protected abstract Optional<String> forbiddenFolder() throws Exception;

    /**
     * Reads a stored clip by the host's own means.
     *
     * @param asset as in {@link Ended#asset}
     * @return its bytes
     */
    protected abstract byte[] clip(String asset) throws Exception;

    /**
     * The title that the host shows for a stored clip.
     *
     * @param asset as in {@link Ended#asset}
     * @return the title
     */
    protected abstract String title(String asset) throws Exception;

    /** {@return how many clips are in {@link #folder}} */
    protected abstract int clips() throws Exception;

    /** Stops the host. */
    protected abstract void close() throws Exception;

    @Test
    void storesTheClipByteIdenticalUnderItsTitle() throws Exception {
        Ended ended = begin(
                        Map.of("prompt", "a red ball", "folder", folder(), "title", "Größe 赤い \uD83D\uDE80"), Map.of())
                .await();
        assertEquals(End.COMPLETED, ended.end(), ended.comment());
        String asset = ended.asset().orElseThrow();
        assertArrayEquals(ScriptedGenerator.clip(), clip(asset));
        assertEquals("Größe 赤い \uD83D\uDE80", title(asset));
        assertEquals(1, clips());
    }

    @Test
    void handsAllArgumentsToTheGenerator() throws Exception {
        begin(
                        Map.ofEntries(
                                Map.entry("prompt", "a red ball"),
                                Map.entry("negative.prompt", "grey"),
                                Map.entry("model", "wan"),
                                Map.entry("size", "640x368"),
                                Map.entry("seconds", "2.5"),
                                Map.entry("frame.rate", "24"),
                                Map.entry("seed", "-5"),
                                Map.entry("steps", "4"),
                                Map.entry("guidance.scale", "1.5"),
                                Map.entry("lora", "snow:0.8"),
                                Map.entry("camera", "pan left and dolly in"),
                                Map.entry("creator", "Anna"),
                                Map.entry("copyright", "© Studio"),
                                Map.entry("expires", "2999-06-30"),
                                Map.entry("folder", folder())),
                        Map.of())
                .await();
        GenerationRequest request = generator.requests().get(0);
        assertEquals(
                List.of(new Shot(
                        "a red ball",
                        "grey",
                        Optional.of(new ClipLength.Seconds(2.5)),
                        List.of(),
                        Camera.parse("camera", "pan left, dolly in"))),
                request.shots());
        assertEquals(Optional.of("wan"), request.model());
        assertEquals(Optional.of(new FrameSize(640, 368)), request.size());
        assertEquals(FrameRate.of(24), request.frameRate().orElseThrow());
        assertEquals(new Sampling(OptionalLong.of(-5), OptionalInt.of(4), OptionalDouble.of(1.5)), request.sampling());
        assertEquals(List.of(new Adapter("snow", 0.8)), request.adapters());
        assertEquals(
                new Rights(
                        Optional.of("Anna"),
                        Optional.of("© Studio"),
                        Optional.of(Instant.parse("2999-06-30T00:00:00Z"))),
                request.rights());
    }

    @Test
    void saysWhoAsks() throws Exception {
        begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of()).await();
        assertEquals(Optional.of(user()), generator.jobs().get(0).requester().user());
    }

    @Test
    void fillsPlaceholdersFromThePayload() throws Exception {
        begin(
                        Map.of("prompt", "a poster of {title} in {mood}", "folder", folder()),
                        Map.of("title", "Großer Ball $1", "mood", "blue"))
                .await();
        assertEquals(
                "a poster of Großer Ball $1 in blue",
                generator.requests().get(0).shots().get(0).prompt());
    }

    @Test
    void takesThePromptFromAPropertyOfThePayload() throws Exception {
        begin(Map.of("prompt.property", "brief", "folder", folder()), Map.of("brief", "a {literal} cube"))
                .await();
        assertEquals(
                "a {literal} cube", generator.requests().get(0).shots().get(0).prompt());
    }

    @Test
    void readsThePicturesThatArgumentsName() throws Exception {
        byte[] first = SamplePicture.jpeg(64, 48);
        byte[] middle = SamplePicture.jpeg(48, 48);
        byte[] last = SamplePicture.jpeg(48, 64);
        Ended ended = begin(
                        Map.of(
                                "prompt",
                                "a red ball",
                                "image",
                                file("erstes Bild.jpg", first),
                                "keyframes",
                                "0.5 = " + file("middle.jpg", middle),
                                "last.image",
                                file("last.jpg", last),
                                "loop",
                                "true",
                                "fit",
                                "contain",
                                "folder",
                                folder()),
                        Map.of())
                .await();
        assertEquals(End.COMPLETED, ended.end(), ended.comment());
        GenerationRequest request = generator.requests().get(0);
        assertEquals(
                List.of(
                        new Source.Keyframe(KeptSources.upload("erstes Bild.jpg", first), Position.FIRST),
                        new Source.Keyframe(KeptSources.upload("middle.jpg", middle), Position.at(0.5)),
                        new Source.Keyframe(KeptSources.upload("last.jpg", last), Position.LAST)),
                request.shots().get(0).sources());
        assertTrue(request.loop());
        assertEquals(Fit.CONTAIN, request.fit());
        assertArrayEquals(
                first,
                generator
                        .sources()
                        .file(KeptSources.upload("x", first).sha256())
                        .orElseThrow());
    }

    @Test
    void animatesThePictureThatIsThePayload() throws Exception {
        byte[] still = SamplePicture.jpeg(64, 48);
        beginOn(Map.of("prompt", "the ball rolls", "image", "payload", "folder", folder()), file("still.jpg", still))
                .await();
        assertEquals(
                List.of(new Source.Keyframe(KeptSources.upload("still.jpg", still), Position.FIRST)),
                generator.requests().get(0).shots().get(0).sources());
    }

    @Test
    void extendsTheClipThatIsThePayloadTowardsAnother() throws Exception {
        byte[] day = SampleAsset.clip(1, 5_000);
        byte[] night = SampleAsset.clip(2, 5_000);
        beginOn(
                        Map.of(
                                "prompt",
                                "the sun sets",
                                "extend",
                                "payload",
                                "lead.to",
                                file("night.mp4", night),
                                "folder",
                                folder()),
                        file("day.mp4", day))
                .await();
        assertEquals(
                List.of(
                        new Source.Continuation(KeptSources.upload("day.mp4", day), Source.Continuation.Side.AFTER),
                        new Source.Continuation(
                                KeptSources.upload("night.mp4", night), Source.Continuation.Side.BEFORE)),
                generator.requests().get(0).shots().get(0).sources());
    }

    @Test
    void asksForAPromptIfThePayloadIsThePicture() throws Exception {
        Ended ended = beginOn(
                        Map.of("image", "payload", "folder", folder()), file("still.jpg", SamplePicture.jpeg(64, 48)))
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(
                ended.comment().contains("the payload is the picture or clip of image and cannot hold the prompt"),
                ended.comment());
    }

    @Test
    void saysWhichPictureIsMissing() throws Exception {
        String missing = file("there.jpg", SamplePicture.jpeg(64, 48)) + ".missing";
        Ended ended = begin(Map.of("prompt", "a red ball", "last.image", missing, "folder", folder()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("last.image: there is no picture or clip " + missing), ended.comment());
        assertEquals(0, generator.requests().size());
    }

    @Test
    void saysThatNoSourceStoreIsThere() throws Exception {
        String picture = file("still.jpg", SamplePicture.jpeg(64, 48));
        removeSourceStore();
        Ended ended = begin(Map.of("prompt", "a red ball", "image", picture, "folder", folder()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("no source store is there, which image needs"), ended.comment());
        assertEquals(0, generator.requests().size());
    }

    @Test
    void submitsTheSameRequestAfterARestart() throws Exception {
        String picture = file("still.jpg", SamplePicture.jpeg(64, 48));
        generator.hold();
        Workflow workflow = begin(Map.of("prompt", "a red ball", "image", picture, "folder", folder()), Map.of());
        awaitRequest();
        generator.restart();
        workflow.restart();
        workflow.await();
        assertEquals(2, generator.requests().size());
        assertArrayEquals(
                generator.requests().get(0).canonical(),
                generator.requests().get(1).canonical());
    }

    @Test
    void keepsBothOfTwoClipsWithOneTitle() throws Exception {
        Callable<Ended> run = () -> begin(Map.of("prompt", "a red ball", "folder", folder(), "title", "Ball"), Map.of())
                .await();
        Ended first = run.call();
        Ended second = run.call();
        assertNotEquals(first.asset(), second.asset());
        assertEquals(2, clips());
        assertArrayEquals(ScriptedGenerator.clip(), clip(first.asset().orElseThrow()));
        assertArrayEquals(ScriptedGenerator.clip(), clip(second.asset().orElseThrow()));
    }

    @Test
    void saysWhichPropertyThePayloadLacks() throws Exception {
        Ended ended = begin(Map.of("prompt", "a poster of {mood}", "folder", folder()), Map.of("title", "Ball"))
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("the payload has no property mood"), ended.comment());
        assertEquals(0, generator.requests().size());
    }

    @Test
    void saysWhichArgumentIsMalformed() throws Exception {
        Ended ended = begin(Map.of("prompt", "a red ball", "size", "large", "folder", folder()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("size must be WIDTHxHEIGHT"), ended.comment());
        assertEquals(0, generator.requests().size());
    }

    @Test
    void saysThatNoGeneratorIsThere() throws Exception {
        removeGenerator();
        Ended ended = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("no video generator is there"), ended.comment());
        assertEquals(0, clips());
    }

    @Test
    void failsWithTheReasonOfTheGenerator() throws Exception {
        generator.endWith(new JobState.Failed(new GenerationException(
                GenerationException.Reason.MEMORY, "memory ran out while making 81 frames of 1280x720")));
        Ended ended = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains("memory ran out while making 81 frames"), ended.comment());
        assertEquals(0, clips());
    }

    @Test
    void tellsThePolicysExplanationAndDoesNotTryAgain() throws Exception {
        generator.endWith(new JobState.Refused("violence", "violence is not drawn here"));
        Ended ended = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of())
                .await();
        assertEquals(End.REFUSED, ended.end(), ended.comment());
        assertTrue(ended.comment().contains("violence is not drawn here"), ended.comment());
        assertEquals(1, generator.requests().size());
        assertEquals(0, clips());
    }

    @Test
    void refusesAFolderThatIsNotThere() throws Exception {
        Ended ended = begin(Map.of("prompt", "a red ball", "folder", folder() + "/missing"), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains(folder() + "/missing"), ended.comment());
    }

    @Test
    void refusesAFolderThatItMayNotWriteTo() throws Exception {
        Optional<String> forbidden = forbiddenFolder();
        assumeTrue(forbidden.isPresent(), "the host knows no permissions");
        Ended ended = begin(Map.of("prompt", "a red ball", "folder", forbidden.get()), Map.of())
                .await();
        assertEquals(End.FAILED, ended.end());
        assertTrue(ended.comment().contains(forbidden.get()), ended.comment());
    }

    @Test
    void cancelsTheJobWhenTheWorkflowIsStopped() throws Exception {
        generator.hold();
        Workflow workflow = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of());
        awaitRequest();
        workflow.stop();
        awaitCancelled();
        assertEquals(0, clips());
    }

    @Test
    void makesOneClipAlthoughTheProcessIsRestartedMidway() throws Exception {
        generator.hold();
        Workflow workflow = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of());
        awaitRequest();
        generator.restart();
        workflow.restart();
        Ended ended = workflow.await();
        assertEquals(End.COMPLETED, ended.end(), ended.comment());
        assertEquals(1, clips());
    }

    @Test
    void theJobGoesOnWhileTheStepIsUpdated() throws Exception {
        generator.hold();
        Workflow workflow = begin(Map.of("prompt", "a red ball", "folder", folder()), Map.of());
        awaitRequest();
        workflow.updateStep();
        Thread.sleep(500); // longer than a step takes to see that it was stopped
        assertInstanceOf(JobState.Running.class, generator.jobs().get(0).state());
        generator.complete();
        Ended ended = workflow.await();
        assertEquals(End.COMPLETED, ended.end(), ended.comment());
        assertEquals(1, generator.requests().size());
        assertEquals(1, clips());
    }

    private void awaitRequest() throws InterruptedException {
        while (generator.requests().isEmpty()) {
            Thread.sleep(20);
        }
    }

    private void awaitCancelled() throws InterruptedException {
        while (!(generator.jobs().get(0).state() instanceof JobState.Ended)) {
            Thread.sleep(20);
        }
        assertInstanceOf(JobState.Cancelled.class, generator.jobs().get(0).state());
    }
}
