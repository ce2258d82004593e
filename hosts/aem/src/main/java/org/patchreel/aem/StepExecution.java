package org.patchreel.aem;

import com.adobe.granite.workflow.WorkflowException;
import com.adobe.granite.workflow.WorkflowSession;
import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.Workflow;
import com.adobe.granite.workflow.exec.WorkflowData;
import com.adobe.granite.workflow.metadata.MetaDataMap;
import java.io.IOException;
import java.util.Optional;
import org.apache.sling.api.resource.ResourceResolver;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.StepState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workflow's visit at the step: from the arguments to the job, and from the job's end to an asset and to what the workflow
 * is told.
 *
 * <p>Failures end in a {@link WorkflowException}: AEM tries again as often as it is configured to, and then puts the failure
 * into the inbox of the administrators, who can try again when they have mended the cause. A refusal,
 * or a job that somebody has cancelled, must not be tried again: it terminates the workflow. With {@code on.failure = route}
 * the workflow goes on in each case, and its model branches on {@value #OUTCOME}.
 */
final class StepExecution {

    /** Property of the workflow's metadata: {@code generated}, {@code refused}, {@code failed} or {@code cancelled}. */
    static final String OUTCOME = "patchreel.outcome";

    /** Property of the workflow's metadata: why, in one line. */
    static final String COMMENT = "patchreel.comment";

    /** Property of the workflow's metadata: path of the clip's asset; empty if there is none. */
    static final String ASSET_PATH = "patchreel.asset.path";

    /** Property of a work item's metadata that AEM shows in the workflow's history. */
    private static final String HISTORY_COMMENT = "comment";

    private static final Logger LOG = LoggerFactory.getLogger(StepExecution.class);

    private static final String STOPPED = "the workflow was stopped";

    private static final long LOOK_NANOS = 5_000_000_000L;

    private final Executions executions;
    private final WorkItem item;
    private final WorkflowSession session;
    private final StepArguments arguments;
    private final String id;
    private final ResourceResolver resolver;
    private final DamPayload payload;

    /**
     * Begins one.
     *
     * @param executions what all executions share
     * @param item the work item
     * @param session the workflow's
     * @param metaData of the step in the workflow's model
     * @throws WorkflowException if the session has no resource resolver
     */
    StepExecution(Executions executions, WorkItem item, WorkflowSession session, MetaDataMap metaData)
            throws WorkflowException {
        this(executions, ExecutionId.of(item), item, session, metaData);
    }

    /** Resumes one of a given ID. */
    StepExecution(Executions executions, String id, WorkItem item, WorkflowSession session, MetaDataMap metaData)
            throws WorkflowException {
        this.executions = executions;
        this.id = id;
        this.item = item;
        this.session = session;
        this.arguments = StepArguments.of(metaData);
        @Nullable ResourceResolver adapted = session.adaptTo(ResourceResolver.class);
        if (adapted == null) {
            throw new WorkflowException("the workflow's session has no resource resolver");
        }
        this.resolver = adapted;
        this.payload =
                new DamPayload(adapted, String.valueOf(item.getWorkflowData().getPayload()));
    }

    /** {@return the ID of the execution, its job and its clip} */
    String id() {
        return id;
    }

    /**
     * {@return where the step stands after its job was begun, unless something is wrong that can be seen now; a job that
     * has failed before is tried again}
     */
    StepState start() {
        try {
            GenerateClipInput input = arguments.input();
            new DamFolder(resolver, folder(input)).check();
            executions.begin(id, item.getWorkflow().getId());
            if (!isRunning()) {
                executions.end(id);
                return new StepState.Cancelled(STOPPED);
            }
            StepState state = executions.step().start(id, input.withoutFolder(), payload, requester());
            if (!executions.isAwaited(id)) {
                // It was stopped before there was a job to cancel.
                executions.step().cancel(id);
                return new StepState.Cancelled(STOPPED);
            }
            return state;
        } catch (IllegalArgumentException e) {
            return new StepState.Failed(StepState.Failed.ARGUMENTS, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new StepState.Failed(Reason.STORAGE.label(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * {@return where the step stands; its job is begun again after a restart of AEM or of the generator, and when somebody
     * tries the failed step again}
     */
    StepState state() {
        if (!executions.isAwaited(id)) {
            return start();
        }
        try {
            return executions.step().state(id, arguments.input().withoutFolder(), payload, requester());
        } catch (IllegalArgumentException e) {
            return new StepState.Failed(StepState.Failed.ARGUMENTS, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Waits for the outcome.
     *
     * @param state from {@link #start} or {@link #state}
     * @return the outcome
     */
    StepState.Outcome await(StepState state) {
        return state instanceof StepState.Outcome outcome
                ? outcome
                : executions.step().run(id, arguments.input().withoutFolder(), payload, requester(), new Watch());
    }

    /**
     * Stores the clip if there is one, and tells the workflow how the step ended.
     *
     * @param outcome of the generation
     * @throws WorkflowException if the workflow shall fail
     */
    void conclude(StepState.Outcome outcome) throws WorkflowException {
        try {
            Conclusion conclusion = outcome.fold(
                    generated -> () -> keep(generated.asset()),
                    refused -> () -> giveUp("refused", "refused by rule " + refused.rule() + ": " + refused.comment()),
                    failed -> () -> fail("failed", failed.comment(), null),
                    cancelled -> () -> end(cancelled));
            conclusion.tell();
        } finally {
            executions.end(id);
        }
    }

    /** How an outcome is reported to the workflow. */
    @FunctionalInterface
    private interface Conclusion {
        void tell() throws WorkflowException;
    }

    private void keep(StoredAsset clip) throws WorkflowException {
        try {
            String path = new DamFolder(resolver, folder(arguments.input())).store(clip);
            tell("generated", "the clip is " + path, path);
        } catch (IOException | IllegalArgumentException e) {
            fail("failed", String.valueOf(e.getMessage()), e);
        }
    }

    private void end(StepState.Cancelled cancelled) throws WorkflowException {
        if (!executions.isAwaited(id)) {
            throw new WorkflowException(STOPPED);
        } else if (Thread.currentThread().isInterrupted() || executions.isStopped()) {
            // AEM or this bundle is stopping: AEM executes the step again when it is back.
            throw new WorkflowException(cancelled.comment());
        } else if (executions.generator().isEmpty()) {
            fail("cancelled", cancelled.comment(), null);
        } else {
            giveUp("cancelled", cancelled.comment());
        }
    }

    private void fail(String outcome, String comment, @Nullable Exception cause) throws WorkflowException {
        tell(outcome, comment, "");
        if (arguments.onFailure() == StepArguments.OnFailure.STOP) {
            throw new WorkflowException(comment, cause);
        }
        LOG.warn("workflow {} goes on without a clip: {}", item.getWorkflow().getId(), line(comment), cause);
    }

    private void giveUp(String outcome, String comment) throws WorkflowException {
        tell(outcome, comment, "");
        if (arguments.onFailure() == StepArguments.OnFailure.STOP) {
            LOG.warn("workflow {} is terminated: {}", item.getWorkflow().getId(), line(comment));
            session.terminateWorkflow(item.getWorkflow());
        } else {
            LOG.warn(
                    "workflow {} goes on without a clip: {}", item.getWorkflow().getId(), line(comment));
        }
    }

    /** What others wrote must not become lines of its own in the log. */
    private static String line(String comment) {
        return comment.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    }

    private void tell(String outcome, String comment, String path) {
        WorkflowData data = item.getWorkflowData();
        MetaDataMap metaData = data.getMetaDataMap();
        metaData.put(OUTCOME, outcome);
        metaData.put(COMMENT, comment);
        metaData.put(ASSET_PATH, path);
        session.updateWorkflowData(item.getWorkflow(), data);
        item.getMetaDataMap().put(HISTORY_COMMENT, comment);
    }

    private String folder(GenerateClipInput input) throws IOException {
        if (input.folder().isPresent()) {
            return input.folder().get().fill(payload);
        }
        return executions.defaultFolder().isPresent()
                ? executions.defaultFolder().get()
                : payload.folder();
    }

    /** Who has started the workflow: a person, or AEM's own user if a launcher did. */
    private Requester requester() {
        return Optional.ofNullable(item.getWorkflow().getInitiator())
                .filter(user -> !user.isBlank())
                .map(Requester::of)
                .orElse(Requester.UNKNOWN);
    }

    private boolean isRunning() {
        resolver.refresh();
        try {
            @Nullable Workflow workflow = session.getWorkflow(item.getWorkflow().getId());
            return workflow != null && !Workflow.State.ABORTED.name().equals(workflow.getState());
        } catch (WorkflowException e) {
            return false;
        }
    }

    /** Sees that a workflow was stopped while its thread waits. */
    private final class Watch implements GenerationMonitor {

        private long looked = System.nanoTime();

        @Override
        public void progress(GenerationProgress progress) {
            LOG.debug("clip {}: {}", id, progress);
        }

        @Override
        public boolean cancelled() {
            // An event tells of what happens on this machine; another machine of the cluster may have stopped it.
            if (System.nanoTime() - looked > LOOK_NANOS) {
                looked = System.nanoTime();
                if (!isRunning()) {
                    executions.end(id);
                }
            }
            return !executions.isAwaited(id);
        }
    }
}
