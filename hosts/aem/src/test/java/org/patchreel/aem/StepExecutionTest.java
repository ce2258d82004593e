package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.adobe.granite.workflow.event.WorkflowEvent;
import io.wcm.testing.mock.aem.junit5.AemContext;
import io.wcm.testing.mock.aem.junit5.AemContextExtension;
import java.nio.file.Path;
import java.util.Map;
import org.apache.sling.testing.mock.sling.ResourceResolverType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.aem.WorkflowEngine.Kind;
import org.patchreel.aem.WorkflowEngine.Status;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.contract.ScriptedGenerator;

/** What AEM's workflows see, beyond the contract of all hosts. */
@ExtendWith(AemContextExtension.class)
@SuppressWarnings("NullAway.Init")
@Timeout(60)
class StepExecutionTest {

    private static final String ARGUMENTS = "prompt = a red ball\nfolder = " + Repository.FOLDER;

    final AemContext context = new AemContext(ResourceResolverType.JCR_OAK);

    @TempDir
    Path directory;

    private Repository repository;
    private ScriptedGenerator generator;
    private @Nullable WorkflowEngine engine;

    @BeforeEach
    void start() throws Exception {
        repository = new Repository(context);
        generator = new ScriptedGenerator(directory);
    }

    @AfterEach
    void stop() throws Exception {
        if (engine != null) {
            engine.stopProcess();
        }
    }

    private WorkflowEngine engine(Kind kind, String payload, String arguments, String configured) throws Exception {
        WorkflowEngine made = new WorkflowEngine(
                kind, generator, context.bundleContext(), repository.login(), payload, arguments, configured, 1);
        engine = made;
        return made;
    }

