package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.store.Tree;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.OutputCheck;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Held;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.Submission;

/** What becomes of a clip whose frames a check looks at before it is signed. */
@Timeout(60)
class CheckedClipsTest {

    private static final Requester ANNA = Requester.of("anna");

    private final FakeModel model = new FakeModel(FakeModel.starter());
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private Installation here;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        folder = directory;
        here = new Installation(directory, model);
    }

    @AfterEach
    void stop() throws Exception {
        here.close();
    }

    /** A check of one frame. */
    private interface Deciding {
        PolicyDecision decide(FrameSource frames, Submission submission) throws Exception;
    }

    private OutputCheck check(String name, Deciding deciding) {
        return new OutputCheck() {
            @Override
            public double framesPerSecond() {
                return 0.1;
            }

            @Override
            public PolicyDecision check(FrameSource frames, Subject subject, Submission submission) throws IOException {
                asked.add(name);
                try {
                    return deciding.decide(frames, submission);
                } catch (IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        };
    }

    private void add(OutputCheck check) {
        here.checks.addCheck(check, Map.of());
    }

    private void hold() {
        add(check("holds", (frames, submission) -> new Held("frozen", "nothing moves in it")));
    }

    private GenerationJob submit(String id) throws GenerationException {
        return submit(id, "a red ball");
    }

    private GenerationJob submit(String id, String prompt) throws GenerationException {
        return here.generator.submit(
                id, GenerationRequest.builder(prompt).size(64, 64).seed(1).build(), ANNA);
    }

    private JobState.Ended end(String id) throws InterruptedException {
        return here.generator
                .job(id)
                .orElseThrow()
                .await(Duration.ofSeconds(30))
                .orElseThrow();
    }

    private JobRecord record(String id) throws IOException {
        return here.register.find(id).orElseThrow();
    }

    private void awaitHeld(String id) throws Exception {
        while (!(here.generator.job(id).orElseThrow().state() instanceof JobState.Waiting)) {
            Thread.sleep(10);
        }
    }

    private Path held(String id) {
        return here.work.resolve(id).resolve("held");
    }

    @Test
    void aRefusedClipLeavesNothing() throws Exception {
        add(check("refuses", (frames, submission) -> new Refused("house", "not here")));
        assertEquals(new JobState.Refused("house", "not here"), submit("1").await());
        assertEquals(List.of(), here.store.remains());
        assertEquals(Map.of(), here.store.assets);
        assertFalse(Files.exists(here.work.resolve("1")));
        assertEquals(List.of(), here.provenance.records, "nothing was signed");
        assertEquals(
                new JobRecord.Status(RegisteredState.REFUSED, "house", "not here"),
                record("1").status());
        here.restart();
        assertEquals(new JobState.Refused("house", "not here"), end("1"));
    }

    @Test
    void aCheckSeesTheFramesOfTheFileAndWhoAskedForWhat() throws Exception {
        List<Integer> counts = new ArrayList<>();
        add(check("counts", (frames, submission) -> {
            int count = 0;
            while (frames.next().isPresent()) {
                count++;
            }
            counts.add(count);
            assertEquals(ANNA, submission.by());
            assertEquals("a red ball", submission.request().shots().get(0).prompt());
            return new Allowed();
        }));
        assertInstanceOf(JobState.Completed.class, submit("1").await());
        assertEquals(List.of(17), counts);
    }

    @Test
    void aHeldClipWaitsThroughARestartAndIsSignedWhenItIsReleased() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        assertEquals(List.of(), here.store.remains(), "the draft is gone");
        assertEquals(List.of(), here.provenance.records, "nothing was signed");
        assertTrue(Files.exists(held("1").resolve(AssetFile.CLIP.fileName())));
        assertFalse(Files.exists(here.work.resolve("1").resolve("window-0")), "what was sampled is not needed");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(held("1"))));
        JobState waiting = here.generator.job("1").orElseThrow().state();
        assertEquals(new JobState.Waiting("nothing moves in it; it goes on when an operator releases it"), waiting);
        assertEquals(RegisteredState.WAITING, record("1").status().state());
        assertEquals("frozen", record("1").status().reason());
        assertEquals(0, record("1").tries(), "waiting for a reviewer is no try");
        here.restart();
        Thread.sleep(1200); // longer than the queue takes to look
        assertEquals(waiting, here.generator.job("1").orElseThrow().state());
        here.jobs.release("1");
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertEquals(List.of("1"), here.provenance.records);
        assertEquals(1, model.tasks.size(), "it was made once");
        assertEquals(List.of("holds"), asked, "and looked at once");
        assertFalse(Files.exists(here.work.resolve("1")));
        assertEquals(
                17,
                Files.size(Path.of(Objects.requireNonNull(here.store.assets.get("1"), "1")
                        .reference()
                        .location())),
                "the clip is the one that was held");
    }

    @Test
    void aClipOfAProcessThatDiedWhileItWasKeptIsMadeAndLookedAtAgain() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        // the register says that the job is held, and the clip is not complete
        Files.move(held("1"), held("1").resolveSibling("held.incomplete"));
        here.restart();
        here.generator.release("1", Requester.UNKNOWN);
        while (asked.size() < 2) {
            Thread.sleep(10);
        }
        awaitHeld("1");
        assertEquals(2, model.tasks.size());
        assertEquals(Map.of(), here.store.assets);
        assertFalse(Files.exists(held("1").resolveSibling("held.incomplete")));
    }

    @Test
    void theAuditLogHasTheDigestOfTheFileThatIsNotStored() throws Exception {
        List<Object> digests = Collections.synchronizedList(new ArrayList<>());
        here.audit.addSink(event -> {
            Map<String, Object> facts = event.action().facts();
            if ("held".equals(facts.get("outcome"))) {
                digests.add(facts.get("file"));
            }
        });
        hold();
        submit("1");
        awaitHeld("1");
        assertEquals(List.of(Digests.sha256(held("1").resolve(AssetFile.CLIP.fileName()))), digests);
    }

    @Test
    void aHeldClipThatIsReleasedAsSoonAsItWaitsIsStored() throws Exception {
        hold();
        submit("1").observe(state -> {
            if (state instanceof JobState.Waiting) {
                CompletableFuture.runAsync(() -> {
                            try {
                                here.generator.release("1", Requester.UNKNOWN);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                        .join(); // the worker, which tells of the state, goes on after it
            }
        });
        assertInstanceOf(JobState.Completed.class, end("1"));
    }

    @Test
    void aHeldClipThatIsReleasedAtOnceIsStored() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        here.generator.release("1", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertEquals(1, model.tasks.size());
    }

    @Test
    void aReleasedClipNeedsNoModel() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        here.models.removeModel(here.reference);
        here.generator.release("1", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("1"));
    }

    @Test
    void aHeldClipThatIsCancelledIsDeleted() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        here.jobs.cancel("1");
        assertEquals(new JobState.Cancelled(), end("1"));
        assertFalse(Files.exists(here.work.resolve("1")));
        assertEquals(List.of(), here.store.remains());
        submit("2");
        awaitHeld("2");
        here.restart();
        here.generator.job("2").orElseThrow().cancel();
        assertEquals(new JobState.Cancelled(), end("2"));
        assertFalse(Files.exists(here.work.resolve("2")));
    }

    @Test
    void aHeldClipShowsItsPicturesToReviewers() throws Exception {
        hold();
        submit("1");
        assertEquals(Optional.empty(), here.jobs.preview("1"));
        awaitHeld("1");
        assertEquals(Optional.empty(), here.jobs.preview("1"), "the test's encoder makes none");
        Files.write(held("1").resolve(AssetFile.POSTER.fileName()), new byte[] {1});
        assertArrayEquals(new byte[] {1}, here.jobs.preview("1").orElseThrow());
        Files.write(held("1").resolve(AssetFile.CONTACT_SHEET.fileName()), new byte[] {2});
        assertArrayEquals(new byte[] {2}, here.jobs.preview("1").orElseThrow());
        assertEquals(Optional.empty(), here.jobs.preview("2"));
    }

    @Test
    void aFileThatIsNotTheOneThatWasHeldIsNotStored() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        Path clip = held("1").resolve(AssetFile.CLIP.fileName());
        Files.writeString(clip, "something else");
        here.generator.release("1", Requester.UNKNOWN);
        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, end("1"));
        assertEquals(
                "the clip that was held cannot be read: " + clip + " is not the file that was held",
                failed.cause().getMessage());
        assertEquals(Map.of(), here.store.assets);
    }

    @Test
    void aReleaseCountsForTheOrderThatWasHeldAlone() throws Exception {
        hold();
        submit("1");
        awaitHeld("1");
        Path kept = Files.move(held("1"), folder.resolve("kept"));
        here.generator.cancel("1", Requester.UNKNOWN);
        end("1");
        submit("1", "another ball");
        awaitHeld("1");
        Tree.delete(held("1"));
        Files.move(kept, held("1"));
        here.generator.release("1", Requester.UNKNOWN);
        while (model.tasks.size() < 3) {
            Thread.sleep(10);
        }
        awaitHeld("1");
        assertEquals(List.of("holds", "holds", "holds"), asked, "what was made anew is looked at anew");
        assertEquals(Map.of(), here.store.assets);
    }

    @Test
    void aClipThatCannotBeKeptFailsAndIsNotStored() throws Exception {
        hold();
        here.checks.addCheck(
                check("damages", (frames, submission) -> {
                    // where the clip would be kept is a file
                    Tree.delete(here.work);
                    Files.writeString(here.work, "");
                    return new Allowed();
                }),
                Map.of(Constants.SERVICE_RANKING, 1));
        JobState.Failed failed =
                assertInstanceOf(JobState.Failed.class, submit("1").await());
        assertTrue(
                failed.cause().getMessage().startsWith("the clip, which is held by the rule frozen, cannot be kept: "),
                failed.cause().getMessage());
        assertEquals(List.of(), here.store.remains());
        assertEquals(Map.of(), here.store.assets);
    }

    @Test
    void aCheckThatFailsRefuses() throws Exception {
        add(check("fails", (frames, submission) -> {
            throw new IllegalStateException("no luck");
        }));
        assertEquals(
                "check-failure",
                assertInstanceOf(JobState.Refused.class, submit("1").await()).rule());
        assertEquals(List.of(), here.store.remains());
    }

    @Test
    void aCheckThatTakesTooLongRefusesAndIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        add(check("hangs", (frames, submission) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new Allowed();
        }));
        assertEquals(
                "check-failure",
                assertInstanceOf(JobState.Refused.class, submit("1").await()).rule());
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aCheckThatWantsNoFramesRefuses() throws Exception {
        add(new OutputCheck() {
            @Override
            public double framesPerSecond() {
                return 0;
            }

            @Override
            public PolicyDecision check(FrameSource frames, Subject subject, Submission submission) {
                return new Allowed();
            }
        });
        assertEquals(
                "check-failure",
                assertInstanceOf(JobState.Refused.class, submit("1").await()).rule());
    }

    @Test
    void aRefusalCountsMoreThanADecisionThatHolds() throws Exception {
        here.checks.addCheck(
                check("low", (frames, submission) -> new Refused("house", "not here")),
                Map.of(Constants.SERVICE_RANKING, -1));
        here.checks.addCheck(
                check("high", (frames, submission) -> new Held("frozen", "nothing moves in it")),
                Map.of(Constants.SERVICE_RANKING, 7));
        assertEquals(new JobState.Refused("house", "not here"), submit("1").await());
        assertEquals(List.of("high", "low"), asked);
        here.checks.addCheck(
                check("highest", (frames, submission) -> new Refused("first", "not here")),
                Map.of(Constants.SERVICE_RANKING, 8));
        assertEquals(new JobState.Refused("first", "not here"), submit("2").await());
        assertEquals(List.of("high", "low", "highest"), asked, "nobody is asked after a refusal");
    }

    @Test
    void aCheckThatHasGoneIsNotAsked() throws Exception {
        OutputCheck gone = check("gone", (frames, submission) -> new Refused("house", "not here"));
        add(gone);
        here.checks.removeCheck(gone);
        assertInstanceOf(JobState.Completed.class, submit("1").await());
        assertEquals(List.of(), asked);
    }

    @Test
    void theClipOfAWorkerIsLookedAtHere() throws Exception {
        hold();
        here.models.addModel(new Elsewhere(), new FakeReference(1, 2));
        GenerationRequest request = GenerationRequest.builder("a red ball")
                .size(64, 64)
                .model("elsewhere")
                .build();
        here.generator.submit("1", request, ANNA);
        awaitHeld("1");
        assertEquals(List.of(), model.tasks, "nothing was made here");
        here.generator.release("1", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertEquals(List.of("holds"), asked);
    }

    /** A worker: of order and clip it gets and gives texts alone. */
    private final class Elsewhere implements RemoteModel {

        private final FakeModel local = new FakeModel(
                FakeModel.describe("elsewhere", 16, new VideoFormat(96, 96, 17, 8), ImageConditioning.NONE));

        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public String produce(String id, String order, Path directory, GenerationMonitor monitor)
                throws GenerationException, GenerationCancelledException {
            Production production = new Production(FakeSinks::new, new FakeProvenance(), TestSources.none());
            return ProducedJson.write(production.produce(
                    WorkOrderJson.read(order), local, directory, folder.resolve("elsewhere"), monitor));
        }

        @Override
        public ModelDescriptor descriptor() {
            return local.descriptor();
        }

        @Override
        public ModelHealth health() {
            return local.health();
        }

        @Override
        public SamplingPlan plan(ModelTask task) {
            return local.plan(task);
        }
    }
}
