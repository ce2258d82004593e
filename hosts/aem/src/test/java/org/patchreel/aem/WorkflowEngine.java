package org.patchreel.aem;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.adobe.granite.workflow.WorkflowException;
import com.adobe.granite.workflow.WorkflowSession;
import com.adobe.granite.workflow.event.WorkflowEvent;
import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.Workflow;
import com.adobe.granite.workflow.exec.WorkflowData;
import com.adobe.granite.workflow.exec.WorkflowExternalProcess;
import com.adobe.granite.workflow.metadata.MetaDataMap;
import com.adobe.granite.workflow.metadata.SimpleMetaDataMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sling.api.resource.ResourceResolver;
import org.apache.sling.testing.mock.sling.MockSling;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.event.Event;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;

/**
 * One workflow with one step, executed as AEM's documentation says: again after a {@link WorkflowException}, a few times;
 * then it has failed. Of an external process only what was serialized is kept.
 */
final class WorkflowEngine {

    static final int ATTEMPTS = 3;
    static final String INITIATOR = "anna";

    private static final String ID = "/var/workflow/instances/server0/2026-11-24/generate-clip_1";

    /** What AEM shows of the instance. */
    enum Status {
        RUNNING,
        COMPLETED,
        FAILED,
        ABORTED
    }

    /** How the step is made. */
    enum Kind {
        PROCESS,
        EXTERNAL_PROCESS
    }

    final MetaDataMap workflowMetaData = new SimpleMetaDataMap();
    final MetaDataMap itemMetaData = new SimpleMetaDataMap();
    final WorkflowSession session = mock(WorkflowSession.class);
    final WorkItem item = mock(WorkItem.class);

    private final Workflow workflow = mock(Workflow.class);
    private final MetaDataMap arguments = new SimpleMetaDataMap();
    private final String id;
    private final Kind kind;
    private final BundleContext bundles;
    private final String folder;
    private @Nullable SourceStore sources;
    private volatile CompletableFuture<Status> ended = new CompletableFuture<>();
    private volatile Status status = Status.RUNNING;
    private volatile String failure = "";
    private volatile int executed;
    private volatile Executions executions;
    private volatile @Nullable Thread thread;
    private volatile byte @Nullable [] handle;

    /**
     * Makes an instance that does not run yet.
     *
     * @param kind of the step
     * @param generator the service, or null
     * @param bundles of the mocked AEM, whose adapters are found by thread
     * @param resolver of the workflow's user
     * @param payload a path
     * @param processArguments as typed
     * @param folder the configured folder
     * @param number tells instances apart
     */
    @SuppressWarnings("JavaUtilDate") // AEM's API has it
    WorkflowEngine(
            Kind kind,
            @Nullable VideoGenerator generator,
            BundleContext bundles,
            ResourceResolver resolver,
            String payload,
            String processArguments,
            String folder,
            int number)
            throws WorkflowException {
        this.kind = kind;
        this.bundles = bundles;
        this.id = ID + number;
        this.folder = folder;
        this.executions = executions(generator);
        arguments.put("PROCESS_ARGS", processArguments);
        WorkflowData data = mock(WorkflowData.class);
        when(data.getPayload()).thenReturn(payload);
        when(data.getPayloadType()).thenReturn("JCR_PATH");
        when(data.getMetaDataMap()).thenReturn(workflowMetaData);
        when(workflow.getId()).thenReturn(id);
        when(workflow.getInitiator()).thenReturn(INITIATOR);
        when(workflow.getTimeStarted()).thenReturn(new Date(1_790_000_000_000L));
        when(workflow.getWorkflowData()).thenReturn(data);
        when(workflow.getState()).thenAnswer(call -> status == Status.ABORTED ? "ABORTED" : "RUNNING");
        when(item.getId()).thenReturn(id + "/workItems/node1");
        when(item.getWorkflow()).thenReturn(workflow);
        when(item.getWorkflowData()).thenReturn(data);
        when(item.getMetaDataMap()).thenReturn(itemMetaData);
        when(session.adaptTo(ResourceResolver.class)).thenReturn(resolver);
        when(session.getWorkflow(id)).thenReturn(workflow);
        doAnswer(call -> {
                    terminate();
                    return null;
                })
                .when(session)
                .terminateWorkflow(any());
    }

    private Executions executions(@Nullable VideoGenerator generator) {
        Executions made = new Executions(folder);
        made.generator = generator;
        made.sources = sources;
        return made;
    }

    /** Lets AEM execute the step, in a thread of its own. */
    WorkflowEngine begin() {
        Thread worker = new Thread(
                () -> {
                    MockSling.setAdapterManagerBundleContext(bundles);
                    work();
                },
                "workflow");
        thread = worker;
        worker.start();
        return this;
    }