    private WorkflowEngine begin(Kind kind, String arguments) throws Exception {
        repository.registerNamespaces();
        String payload = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of());
        return engine(kind, payload, arguments, "").begin();
    }

    private GenerationJob awaitJob() throws InterruptedException {
        while (generator.jobs().isEmpty()) {
            Thread.sleep(10);
        }
        return generator.jobs().get(0);
    }

    private static void awaitEnd(GenerationJob job) throws InterruptedException {
        while (!(job.state() instanceof JobState.Ended)) {
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheWorkflowAndItsHistoryWhereTheClipIs(Kind kind) throws Exception {
        WorkflowEngine workflow = begin(kind, ARGUMENTS + "\ntitle = Ball");
        assertEquals(Status.COMPLETED, workflow.await());
        assertEquals("generated", workflow.outcome());
        assertEquals(Repository.FOLDER + "/Ball.mp4", workflow.asset());
        assertEquals("the clip is " + Repository.FOLDER + "/Ball.mp4", workflow.comment());
        assertEquals(workflow.comment(), workflow.itemMetaData.get("comment", ""));
        assertEquals("video/mp4", repository.asset(workflow.asset()).getMimeType());
        assertFalse(workflow.isAwaited());
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheFolderToItselfAndTheTitleToTheGenerator(Kind kind) throws Exception {
        begin(kind, ARGUMENTS + "\ntitle = Ball").await();
        GenerationRequest request = generator.requests().get(0);
        assertTrue(request.destination().folder().isEmpty());
        assertEquals("Ball", request.destination().title().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void terminatesTheWorkflowAfterARefusalAndDoesNotTryAgain(Kind kind) throws Exception {
        generator.endWith(new JobState.Refused("violence", "violence is not drawn here"));
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        assertEquals(Status.ABORTED, workflow.await());
        assertEquals(1, workflow.executed());
        assertEquals("refused", workflow.outcome());
        assertEquals("refused by rule violence: violence is not drawn here", workflow.comment());
        assertEquals(workflow.comment(), workflow.itemMetaData.get("comment", ""));
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterARefusalIfTheModelHasARouteForIt(Kind kind) throws Exception {
        generator.endWith(new JobState.Refused("violence", "violence is not drawn here"));
        WorkflowEngine workflow = begin(kind, ARGUMENTS + "\non.failure = route");
        assertEquals(Status.COMPLETED, workflow.await());
        assertEquals("refused", workflow.outcome());
        assertEquals("", workflow.asset());
    }

    @ParameterizedTest
    @EnumSource
    void failsIntoTheInboxAfterAemHasTriedAgain(Kind kind) throws Exception {
        generator.endWith(new JobState.Failed(new GenerationException(Reason.MEMORY, "memory ran out")));
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        assertEquals(Status.FAILED, workflow.await());
        assertEquals(WorkflowEngine.ATTEMPTS, workflow.executed());
        assertEquals("memory ran out", workflow.failure());
        assertEquals("failed", workflow.outcome());
        assertEquals("memory ran out", workflow.itemMetaData.get("comment", ""));
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterAFailureIfTheModelHasARouteForIt(Kind kind) throws Exception {
        generator.refuseWith(new GenerationException(Reason.NO_MODEL, "no model is installed"));
        WorkflowEngine workflow = begin(kind, ARGUMENTS + "\non.failure = route");
        assertEquals(Status.COMPLETED, workflow.await());
        assertEquals(1, workflow.executed());
        assertEquals("failed", workflow.outcome());
        assertEquals("no model is installed", workflow.comment());
    }

    @ParameterizedTest
    @EnumSource
    void failsWithAnUnknownArgumentAndAsksNoGenerator(Kind kind) throws Exception {
        WorkflowEngine workflow = begin(kind, ARGUMENTS + "\ncolour = red");
        assertEquals(Status.FAILED, workflow.await());
        assertTrue(workflow.failure().startsWith("unknown argument colour, known: prompt, "), workflow.failure());
        assertEquals(0, generator.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void asksNoGeneratorIfTheFolderCannotTakeTheClip(Kind kind) throws Exception {
        WorkflowEngine workflow = begin(kind, "prompt = a red ball\nfolder = " + Repository.FORBIDDEN);
        assertEquals(Status.FAILED, workflow.await());
        assertTrue(workflow.failure().contains("has no permission to add assets"), workflow.failure());
        assertEquals(0, generator.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void asksNoGeneratorIfTheNamespaceIsNotThereAndMayNotBeMade(Kind kind) throws Exception {
        String payload = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of());
        WorkflowEngine workflow = engine(kind, payload, ARGUMENTS, "").begin();
        assertEquals(Status.FAILED, workflow.await());
        assertTrue(workflow.failure().contains("is not registered"), workflow.failure());
        assertEquals(0, generator.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void terminatesTheWorkflowWhenSomebodyCancelsTheJob(Kind kind) throws Exception {
        generator.hold();
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        awaitJob().cancel();
        assertEquals(Status.ABORTED, workflow.await());
        assertEquals("cancelled", workflow.outcome());
        assertEquals(1, generator.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void failsWhenTheGeneratorGoesAway(Kind kind) throws Exception {
        generator.hold();
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        awaitJob();
        workflow.setGenerator(null);
        assertEquals(Status.FAILED, workflow.await());
        assertTrue(workflow.failure().contains("no video generator is there"), workflow.failure());
        assertEquals(0, repository.clips());
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheJobWhenTheWorkflowIsPurged(Kind kind) throws Exception {
        generator.hold();
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        GenerationJob job = awaitJob();
        workflow.purge();
        awaitEnd(job);
        assertInstanceOf(JobState.Cancelled.class, job.state());
        assertEquals(Status.ABORTED, workflow.await());
        assertEquals(0, repository.clips());
        assertFalse(workflow.isAwaited());
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheJobWhenAemsPatienceEnds(Kind kind) throws Exception {
        generator.hold();
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        GenerationJob job = awaitJob();
        workflow.send(WorkflowEvent.PROCESS_TIMEOUT_EVENT);
        awaitEnd(job);
        assertInstanceOf(JobState.Cancelled.class, job.state());
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheJobWhenTheWorkflowIsSuspendedOrAnotherStepOfItTimesOut(Kind kind) throws Exception {
        generator.hold();
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        awaitJob();
        workflow.send(WorkflowEvent.WORKFLOW_SUSPENDED_EVENT);
        workflow.send(WorkflowEvent.PROCESS_TIMEOUT_EVENT, workflow.parallel());
        generator.complete();
        assertEquals(Status.COMPLETED, workflow.await());
    }

    @ParameterizedTest
    @EnumSource
    void makesNoSecondAssetIfTheStepIsExecutedAgain(Kind kind) throws Exception {
        WorkflowEngine workflow = begin(kind, ARGUMENTS + "\ntitle = Ball");
        workflow.await();
        WorkflowEngine again = engine(kind, "/content/dam/briefs/brief.txt", ARGUMENTS + "\ntitle = Ball", "");
        assertEquals(Status.COMPLETED, again.begin().await());
        assertEquals(workflow.asset(), again.asset());
        assertEquals(1, repository.clips());
        assertEquals(1, generator.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void takesThePromptFromThePayloadAndPutsTheClipBesideIt(Kind kind) throws Exception {
        WorkflowEngine workflow = begin(kind, "");
        assertEquals(Status.COMPLETED, workflow.await());
        assertEquals("a blue cube", generator.requests().get(0).shots().get(0).prompt());
        assertTrue(workflow.asset().startsWith("/content/dam/briefs/"), workflow.asset());
    }

    @ParameterizedTest
    @EnumSource
    void putsTheClipIntoTheConfiguredFolder(Kind kind) throws Exception {
        repository.registerNamespaces();
        String payload = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of());
        WorkflowEngine workflow = engine(kind, payload, "", Repository.FOLDER).begin();
        assertEquals(Status.COMPLETED, workflow.await());
        assertTrue(workflow.asset().startsWith(Repository.FOLDER + "/"), workflow.asset());
    }

    @ParameterizedTest
    @EnumSource
    void saysThatThePayloadIsGone(Kind kind) throws Exception {
        repository.registerNamespaces();
        WorkflowEngine workflow =
                engine(kind, "/content/dam/briefs/gone.txt", "", "").begin();
        assertEquals(Status.FAILED, workflow.await());
        assertEquals(
                "/content/dam/briefs/gone.txt is not there, or workflow-process-service may not read it",
                workflow.failure());
    }

    @ParameterizedTest
    @EnumSource
    void completesWhenAnAdministratorTriesAgainAfterMendingTheCause(Kind kind) throws Exception {
        generator.endWith(new JobState.Failed(new GenerationException(Reason.MEMORY, "memory ran out")));
        WorkflowEngine workflow = begin(kind, ARGUMENTS);
        assertEquals(Status.FAILED, workflow.await());
        // As the service's contract says: a job that failed is tried again when it is submitted again.
        workflow.setGenerator(new PersistentGenerator(generator, () -> {}));
        assertEquals(Status.COMPLETED, workflow.tryAgain().await());
        assertEquals("generated", workflow.outcome());
        assertEquals(1, repository.clips());
    }

    @ParameterizedTest
    @EnumSource
    void beginsNoJobForAWorkflowThatWasStoppedMeanwhile(Kind kind) throws Exception {
        repository.registerNamespaces();
        String payload = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of());
        WorkflowEngine workflow = engine(kind, payload, ARGUMENTS, "");
        workflow.terminate();
        workflow.executeOnce();
        assertEquals(0, generator.requests().size());
        assertFalse(workflow.isAwaited());
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheJobOfAWorkflowThatIsStoppedWhileTheJobIsBegun(Kind kind) throws Exception {
        generator.hold();
        repository.registerNamespaces();
        String payload = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of());
        WorkflowEngine workflow = engine(kind, payload, ARGUMENTS, "");
        workflow.setGenerator(new PersistentGenerator(generator, workflow::terminate));
        assertEquals(Status.ABORTED, workflow.begin().await());
        assertInstanceOf(JobState.Cancelled.class, awaitJob().state());
        assertFalse(workflow.isAwaited());
    }
}