    private void work() {
        for (int attempt = 1; status == Status.RUNNING; attempt++) {
            try {
                executed = attempt;
                if (kind == Kind.PROCESS) {
                    new GenerateClipProcess(executions).execute(item, session, arguments);
                } else {
                    executeExternally();
                }
                end(Status.COMPLETED);
            } catch (WorkflowException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                } else if (attempt == ATTEMPTS) {
                    failure = String.valueOf(e.getMessage());
                    end(Status.FAILED);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void executeExternally() throws WorkflowException, InterruptedException {
        if (handle == null) {
            @Nullable Serializable id = new GenerateClipExternalProcess(executions).execute(item, session, arguments);
            if (id == null) {
                return;
            }
            handle = serialized(id);
        }
        while (status == Status.RUNNING) {
            // another object after an update of the bundle
            WorkflowExternalProcess step = new GenerateClipExternalProcess(executions);
            if (step.hasFinished(deserialized(handle), item, session, arguments)) {
                step.handleResult(deserialized(handle), item, session, arguments);
                return;
            }
            Thread.sleep(20);
        }
    }

    private synchronized void end(Status last) {
        if (status == Status.RUNNING) {
            status = last;
        }
        ended.complete(status);
    }

    /** Terminates the workflow, by a person or by the step itself. */
    void terminate() {
        synchronized (this) {
            status = Status.ABORTED;
        }
        send(WorkflowEvent.WORKFLOW_ABORTED_EVENT);
        ended.complete(Status.ABORTED);
    }

    /** Does what AEM does when an administrator tries a failed step again. */
    WorkflowEngine tryAgain() {
        status = Status.RUNNING;
        ended = new CompletableFuture<>();
        return begin();
    }

    /** Executes the step in this thread, as AEM may do while somebody stops the workflow. */
    void executeOnce() {
        try {
            if (kind == Kind.PROCESS) {
                new GenerateClipProcess(executions).execute(item, session, arguments);
            } else {
                WorkflowExternalProcess step = new GenerateClipExternalProcess(executions);
                step.hasFinished(ExecutionId.of(item), item, session, arguments);
                step.handleResult(ExecutionId.of(item), item, session, arguments);
            }
            throw new AssertionError("the step must not end as if it were done");
        } catch (WorkflowException expected) {
            failure = String.valueOf(expected.getMessage());
        }
    }

    /** Sends an event of AEM about the step. */
    void send(String type) {
        send(type, item);
    }

    /** Sends an event of AEM about a step of this workflow. */
    void send(String type, WorkItem of) {
        executions.handleEvent(new Event(
                WorkflowEvent.EVENT_TOPIC,
                Map.of(
                        WorkflowEvent.EVENT_TYPE,
                        type,
                        WorkflowEvent.WORKFLOW_INSTANCE_ID,
                        id,
                        WorkflowEvent.WORK_ITEM,
                        of)));
    }

    /** {@return another step of this workflow} */
    WorkItem parallel() {
        WorkItem other = mock(WorkItem.class);
        when(other.getId()).thenReturn(id + "/workItems/node2");
        when(other.getWorkflow()).thenReturn(workflow);
        return other;
    }

    /** Purges the instance, which is not there any more afterwards. */
    void purge() throws WorkflowException {
        synchronized (this) {
            status = Status.ABORTED;
        }
        when(session.getWorkflow(any())).thenThrow(new WorkflowException("no such instance"));
        executions.onDelete(session, id, "", "", Workflow.State.RUNNING);
        ended.complete(Status.ABORTED);
    }

    /** Ends AEM's process, and starts it again: no object of the step is left. */
    void restart(VideoGenerator generator) throws InterruptedException {
        stopProcess();
        executions = executions(generator);
        begin();
    }

    /** Stops the components of the step, and starts them again; AEM executes what has failed by that again. */
    void updateStep(VideoGenerator generator) {
        Executions before = executions;
        executions = executions(generator);
        before.stop();
    }

    void stopProcess() throws InterruptedException {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
            worker.join();
        }
    }

    void setSources(@Nullable SourceStore present) {
        sources = present;
        executions.sources = present;
    }

    void setGenerator(@Nullable VideoGenerator generator) {
        executions.generator = generator;
    }

    Status await() throws Exception {
        Status last = ended.get(30, TimeUnit.SECONDS);
        Thread worker = thread;
        if (worker != null) {
            worker.join();
        }
        return last;
    }

    boolean isAwaited() {
        return executions.isAwaited(ExecutionId.of(item));
    }

    /** {@return how often the step was executed} */
    int executed() {
        return executed;
    }

    /** {@return what the inbox of the administrators says} */
    String failure() {
        return failure;
    }

    String outcome() {
        return workflowMetaData.get(StepExecution.OUTCOME, "");
    }

    String comment() {
        return workflowMetaData.get(StepExecution.COMMENT, "");
    }

    String asset() {
        return workflowMetaData.get(StepExecution.ASSET_PATH, "");
    }

    private static byte[] serialized(Serializable object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static Serializable deserialized(byte @Nullable [] bytes) {
        try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (Serializable) input.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
